package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// tickroom is the protocol that this program is for.
const tickroom = "tickroom"

// foreigners are the crowd of another kind of server, which does the work of
// game/swarm (peers/swarm.mjs), to compare with. It says once when tick 0 was
// due, by the machine's clock; its states say their tick.
type foreigners struct {
	cfg    config
	tongue *tongue
}

// tongue is how such a server is spoken to.
type tongue struct {
	// join connects to a room.
	join func(ctx context.Context, url string, room int) (*socket, error)
	// hello is what to say at once; nil is nothing.
	hello []byte
	// state reads the tick of a state; what is none is not ok.
	state func(op byte, payload []byte) (tick uint32, ok bool)
	// answer is what must be said to something; nil is nothing.
	answer func(op byte, payload []byte) []byte
	// steer makes an input.
	steer func(b []byte, buttons, aim int) []byte
	op    byte // of what is said
}

func tongueNames() []string { return slices.Sorted(maps.Keys(tongues)) }

func (f *foreigners) gather(_ context.Context, l *load) ([]bot, []join, error) {
	n := f.cfg.rooms * f.cfg.players
	bots, joins := make([]bot, n), make([]join, n)
	for r := range f.cfg.rooms {
		for i := range f.cfg.players {
			n := r*f.cfg.players + i
			bots[n] = &foreigner{load: l, tongue: f.tongue, room: room{rates: rates{foreignRate, foreignRate}}, index: n, beat: newMetronome(time.Second/foreignRate, float64(n)/float64(len(bots)))}
			joins[n] = func(ctx context.Context) (joined, error) {
				s, err := f.tongue.join(ctx, f.cfg.url, r)
				return joined{socket: s}, err
			}
		}
	}
	return bots, joins, nil
}

// foreignRate is how many ticks a second the work has.
const foreignRate = 20

func (*foreigners) late(context.Context) lateness { return nil } // they say so themselves

func (*foreigners) wrong() time.Duration { return 0 }

func (*foreigners) close() { http.DefaultClient.CloseIdleConnections() }

// foreigner is a member of such a server's room. It does not come back.
type foreigner struct {
	load   *load
	tongue *tongue
	room   room // its own: which room it got is the server's choice
	index  int
	socket *socket
	stream stream
	beat   metronome
	acts   int
	out    []byte
}

func (f *foreigner) playing() bool { return f.socket != nil && f.stream.any }

func (f *foreigner) connected(j joined, _ moment) {
	f.socket = j.socket
	if f.tongue.hello != nil {
		f.socket.say(f.tongue.op, f.tongue.hello)
	}
}

func (f *foreigner) hear(op byte, payload []byte, bytes int, at moment) error {
	if op == opClose {
		code, text := closing(payload)
		return closedError{code, text}
	}
	if tick, ok := f.tongue.state(op, payload); ok {
		f.load.tally.state(&f.stream, f.room.rates, &f.room.clock, tick, bytes, at)
		return nil
	}
	if began, ok := beganAt(payload); ok {
		f.room.clock.is(began - f.load.zero)
	}
	if answer := f.tongue.answer(op, payload); answer != nil {
		f.socket.say(f.tongue.op, answer)
	}
	return nil
}

func (f *foreigner) act(at moment) moment {
	if !f.playing() {
		return at + idle
	}
	if f.beat.due(at) {
		f.acts++
		n := f.acts + f.index
		f.out = f.tongue.steer(f.out[:0], 1<<(n%4), n*17%628)
		f.socket.say(f.tongue.op, f.out)
	}
	return f.beat.next
}

func (f *foreigner) ended(err error, _ moment) (join, time.Duration) {
	if f.socket = nil; !f.load.leaving {
		f.load.failed = fmt.Errorf("a %s server ended a connection: %w", f.load.cfg.speak, err)
	}
	return nil, 0
}

// leave is to go without a word.
func (f *foreigner) leave() { f.socket = nil }

// beganAt finds "began" and the number after it, in nanoseconds of the machine's
// clock, whatever stands between them in the server's format.
func beganAt(payload []byte) (time.Duration, bool) {
	_, rest, ok := bytes.Cut(payload, []byte("began"))
	if !ok {
		return 0, false
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	from := slices.IndexFunc(rest, digit)
	if from < 0 {
		return 0, false
	}
	to := from
	for to < len(rest) && digit(rest[to]) {
		to++
	}
	ns, err := strconv.ParseInt(string(rest[from:to]), 10, 64)
	return time.Duration(ns), err == nil
}
