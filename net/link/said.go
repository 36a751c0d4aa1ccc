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
		l.take(p, m.N, func() bool { return member.Say(m.N, line(m.Text)) })
	case wire.Leave:
		l.take(p, m.N, member.Leave)
	case wire.Input:
		if !member.Input(m.Tick, m.Data) {
			p.Close(wire.CloseBusy, busy)
		}
	case wire.Show:
		if !member.Show(m) {
			p.Close(wire.CloseBusy, busy)
		}
	case wire.Ack:
		l.ack(p, m.Seen)
	case wire.Check:
		l.check(p, m)
	case wire.Ping:
		tick, since := member.Clock()
		p.say(wire.Pong{T: m.T, Tick: tick, Micros: uint32(min(since.Microseconds(), 1<<32-1))})
		l.flushFor(p)
	default:
		p.Close(wire.CloseProtocol, "This is not said over a connection that carries a link.")
	}
}

const busy = "Too much of what you sent is waiting for the room."

// line makes a line of chat one line, no longer than what shows that it is too
// long. Refusing it is the room's: all that must arrive comes from there.
func line(text string) string {
	if utf8.RuneCountInString(text) > wire.MaxChat {
		text = string([]rune(text)[:wire.MaxChat+1])
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
