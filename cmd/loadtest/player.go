package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// player is a member of a tickroom room: PROTOCOL.md of net/wire, as seen by a
// client, with as little done for each state as can be.
type player struct {
	// Set once.
	load  *load
	lobby *lobby
	guest guest
	mind  *mind
	dice  *mathrand.Rand
	index int
	of    int

	// The seat; a new one where a match is over.
	seat ticket
	link string
	room *room

	// The link.
	seen    uint32
	acked   uint32
	unacked int    // bytes of what is not acknowledged
	ackBy   moment // 0 when all is
	n       uint32
	asked   []asked
	try     uint32
	over    bool
	overAt  moment

	// The connection.
	socket  *socket
	phase   phase
	heardAt moment
	bye     closedError
	stream  stream
	ping    moment // the next
	pings   metronome
	beat    metronome
	retry   backoff
	stayed  moment // when it will have held long enough to begin anew with pauses

	// What the mind remembers.
	seatNumber int
	tick       uint32
	schema     wire.Schema
	memory     memory
}

type phase uint8

const (
	away      phase = iota
	greeting        // hello is said
	beginning       // linked, and welcome is to come
	playing
)

// asked is a command that is not answered.
type asked struct {
	n     uint32
	frame wire.Frame
	at    moment
}

// closedError is what the server closed with.
type closedError struct {
	code int
	text string
}

func (e closedError) Error() string { return fmt.Sprintf("closed with %d: %s", e.code, e.text) }

// forGood says that nobody comes back after it: by the protocol's own codes, or
// because what was said was wrong.
func (e closedError) forGood() bool {
	if e.code >= 4000 {
		return !wire.CloseCode(e.code).ComeBack()
	}
	return e.code >= 1002 && e.code <= 1009 && e.code != 1005 && e.code != 1006
}

// early is how many pings, and how far apart, find out a room's clock before
// anything is measured by it. Their distance is no part of a tick.
const (
	early      = 8
	earlyPause = 137 * time.Millisecond
)

// held is how long a connection is to hold before pauses begin anew.
const held = 5 * time.Second

// reading is how long players look at a result before they go to the next room.
const reading = time.Second

var (
	errSilent = errors.New("nothing was heard any more")
	errOver   = errors.New("the match is over")
)

// idle is when to ask again who has nothing to do: soon after it may have come in.
const idle = 20 * time.Millisecond

func newPlayer(l *load, from *lobby, g guest, index, of int) *player {
	seed := mathrand.NewPCG(l.dice.Uint64(), uint64(index))
	return &player{load: l, lobby: from, guest: g, mind: mindOf(l.cfg.game), dice: mathrand.New(seed), index: index, of: of}
}

func (p *player) playing() bool { return p.phase == playing }

// connected says hello: of a new link if the seat is new.
func (p *player) connected(j joined, at moment) {
	if j.ticket.Ticket != "" {
		p.seat, p.link, p.try = j.ticket, rand.Text(), 0
		p.forget()
	}
	p.socket, p.phase, p.bye, p.stream = j.socket, greeting, closedError{}, stream{}
	p.heardAt, p.stayed = at, at+held
	p.try++
	p.say(wire.Hello{Ticket: p.seat.Ticket, Client: "loadtest", Link: p.link, Seen: p.seen, Try: p.try})
}

// forget is the beginning of a link.
func (p *player) forget() {
	p.seen, p.acked, p.unacked, p.ackBy = 0, 0, 0, 0
	p.n, p.asked, p.over, p.memory = 0, nil, false, memory{}
}

// ended comes back as a client does: over the same link, or to the next room.
func (p *player) ended(err error, at moment) (join, time.Duration) {
	if at > p.stayed {
		p.retry = backoff{}
	}
	p.phase, p.socket = away, nil
	if p.bye.code != 0 {
		err = p.bye
	}
	said, closed := errors.AsType[closedError](err)
	switch {
	case p.load.leaving:
		return nil, 0
	case p.over:
		p.load.tally.lost += uint64(len(p.asked))
		return p.lobby.sit(p.guest, "/v1/rooms/"+p.seat.Room+"/again"), p.retry.pause(p.dice)
	case closed && said.forGood():
		p.load.tally.refused++
		p.load.note("a player is gone for good: %v", err)
		return nil, 0
	}
	if said, ok := errors.AsType[*statusError](err); ok && said.status < 500 {
		p.load.tally.refused++
		p.load.note("a player is gone for good: %v", err)
		return nil, 0
	}
	p.load.tally.reconnects++
	return p.lobby.back(p.guest, p.seat.URL), p.retry.pause(p.dice)
}

func (p *player) leave() {
	if p.phase == playing {
		p.say(wire.Leave{N: p.n + 1})
	}
}

// act says what is due: controls or a command, a ping, an acknowledgement.
func (p *player) act(at moment) moment {
	if p.socket != nil && at-p.heardAt > wire.DeadAfter {
		p.load.cut(p.socket, errSilent)
	}
	if p.socket != nil && p.over && at-p.overAt > reading {
		p.load.cut(p.socket, errOver)
	}
	if p.phase != playing || p.load.leaving {
		return at + idle
	}
	if p.beat.due(at) {
		p.play(at)
	}
	if at >= p.ping {
		p.pingNow(at)
	}
	if p.ackBy != 0 && at >= p.ackBy {
		p.ack()
	}
	next := min(p.beat.next, p.ping)
	if p.ackBy != 0 {
		next = min(next, p.ackBy)
	}
	return next
}

// play does what the bot has in mind.
func (p *player) play(at moment) {
	said := p.mind.act(p)
	if said == nil || p.over {
		return
	}
	if p.mind.inputs {
		p.say(wire.Input{Tick: p.coming(at), Data: said})
		return
	}
	if len(p.asked) >= maxAsked {
		return
	}
	p.n++
	frame, err := wire.Encode(wire.Command{N: p.n, Data: said})
	if err != nil {
		p.load.failed = err
		return
	}
	p.asked = append(p.asked, asked{p.n, frame, at})
	p.socket.say(opBinary, frame)
}

// coming is the tick that controls said now count from: the next but one, since
// the next may have begun when they arrive.
func (p *player) coming(at moment) game.Tick {
	if !p.room.clock.known {
		return game.Tick(p.tick + 1)
	}
	zero, _ := p.room.clock.zero()
	return game.Tick(max(0, int64(at-zero)*int64(p.room.rates.ticks)/int64(time.Second)) + 1)
}

// padding makes a ping so long that it is answered at once.
var padding = strings.Repeat(" ", wire.PadBytes)

func (p *player) pingNow(at moment) {
	p.memory.pings++
	if p.ping = p.pings.after(at); p.memory.pings < early {
		p.ping = at + earlyPause
	}
	p.say(wire.Ping{T: uint64(at), Pad: padding})
}

func (p *player) ack() {
	p.say(wire.Ack{Seen: p.seen})
	p.acked, p.unacked, p.ackBy = p.seen, 0, 0
}

func (p *player) say(m wire.Message) {
	frame, err := wire.Encode(m)
	if err != nil {
		p.load.failed = err // a mind has said what cannot be said
		return
	}
	p.socket.say(opBinary, frame)
}

// tickOf reads the number after the kind: msgpack's forms of an unsigned integer.
func tickOf(frame []byte) (uint32, bool) {
	if len(frame) < 3 {
		return 0, false
	}
	b := frame[3:]
	switch code := frame[2]; {
	case code < 0x80:
		return uint32(code), true
	case code == 0xcc && len(b) >= 1:
		return uint32(b[0]), true
	case code == 0xcd && len(b) >= 2:
		return uint32(binary.BigEndian.Uint16(b)), true
	case code == 0xce && len(b) >= 4:
		return binary.BigEndian.Uint32(b), true
	}
	return 0, false
}

// showing takes a state: its tick, and whether all are shown the same.
func (p *player) showing(frame []byte, bytes int, at moment) error {
	tick, ok := tickOf(frame)
	if !ok {
		p.load.tally.desyncs++
		return errors.New("a snapshot without a tick")
	}
	p.tick = tick
	p.load.tally.state(&p.stream, p.room.rates, &p.room.clock, tick, bytes, at)
	if p.mind.game != nil && !p.mind.game.Hidden && p.room.differs(tick, crc32.ChecksumIEEE(frame)) {
		p.load.tally.desyncs++
	}
	return nil
}
