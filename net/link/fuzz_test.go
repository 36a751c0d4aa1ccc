package link_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// FuzzLife plays a life whose every chance is a byte: what the network, the
// room and the client do, and in which order.
func FuzzLife(f *testing.F) {
	for n := range uint64(8) {
		random := make([]byte, 50<<n)
		d := rand.NewPCG(n, 0)
		for i := range random {
			random[i] = byte(d.Uint64())
		}
		f.Add(random)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) { live(t, &course{data}) })
	})
}

// FuzzHostile has a client that keeps to no protocol: any frames, in any order,
// over several connections, while the room goes on. It must not get more than
// a connection's worth of anything.
func FuzzHostile(f *testing.F) {
	hello := encode(wire.Hello{Ticket: "good", Link: "L", Try: 1})
	frames := func(of ...[]byte) []byte { return bytes.Join(of, []byte{frameEnd}) }
	f.Add(frames(hello, encode(wire.Command{N: 1, Data: aim{1}}), encode(wire.Command{N: 3, Data: aim{1}})))
	f.Add(frames(hello, encode(wire.Ack{Seen: 1}), encode(wire.Ack{Seen: 1 << 31}), hello))
	f.Add(frames(hello, encode(wire.Ping{T: 1}), encode(wire.Leave{N: 1}), encode(wire.Say{N: 2, Text: "hi"})))
	f.Add(frames(hello, encode(wire.Check{Tick: 1, Hash: 1}), encode(wire.Check{Tick: 1, Hash: 1}), encode(wire.Check{Tick: 1<<32 - 1})))
	f.Add(frames(encode(wire.Input{Tick: 1, Data: aim{}}), hello, hello, nil, nil, hello))
	f.Add([]byte{frameEnd, frameEnd, 0x93, 0x02})
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) { hostile(t, bytes.Split(data, []byte{frameEnd})) })
	})
}

// frameEnd parts the frames of a course: a byte msgpack never uses.
const frameEnd = 0xc1

func hostile(t *testing.T, frames [][]byte) {
	l := &life{T: t, room: &modelRoom{stranger: true}, client: &modelClient{}, meter: &meter{}}
	l.hub = link.NewHub(link.Config{Host: l.room, Meter: l.meter})
	for _, frame := range frames {
		if l.cable == nil || l.cable.over() {
			l.cable = l.open(frame)
		} else {
			l.cable.says(frame)
		}
		if name := l.linkName(); len(frame) == 1 && name != "" { // comes back
			l.client.try++
			l.cable = l.open(encode(wire.Hello{Ticket: "good", Link: name, Seen: uint32(frame[0] % 8), Try: l.client.try + 1}))
		}
		for range 1 + len(frame)%5 {
			l.room.event(len(frame))
			l.room.snapshot(len(frame))
		}
		for _, c := range l.cables {
			c.arrives()
			c.leaves()
		}
		l.room.tick()
		l.check()
		if len(frame) == 0 {
			wait(4 * time.Second)
		}
	}
	l.cable = nil
	l.end()
}

// linkName is of the link that has the seat.
func (l *life) linkName() string {
	if m := l.room.now(); m != nil {
		return m.link.Name()
	}
	return ""
}

// course makes chances of bytes; when there are no more, always the first
// thing happens.
type course struct{ left []byte }

func (c *course) IntN(n int) int {
	if len(c.left) == 0 {
		return 0
	}
	b := c.left[0]
	c.left = c.left[1:]
	return int(b) * n / 256
}
