package link

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"tickroom/net/wire"
)

// Whatever a room sends and however a client reads: what must arrive arrives
// once and in order, views only grow newer, and memory is bounded.
func TestOutboxKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o outbox
		var queued []uint32 // what must arrive and has not
		var next, newest, seen uint32
		frame := func(n uint32, size int) wire.Frame {
			return binary.BigEndian.AppendUint32(make(wire.Frame, 0, size), n)[:size]
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				size := rapid.SampledFrom([]int{8, 100, 60 << 10, wire.MaxQueue + 1}).Draw(t, "size")
				next++
				fits := len(queued) == 0 || o.bytes+size <= wire.MaxQueue && len(queued) < wire.MaxQueueFrames
				if got := o.push(frame(next, size)); got != fits {
					t.Fatalf("push of %d to %d frames, %d bytes: %t, want %t", size, len(queued), o.bytes, got, fits)
				}
				if fits {
					queued = append(queued, next)
				}
			},
			"offer": func(t *rapid.T) {
				next++
				waits := newest != seen
				newest = next
				if replaced := o.offer(frame(newest|viewBit, 8)); replaced != waits {
					t.Fatalf("replaced %t, but a view was waiting: %t", replaced, waits)
				}
			},
			"next": func(t *rapid.T) {
				f := o.next()
				if o.busy != (f != nil) {
					t.Fatal("busy means that the transport has a frame")
				}
				if f == nil {
					if len(queued) > 0 || newest != seen {
						t.Fatalf("nothing to send, but %v are queued and view %d is newer than %d", queued, newest, seen)
					}
					return
				}
				n := binary.BigEndian.Uint32(f)
				switch {
				case n&viewBit == 0 && (len(queued) == 0 || n != queued[0]):
					t.Fatalf("got %d, want the first of %v", n, queued)
				case n&viewBit == 0:
					queued = queued[1:]
				case len(queued) > 0:
					t.Fatalf("a view before %v, which must arrive", queued)
				case n&^viewBit != newest || newest == seen:
					t.Fatalf("got view %d, want the newest, %d, once", n&^viewBit, newest)
				default:
					seen = newest
				}
			},
			"": func(t *rapid.T) {
				if o.bytes > wire.MaxQueue && len(o.queue) > 1 || len(o.queue) > wire.MaxQueueFrames {
					t.Fatalf("%d frames of %d bytes are queued", len(o.queue), o.bytes)
				}
			},
		})
	})
}

// viewBit marks the numbers of views.
const viewBit = 1 << 31
