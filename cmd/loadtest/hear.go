package main

import (
	"fmt"
	"time"

	"tickroom/game/relay"
	"tickroom/net/wire"
)

// hear takes one message. States are not decoded unless the bot looks at them.
func (p *player) hear(op byte, payload []byte, bytes int, at moment) error {
	p.heardAt = at
	if op == opClose {
		p.socket.say(opClose, payload[:min(2, len(payload))])
		code, text := closing(payload)
		return closedError{code, text}
	}
	if op != opBinary || len(payload) < 2 {
		return nil
	}
	kind := wire.Kind(payload[1])
	p.count(kind, bytes, at)
	if kind == wire.KindSnapshot && p.phase == playing {
		if err := p.showing(payload, bytes, at); err != nil || p.mind.heard == nil {
			return err
		}
	}
	m, err := p.decode(kind, payload)
	if m == nil || err != nil {
		return err
	}
	return p.take(m, at)
}

// count is for what must arrive: the server is told that it has.
func (p *player) count(kind wire.Kind, bytes int, at moment) {
	if !kind.MustArrive() {
		return
	}
	p.seen++
	p.unacked += bytes
	if p.ackBy == 0 {
		p.ackBy = at + wire.AckAfter
	}
	if p.phase == playing && (p.seen-p.acked >= wire.AckFrames || p.unacked >= wire.AckBytes) {
		p.ack()
	}
}

// decode reads what the bot goes by; nil is of no interest. In a game that this
// program does not know, that is all but the game's own values.
func (p *player) decode(kind wire.Kind, payload []byte) (wire.Message, error) {
	switch kind {
	case wire.KindSnapshot, wire.KindEvent:
		if p.mind.heard == nil {
			return nil, nil
		}
	case wire.KindChat, wire.KindMember, wire.KindNotice:
		return nil, nil
	}
	g := p.mind.game
	if g == nil {
		g = relay.Game // any will do
	}
	m, err := wire.DecodeServer(payload, g)
	if err != nil {
		p.load.tally.desyncs++
		return nil, fmt.Errorf("what the server said cannot be read: %w", err)
	}
	return m, nil
}

func (p *player) take(m wire.Message, at moment) error {
	switch m := m.(type) {
	case wire.Linked:
		p.linked(m)
	case wire.Welcome:
		p.welcomed(m, at)
	case wire.Pong:
		p.timed(m, at)
	case wire.Reply:
		p.answered(m, at)
	case wire.Over:
		p.over, p.overAt = true, at
	case wire.Moved:
		p.seat.URL = m.URL
	case wire.Desync:
		p.load.tally.desyncs++
	case wire.Bye:
		p.bye = closedError{int(m.Code), m.Text}
	default:
		p.mind.heard(p, m)
	}
	return nil
}

// linked goes on where both sides are, by the table of section 5.
func (p *player) linked(m wire.Linked) {
	if m.Resumed {
		p.phase = playing
	} else {
		p.phase, p.seen, p.acked, p.unacked, p.ackBy = beginning, 0, 0, 0, 0
	}
	if !m.Resumed && m.Why != "behind" {
		p.load.tally.lost += uint64(len(p.asked))
		p.n, p.asked = 0, nil
	}
	if m.Why == "behind" {
		for len(p.asked) > 0 && p.asked[0].n <= m.Received {
			p.asked = p.asked[1:] // it was done; only its answer is gone
		}
	}
	if p.phase == playing {
		p.again(m.Received)
	}
}

// again says what has not arrived.
func (p *player) again(received uint32) {
	for _, a := range p.asked {
		if a.n > received {
			p.socket.say(opBinary, a.frame)
		}
	}
}

func (p *player) welcomed(m wire.Welcome, at moment) {
	r := p.lobby.rooms[m.Room]
	if r == nil {
		r = &room{rates: rates{m.TickRate, m.SnapshotRate}}
		p.lobby.rooms[m.Room] = r
	}
	p.room, p.phase, p.schema, p.seatNumber, p.tick = r, playing, m.Schema, int(m.Seat), uint32(m.Tick)
	p.memory.pings, p.memory.voices = 0, nil // who was away has missed what was said
	p.beat = newMetronome(time.Second/time.Duration(p.actRate(m.TickRate)), float64(p.index)/float64(p.of))
	p.ping, p.pings = at, newMetronome(wire.PingEvery, apart(p.index))
	p.again(0)
}

// actRate is how often the bot acts.
func (p *player) actRate(ticks int) int {
	if p.load.cfg.acts > 0 {
		return p.load.cfg.acts
	}
	if p.mind.acts > 0 {
		return p.mind.acts
	}
	return ticks
}

func (p *player) timed(m wire.Pong, at moment) {
	sent := moment(m.T)
	if sent > at {
		return // of an older connection's time
	}
	if p.load.tally.measuring {
		p.load.tally.rtt.add(at - sent)
	}
	if p.room != nil {
		p.room.clock.hear(sent, at, p.room.rates.due(uint32(m.Tick))+time.Duration(m.Micros)*time.Microsecond)
	}
}

func (p *player) answered(m wire.Reply, at moment) {
	t := &p.load.tally
	switch {
	case len(p.asked) == 0 || m.N < p.asked[0].n:
		t.duplicated++
		return
	case m.N > p.asked[0].n:
		t.outOfOrder++
		return
	}
	if t.measuring {
		t.answer.add(at - p.asked[0].at)
	}
	if m.Code != "" {
		t.refused++
	}
	p.asked = p.asked[1:]
}
