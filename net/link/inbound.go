package link

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"tickroom/net/wire"
)

// Received takes a frame from the client. The link keeps nothing of it. It
// waits only where it joins a room.
func (l *Link) Received(frame []byte) {
	l.meter.Received(len(frame))
	state, member := l.hear()
	switch {
	case state >= leaving:
	case !l.flood.allow(len(frame)):
		l.Close(wire.CloseFlood, "You send more than the limit of frames or bytes a second.")
	case state == greeting:
		l.greet(frame)
	default:
		l.obey(member, frame)
	}
}

// hear notes that the peer is alive.
func (l *Link) hear() (state, Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = time.Now()
	return l.state, l.member
}

// greet takes the first frame, which must be Hello, and joins the room.
func (l *Link) greet(frame []byte) {
	m, err := wire.DecodeClient(frame, nil)
	if err != nil {
		l.refuse(err)
		return
	}
	hello, ok := m.(wire.Hello)
	if !ok {
		l.Close(wire.CloseProtocol, "The first message must be hello.")
		return
	}
	if !l.become(joining, nil) {
		return
	}
	member, err := l.host.Join(context.Background(), hello.Ticket, l)
	if err != nil {
		code, text := refusal(err)
		if code == wire.CloseBusy {
			l.log.Warn("joining failed", "err", err)
		}
		l.Close(code, text)
		return
	}
	l.log.Debug("link joined", "client", hello.Client, "game", member.Game().Name)
	if !l.become(playing, member) {
		member.Gone()
	}
}

// become moves on to a state, unless the link has begun to leave.
func (l *Link) become(s state, m Member) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state >= leaving {
		return false
	}
	l.state, l.member = s, m
	l.heard = time.Now() // joining may have taken its time
	return true
}

// obey does what a member says.
func (l *Link) obey(member Member, frame []byte) {
	m, err := wire.DecodeClient(frame, member.Game().CommandType())
	if err != nil {
		l.refuse(err)
		return
	}
	taken := true
	switch m := m.(type) {
	case wire.Hello:
		l.Close(wire.CloseProtocol, "Hello was said already.")
	case wire.Command:
		taken = member.Command(m.N, m.Data)
	case wire.Input:
		taken = member.Input(m.Tick, m.Data)
	case wire.Say:
		taken = l.say(member, m)
	case wire.Ping:
		tick, since := member.Clock()
		l.reply(wire.Pong{T: m.T, Tick: tick, Micros: uint32(min(since.Microseconds(), 1<<32-1))})
	case wire.Leave:
		taken = member.Leave()
	}
	if !taken {
		l.Close(wire.CloseBusy, "Too much of what you sent is waiting for the room.")
	}
}

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

func (l *Link) reply(m wire.Message) {
	f, err := wire.Encode(m)
	if err != nil {
		l.log.Error("a reply does not encode", "err", err)
		return
	}
	l.Send(f)
}

func (l *Link) refuse(err error) {
	code, text := wire.CloseProtocol, "This is not a message of the protocol."
	if e, ok := errors.AsType[*wire.Error](err); ok {
		code, text = e.Code, e.Text
	}
	l.Close(code, text)
}

// flood is how much a client may still send.
type flood struct{ frames, bytes *rate.Limiter }

func newFlood() flood {
	return flood{
		frames: rate.NewLimiter(wire.MaxFrameRate, wire.FrameBurst),
		bytes:  rate.NewLimiter(wire.MaxByteRate, wire.ByteBurst),
	}
}

func (f flood) allow(bytes int) bool {
	now := time.Now()
	return f.frames.AllowN(now, 1) && f.bytes.AllowN(now, bytes)
}
