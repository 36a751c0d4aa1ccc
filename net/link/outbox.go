package link

import (
	"slices"
	"time"

	"golang.org/x/time/rate"

	"tickroom/net/wire"
)

// outbox is what one member is to be told: what must arrive, kept until it is
// acknowledged, and one slot for the newest view. It knows no lock and no
// connection; time is given to it.
//
//	       acked            sent                    end
//	         |               |                       |
//	forgotten|  on their way |     not sent yet      |
//	         |---------------- queue ----------------|
type outbox struct {
	queue []wire.Frame // numbers acked+1, acked+2, ...
	acked uint32
	sent  int // of the queue, over the connection of now
	bytes int // in the queue

	note   wire.Frame // waits for Welcome, before which nothing may come
	view   wire.Frame // the newest, not yet on its way
	newest wire.Frame // that went
	shown  shown
	budget *rate.Limiter
}

func newOutbox() outbox { return outbox{budget: rate.NewLimiter(wire.ViewRate, wire.ViewBurst)} }

// push queues what must arrive; false means that it does not fit. A frame
// larger than all of the queue fits when nothing else is in it.
func (o *outbox) push(f wire.Frame) bool {
	if len(o.queue) >= wire.MaxQueueFrames || len(o.queue) > 0 && o.bytes+len(f) > wire.MaxQueue {
		return false
	}
	o.queue = append(o.queue, f)
	o.bytes += len(f)
	return true
}

// pushAgain queues what had to arrive over a connection that is long gone. What
// does not fit has arrived: no more was ever kept.
func (o *outbox) pushAgain(f wire.Frame) {
	for !o.push(f) {
		o.sent = len(o.queue)
		o.ack(o.acked + 1)
	}
	o.sent = len(o.queue) // perhaps
}

// offer puts a view in the slot and says whether one was there.
func (o *outbox) offer(f wire.Frame) (replaced bool) {
	replaced = o.view != nil
	o.view = f
	return replaced
}

// ack forgets what has arrived; false means that so much was never sent.
func (o *outbox) ack(seen uint32) bool {
	n := int(int64(seen) - int64(o.acked))
	if n < 0 {
		return true // an older word that came late
	}
	if n > o.sent {
		return false
	}
	for _, f := range o.queue[:n] {
		o.bytes -= len(f)
	}
	o.queue = slices.Delete(o.queue, 0, n)
	o.acked, o.sent = seen, o.sent-n
	return true
}

// resume begins again after what was seen, over a new connection; false means
// that it cannot: so much was never sent, or it is forgotten.
func (o *outbox) resume(seen uint32) bool {
	if seen < o.acked || !o.ack(seen) {
		return false
	}
	o.rewind()
	return true
}

// rewind begins again with the first that is kept, over a new connection.
func (o *outbox) rewind() { o.sent = 0 }

// next takes the frame to send now, nil if there is none: what must arrive,
// and when there is no more of it the view, if the budget has room for it.
// Otherwise wait says when it will.
func (o *outbox) next(now time.Time) (f wire.Frame, wait time.Duration) {
	if o.note != nil && !o.welcomes() {
		f, o.note = o.note, nil
		return f, 0
	}
	if o.sent < len(o.queue) {
		f = o.queue[o.sent]
		o.sent++
		return f, 0
	}
	if o.view == nil {
		return nil, 0
	}
	size := min(len(o.view), wire.ViewBurst)
	spend := o.budget.ReserveN(now, size)
	if wait := spend.DelayFrom(now); wait > 0 {
		spend.CancelAt(now)
		return nil, wait
	}
	f, o.view = o.view, nil
	o.newest = f
	o.shown.add(f)
	return f, 0
}

// again has the newest view go once more, unless a newer one waits.
func (o *outbox) again() {
	if o.view == nil {
		o.view = o.newest
	}
}

// welcomes says whether Welcome, which is the first, is still to go.
func (o *outbox) welcomes() bool { return o.acked == 0 && o.sent == 0 && len(o.queue) > 0 }

// restart forgets everything, and counts from 1 again.
func (o *outbox) restart() { *o = outbox{budget: o.budget} }
