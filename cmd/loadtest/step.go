package main

import (
	"container/heap"
	"context"
	"slices"
)

// step does what is due, and waits for more until then.
func (l *load) step(ctx context.Context, until moment) error {
	l.welcome(now())
	until = min(until, l.act())
	wait := until - now()
	if l.cfg.spin && l.tally.measuring {
		wait = 0
	}
	at := now()
	l.poll.wait(wait)
	l.idle += now() - at
	l.poll.read(func(s *socket, err error) { l.ended(s.owner, err) })
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return l.failed
}

// atOnce is how many bots act before the sockets are read again.
const atOnce = 16

// act has those act whose time it is, and says when the next is.
func (l *load) act() moment {
	for range atOnce {
		b := l.queue[0]
		if at := now(); b.next > at {
			return b.next
		} else if b.next = b.act(at); b.next <= at {
			b.next = at + 1
		}
		heap.Fix(&l.queue, 0)
	}
	return 0
}

// welcome takes in who has connected, and sends off who is to.
func (l *load) welcome(at moment) {
	for len(l.arrived) > 0 {
		a := <-l.arrived
		if a.err == nil {
			a.err = l.admit(a.b, a.got)
		}
		switch {
		case a.err == nil:
			a.b.came = true
		case !a.b.came:
			l.failed = a.err // who never came in is a mistake of whoever runs this
		default:
			l.ended(a.b, a.err)
		}
	}
	l.later = slices.DeleteFunc(l.later, func(o order) bool {
		if o.due <= at {
			l.orders <- o // a bot has one order at a time: there is room
		}
		return o.due <= at
	})
}

func (l *load) admit(b *booked, got joined) error {
	got.socket.owner, got.socket.said = b, &l.tally.said
	if err := l.poll.add(got.socket); err != nil {
		return err
	}
	b.connected(got, now())
	b.next = 0
	heap.Fix(&l.queue, b.place)
	if err := got.socket.heard(nil, now()); err != nil { // what came with the handshake
		l.poll.drop(got.socket)
		return err
	}
	return nil
}

// ended has a bot come back, if it wants to.
func (l *load) ended(b *booked, err error) {
	at := now()
	if again, pause := b.ended(err, at); again != nil {
		l.later = append(l.later, order{b: b, join: again, due: at + pause})
	}
}

// cut gives a connection up.
func (l *load) cut(s *socket, err error) {
	l.poll.drop(s)
	l.ended(s.owner, err)
}

// booked is a bot in the agenda.
type booked struct {
	bot
	next  moment // when it is to act
	place int    // in the agenda
	came  bool   // it was in once
}

// agenda is who acts next: a heap.
type agenda []*booked

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].next < a[j].next }
func (a agenda) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].place, a[j].place = i, j
}
func (a *agenda) Push(b any) {
	b.(*booked).place = len(*a)
	*a = append(*a, b.(*booked))
}
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
