package link

import (
	"slices"

	"tickroom/net/wire"
)

// outbox is what waits to be sent to one member: a bounded queue of what must
// arrive, and one slot for the newest view. One frame at a time is with the
// transport. It knows neither time nor lock.
type outbox struct {
	queue []wire.Frame
	bytes int        // in the queue
	view  wire.Frame // the newest, not yet on its way
	busy  bool       // the transport has a frame
}

// push queues a frame; false means that it does not fit. A frame larger than
// all of the queue fits when nothing else is in it.
func (o *outbox) push(f wire.Frame) bool {
	if len(o.queue) >= wire.MaxQueueFrames || len(o.queue) > 0 && o.bytes+len(f) > wire.MaxQueue {
		return false
	}
	o.queue = append(o.queue, f)
	o.bytes += len(f)
	return true
}

// offer puts a view in the slot and says whether one was there.
func (o *outbox) offer(f wire.Frame) (replaced bool) {
	replaced = o.view != nil
	o.view = f
	return replaced
}

// last queues the frame after which nothing comes, whatever fits. A view that
// has not gone yet will not.
func (o *outbox) last(f wire.Frame) {
	o.queue = append(o.queue, f)
	o.bytes += len(f)
	o.view = nil
}

// next takes the frame to send now, nil if there is none: what must arrive,
// and when there is no more of it, the view.
func (o *outbox) next() wire.Frame {
	var f wire.Frame
	switch {
	case len(o.queue) > 0:
		f = o.queue[0]
		o.queue = slices.Delete(o.queue, 0, 1)
		o.bytes -= len(f)
	default:
		f, o.view = o.view, nil
	}
	o.busy = f != nil
	return f
}

// clear forgets what has not been sent.
func (o *outbox) clear() { o.queue, o.bytes, o.view = nil, 0, nil }
