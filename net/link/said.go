package link

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tickroom/net/wire"
)

// said does what the client said over the port that carries the link.
func (l *Link) said(p *Port, frame []byte) {
	member := l.memberOver(p)
	if member == nil {
		return
	}
	m, err := wire.DecodeClient(frame, member.Game().CommandType())
	if err != nil {
		p.refuse(err)
		return
	}
	switch m := m.(type) {
	case wire.Hello:
		p.Close(wire.CloseProtocol, "Hello was said already.")
	case wire.Command:
		l.take(p, m.N, func() bool { return member.Command(m.N, m.Data) })
	case wire.Say:
		l.take(p, m.N, func() bool { return l.say(member, m) })
	case wire.Leave:
		l.take(p, m.N, member.Leave)
	case wire.Input:
		if !member.Input(m.Tick, m.Data) {
			p.Close(wire.CloseBusy, busy)
		}
	case wire.Ack:
		l.ack(p, m.Seen)
	case wire.Ping:
		tick, since := member.Clock()
		p.say(wire.Pong{T: m.T, Tick: tick, Micros: uint32(min(since.Microseconds(), 1<<32-1))})
		l.flushFor(p)
	default:
		p.Close(wire.CloseProtocol, "This is not said over a connection that carries a link.")
	}
}

const busy = "Too much of what you sent is waiting for the room."

// say passes a line of chat on: one line, of a bounded length.
func (l *Link) say(member Member, m wire.Say) bool {
	if utf8.RuneCountInString(m.Text) > wire.MaxChat {
		l.reply(wire.Reply{N: m.N, Code: "too-long", Text: "A line of chat has at most 280 characters."})
		return true
	}
	return member.Say(m.N, strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, m.Text))
}

// reply answers in the room's place. It is called under the lock.
func (l *Link) reply(m wire.Reply) {
	f, err := wire.Encode(m)
	if err != nil {
		l.hub.log.Error("a reply does not encode", "err", err)
		return
	}
	l.send(f)
}
