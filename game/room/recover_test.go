package room_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// paper is a journal in memory. A chunk is kept a while after it was written.
type paper struct {
	delay time.Duration

	mu     sync.Mutex
	chunks [][]byte
	saved  int  // the last of them that holds a saved room, counted from 1; 0 is none
	torn   bool // its process is dead: nothing arrives any more
}

var errTorn = errors.New("torn")

func (p *paper) Write(n uint32, chunk []byte, saved bool, done func(error)) {
	time.AfterFunc(p.delay, func() { done(p.keep(n, chunk, saved)) })
}

func (p *paper) keep(n uint32, chunk []byte, saved bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.torn {
		return errTorn
	}
	if int(n) != len(p.chunks)+1 {
		panic(fmt.Sprintf("chunk %d came as the %d.", n, len(p.chunks)+1))
	}
	p.chunks = append(p.chunks, chunk)
	if saved {
		p.saved = len(p.chunks)
	}
	return nil
}

// history is all that is kept.
func (p *paper) history(context.Context) ([][]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.chunks), nil
}

// sinceSaved is what a room is recovered from.
func (p *paper) sinceSaved() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chunks[max(0, p.saved-1):]
}

// tear is kill -9: what is kept by now is all there is.
func (p *paper) tear() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.torn = true
	return p.chunks
}

// A room that is killed again and again is, to its members, one room: what they
// were told they are told again, to the byte, and their numbers go on.
func TestAnyCourseThroughAnyDeaths(t *testing.T) {
	first := rand.Uint64() >> 1
	died, restored, compared := 0, 0, 0
	for i := range uint64(200) {
		n := first + i
		if *seed != 0 {
			n = *seed
		}
		t.Run(fmt.Sprint("seed=", n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := anyDeaths(t, n)
				died, restored, compared = died+d.died, restored+d.restored, compared+d.compared
			})
		})
		if *seed != 0 || t.Failed() {
			return
		}
	}
	t.Logf("%d deaths, %d of them of rooms that had been saved, and %d messages were told again as they were", died, restored, compared)
	if died < 400 || restored < 200 || compared < 1000 {
		t.Errorf("%d deaths, %d saved, %d messages: courses this quiet show nothing", died, restored, compared)
	}
}

func anyDeaths(t *testing.T, seed uint64) *deaths {
	dice := rand.New(rand.NewPCG(seed, 0))
	g := define(func(i *game.Info) {
		i.Seats, i.MinSeats = 1+dice.IntN(5), 1
		i.Late, i.Hidden = dice.IntN(2) == 0, dice.IntN(2) == 0
	})
	setup, err := g.Setup(seed, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &deaths{story: &story{T: t, game: g}, dice: dice, paper: &paper{delay: time.Duration(dice.IntN(300)) * time.Millisecond}}
	d.acks = dice.IntN(2) == 0
	d.cfg = room.Config{
		ID: uuid.NewString(), Game: g, Setup: setup, Key: []byte("key"), Journal: d.paper,
		SaveEvery: time.Duration(1+dice.IntN(100)) * 100 * time.Millisecond,
		History:   func(ctx context.Context) ([][]byte, error) { return d.paper.history(ctx) },
		Log:       slog.New(slog.DiscardHandler), Keep: func(_ context.Context, r room.Record) error {
			d.records = append(d.records, r)
			return nil
		},
	}
	if d.room, err = room.New(d.cfg); err != nil {
		t.Fatal(err)
	}
	d.run()
	for i := range 1 + dice.IntN(2*g.Seats) {
		d.people = append(d.people, &mortal{name: fmt.Sprint("p", i)})
	}
	for range 30 + dice.IntN(60) {
		d.step()
		if t.Failed() || d.over() {
			break
		}
	}
	d.stop()
	<-d.room.Done()
	d.asPlayed()
	for _, r := range d.records {
		m, err := game.Replay(g, r.Setup, r.Log, r.Ticks)
		if err != nil {
			t.Fatalf("the log does not play again: %v", err)
		}
		if m.Tick() != r.Ticks || m.Hash() != r.Hash {
			t.Errorf("played again: tick %d hash %x, want %d %x", m.Tick(), m.Hash(), r.Ticks, r.Hash)
		}
		if !slices.Equal(m.Marks(), r.Marks) {
			t.Errorf("played again: marks %v, want %v", m.Marks(), r.Marks)
		}
	}
	return d
}

// deaths is a course of a room, of which each process may die.
type deaths struct {
	*story
	cfg    room.Config
	dice   *rand.Rand
	paper  *paper
	people []*mortal
	acks   bool // links say that something arrived

	died, restored, compared int
}

// mortal is a client: its links die with the process, and are made again.
type mortal struct {
	name   string
	ticket string
	link   *visitor
	n      uint32
}

func (d *deaths) run() {
	ctx, cancel := context.WithCancel(d.Context())
	d.stop = cancel
	r := d.room
	go r.Run(ctx)
}

func (d *deaths) over() bool {
	synctest.Wait()
	p := d.room.Status().Phase
	return p == room.Over || p == room.Closed
}

func (d *deaths) step() {
	p := d.people[d.dice.IntN(len(d.people))]
	switch d.dice.IntN(10) {
	case 0, 1:
		if g, err := d.take(p.name); err == nil {
			p.ticket = g.Ticket
		}
	case 2, 3:
		if p.ticket != "" {
			v := &visitor{story: d.story, name: uuid.NewString(), acks: d.acks}
			if m, err := d.room.Join(d.Context(), p.ticket, v); err == nil {
				v.Member, p.link, p.n = m, v, 0
			}
		}
	case 9:
		d.die()
	default:
		if p.link != nil {
			d.acts(p)
		}
	}
	pauses := []time.Duration{0, 0, 30 * time.Millisecond, 100 * time.Millisecond, time.Second, 5 * time.Second}
	d.wait(pauses[d.dice.IntN(len(pauses))])
}

func (d *deaths) acts(p *mortal) {
	switch d.dice.IntN(7) {
	case 0:
		p.link.Gone()
	case 1:
		p.link.Back()
	case 2:
		p.link.Input(game.Tick(d.dice.IntN(1000)), add{By: 1})
	case 3:
		for range 1 + 5*d.dice.IntN(2) { // more than may be said at once
			p.n++
			p.link.Say(p.n, fmt.Sprint("line ", p.n))
		}
	case 4:
		if d.dice.IntN(3) == 0 {
			p.link.Leave()
			p.link = nil
		}
	default:
		p.n++
		p.link.Command(p.n, add{By: d.dice.IntN(5) - 1})
	}
}

// die kills the process and starts another, which goes on with the room.
func (d *deaths) die() {
	d.Helper()
	d.died++
	chunks := d.paper.tear()
	before := d.room.Status()
	d.stop()
	<-d.room.Done()
	d.paper = &paper{delay: d.paper.delay, chunks: chunks, saved: d.paper.saved}
	d.cfg.Journal = d.paper
	since := d.paper.sinceSaved()
	if d.paper.saved > 0 {
		d.restored++
	}
	restored := map[string]*visitor{}
	var err error
	if d.room, err = room.Recover(d.cfg, since, d.relinks(restored)); err != nil {
		d.Fatalf("the journal does not play forward: %v", err)
	}
	d.asFromTheStart(chunks)
	if after := d.room.Status(); after.Tick > before.Tick {
		d.Errorf("the room is at tick %d and was at %d: it goes on where it was", after.Tick, before.Tick)
	}
	for _, p := range d.people {
		d.wakesUp(p, restored)
	}
	d.run()
}

// relinks makes links anew, and remembers them by name.
func (d *deaths) relinks(restored map[string]*visitor) room.Relink {
	return func(_, name string, had wire.Outbox) (room.Link, func(*room.Member, uint32)) {
		v := &visitor{story: d.story, name: name, acks: d.acks, acked: had.Acked, before: had.Acked}
		for _, f := range had.Frames {
			v.keep(f)
		}
		restored[name] = v
		return v, func(m *room.Member, received uint32) { v.Member, v.received = m, received }
	}
}

// asFromTheStart holds the room, which began where it was saved, against one that
// is played from the start.
func (d *deaths) asFromTheStart(chunks [][]byte) {
	d.Helper()
	twin, err := room.RecoverFromStart(d.cfg, chunks, d.relinks(map[string]*visitor{}))
	if err != nil {
		d.Fatalf("the journal does not play forward from the start: %v", err)
	}
	if one, other := room.Inside(d.room), room.Inside(twin); one != other {
		d.Errorf("recovered from where it was saved it is\n%s\nand from the start\n%s", one, other)
	}
	if d.acks { // what has arrived is in the one and not in the other
		return
	}
	d.same(room.SavedNow(d.room), room.SavedNow(twin), "recovered from where it was saved, and from the start")
}

// asPlayed holds all that was saved in the course against what playing the
// journal comes to there.
func (d *deaths) asPlayed() {
	d.Helper()
	if d.acks {
		return
	}
	written, played := room.SavedAndPlayed(d.cfg, d.paper.tear(), d.relinks(map[string]*visitor{}))
	for i := range written {
		d.same(written[i], played[i], "saved while it was played, and while its journal is")
	}
}

// same wants two saved rooms to be one, byte for byte.
func (d *deaths) same(a, b wire.SavedRoom, what string) {
	d.Helper()
	one, err := wire.Encode(a)
	if err != nil {
		d.Fatal(err)
	}
	other, err := wire.Encode(b)
	if err != nil {
		d.Fatal(err)
	}
	if !bytes.Equal(one, other) {
		d.Errorf("a room %s, is not the same:\n%+v\n%+v", what, a, b)
	}
}

// wakesUp holds what a member was told against what the new process told its
// link again.
func (d *deaths) wakesUp(p *mortal, restored map[string]*visitor) {
	d.Helper()
	old := p.link
	if old == nil {
		return
	}
	p.link = nil
	v := restored[old.name]
	if v == nil || v.Member == nil {
		if n := len(sinceWelcome(old)); n > 0 && old.closed == wire.CloseGoingAway {
			d.Errorf("%s was told %d things over a link that the journal does not know", p.name, n)
		}
		return
	}
	was, is := sinceWelcome(old), sinceWelcome(v)
	arrived := int(v.before - old.before)
	if arrived < 0 || arrived > len(was) {
		d.Fatalf("%s was told %d things after %d, and is told again what comes after %d", p.name, len(was), old.before, v.before)
	}
	was = was[arrived:]
	if len(is) < len(was) || !reflect.DeepEqual(was, is[:len(was)]) {
		d.Errorf("%s was told\n%+v\nand is told again\n%+v", p.name, was, is)
	}
	if v.received > p.n {
		d.Errorf("%s said %d things, and %d were received", p.name, p.n, v.received)
	}
	d.compared += len(was)
	for _, m := range was {
		if r, ok := m.(wire.Reply); ok && r.N > v.received {
			d.Errorf("%s was answered %d, and only %d were received: what is acknowledged is never lost", p.name, r.N, v.received)
		}
	}
	p.link, p.n = v, v.received
	p.link.Back()
}

// sinceWelcome is what a link was told and had to arrive, since it last began.
func sinceWelcome(v *visitor) []wire.Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	var told []wire.Message
	for _, m := range v.told {
		switch {
		case !wire.MustArrive(m):
		case reflect.TypeOf(m) == reflect.TypeFor[wire.Welcome]():
			told = []wire.Message{m}
		default:
			told = append(told, m)
		}
	}
	return told
}
