package link

import (
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickroom/net/wire"
)

// Whatever a room sends, however a client reads and acknowledges, and however
// often it comes back: what must arrive arrives in order, none is forgotten
// before it is acknowledged, views only grow newer and keep to their budget,
// and memory is bounded.
func TestOutboxKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOutbox()
		m := &outboxModel{out: &o}
		t.Repeat(map[string]func(*rapid.T){
			"push": m.push, "offer": m.offer, "next": m.next, "ack": m.ack,
			"resume": m.resume, "rewind": m.rewind, "restart": m.restart,
			"wait": func(t *rapid.T) {
				m.now = m.now.Add(rapid.SampledFrom([]time.Duration{time.Millisecond, 100 * time.Millisecond, 5 * time.Second}).Draw(t, "wait"))
			},
			"": m.bounds,
		})
	})
}

// outboxModel is what an outbox should be, in the plainest words: the numbers
// of all frames, and how far each thing has come.
type outboxModel struct {
	out              *outbox
	now              time.Time
	all              []wire.Frame // all that must arrive, since the beginning
	acked, sent      int          // of them
	last, view, seen uint32       // views: offered, in the slot or 0, sent
}

func (m *outboxModel) push(t *rapid.T) {
	size := rapid.SampledFrom([]int{8, 100, 60 << 10, wire.MaxQueue + 1}).Draw(t, "size")
	for range rapid.SampledFrom([]int{1, 3, wire.MaxQueueFrames}).Draw(t, "times") {
		bytes := 0
		for _, f := range m.all[m.acked:] {
			bytes += len(f)
		}
		f := numbered(uint32(len(m.all)+1), size)
		kept := len(m.all) - m.acked
		fits := kept == 0 || bytes+size <= wire.MaxQueue && kept < wire.MaxQueueFrames
		if got := m.out.push(f); got != fits {
			t.Fatalf("push of %d to %d frames of %d bytes: %t, want %t", size, kept, bytes, got, fits)
		}
		if !fits {
			return
		}
		m.all = append(m.all, f)
	}
}

func (m *outboxModel) offer(t *rapid.T) {
	size := rapid.SampledFrom([]int{8, 4 << 10, wire.ViewBurst, 2 * wire.ViewBurst}).Draw(t, "size")
	waits := m.view != 0
	m.last++
	m.view = m.last
	if replaced := m.out.offer(numbered(viewBit|m.view, size)); replaced != waits {
		t.Fatalf("replaced %t, but a view was waiting: %t", replaced, waits)
	}
}

func (m *outboxModel) next(t *rapid.T) {
	f, wait := m.out.next(m.now)
	switch {
	case m.sent < len(m.all):
		if f == nil || binary.BigEndian.Uint32(f) != uint32(m.sent+1) {
			t.Fatalf("got % x, want message %d: what must arrive goes in order, and before views", f[:min(len(f), 4)], m.sent+1)
		}
		m.sent++
	case m.view == 0:
		if f != nil || wait != 0 {
			t.Fatalf("got % x and %s to wait; there is nothing to send", f, wait)
		}
	case f == nil:
		if wait <= 0 || wait > time.Second {
			t.Fatalf("view %d is to wait %s; no view is held back for longer than the budget takes to fill", m.view, wait)
		}
		if again, _ := m.out.next(m.now.Add(wait + time.Microsecond)); again == nil {
			t.Fatalf("after %s view %d is still held back", wait, m.view)
		}
		m.now = m.now.Add(wait + time.Microsecond)
		m.seen, m.view = m.view, 0
	default:
		if n := binary.BigEndian.Uint32(f) &^ viewBit; n != m.view || n <= m.seen {
			t.Fatalf("got view %d, want %d, the newest, once", n, m.view)
		}
		m.seen, m.view = m.view, 0
	}
}

func (m *outboxModel) ack(t *rapid.T) {
	seen := rapid.IntRange(0, m.sent+2).Draw(t, "seen")
	if got := m.out.ack(uint32(seen)); got != (seen <= m.sent) {
		t.Fatalf("ack of %d, %d are sent: %t", seen, m.sent, got)
	}
	if seen <= m.sent {
		m.acked = max(m.acked, seen)
	}
}

func (m *outboxModel) resume(t *rapid.T) {
	seen := rapid.IntRange(max(0, m.acked-1), m.sent+1).Draw(t, "seen")
	can := seen >= m.acked && seen <= m.sent
	if got := m.out.resume(uint32(seen)); got != can {
		t.Fatalf("resume after %d: %t; %d are acknowledged and %d sent", seen, got, m.acked, m.sent)
	}
	if can {
		m.acked, m.sent = seen, seen
	}
}

func (m *outboxModel) rewind(*rapid.T) {
	m.out.rewind()
	m.sent = m.acked
}

func (m *outboxModel) restart(*rapid.T) {
	m.out.restart()
	m.all, m.acked, m.sent, m.view = nil, 0, 0, 0
}

func (m *outboxModel) bounds(t *rapid.T) {
	if o := m.out; o.bytes > wire.MaxQueue && len(o.queue) > 1 || len(o.queue) > wire.MaxQueueFrames {
		t.Fatalf("%d frames of %d bytes are kept", len(o.queue), o.bytes)
	}
	if o := m.out; len(o.queue) != len(m.all)-m.acked {
		t.Fatalf("%d frames are kept, want %d: each until it is acknowledged", len(o.queue), len(m.all)-m.acked)
	}
}

// numbered is a frame that can be told from others.
func numbered(n uint32, size int) wire.Frame {
	return binary.BigEndian.AppendUint32(make(wire.Frame, 0, size), n)[:size]
}

// viewBit marks the numbers of views.
const viewBit = 1 << 31
