package room

import (
	"fmt"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// deed is one thing the coming tick begins with: a seat that changed state, or
// a member's command.
type deed struct {
	seat  game.Seat
	state game.SeatState

	command any     // nil for a change of state
	from    *Member // is told how the command went
	n       uint32
}

// tick is all that a room does, in its order: hear, time out, play, tell, save.
func (r *Room) tick() {
	began := time.Now()
	r.drain()
	r.step()
	r.fingerprint()
	r.save()
	cost := time.Since(began)
	r.cfg.Meter.Tick(max(0, began.Sub(r.due)), cost, cost > r.period)
}

// poll has what members said by now passed on, right before the tick that it
// counts at. A room that is slow does not: pings would wait for it as well.
func (r *Room) poll() {
	if r.period > slowest {
		return
	}
	for _, w := range r.people {
		if w.current != nil {
			w.current.link.Poll()
		}
	}
}

// step is a tick without what is heard in it.
func (r *Room) step() {
	r.expire()
	if r.ending == nil {
		r.play()
	} else {
		r.linger()
	}
	r.now++
}

// play moves the match on by one tick and tells everybody what came of it.
func (r *Room) play() {
	if here, _ := r.seats.count(); r.begun.IsZero() && here >= r.cfg.Game.MinSeats {
		r.began(time.Now())
	}
	var events []game.Event
	err := r.guard(func() error {
		for _, d := range r.deeds {
			r.do(d)
		}
		r.applyInputs()
		r.match.Step()
		events = r.match.Events()
		return nil
	})
	r.deeds = r.deeds[:0]
	r.clock.set(r.match.Tick(), r.due)
	if err != nil {
		r.end(Failed, "rules-failed", nil, nil)
		return
	}
	if result, over := r.match.Over(); over {
		r.end(Finished, result.Reason, result.Standings, events)
		return
	}
	r.publish(events, r.snapshotDue() && !r.journal.replaying)
	if r.ending == nil && r.match.Logged() >= maxLog {
		r.end(Stopped, "log-full", nil, nil)
	}
}

// began is when there are players enough.
func (r *Room) began(at time.Time) {
	r.note(wire.Began{Unix: at.UnixMilli()})
	r.begun, r.phase, r.changed = at, Running, true
}

// do gives one deed to the match, and its answer to who asked.
func (r *Room) do(d deed) {
	if d.command == nil {
		r.match.Seat(d.seat, d.state)
		return
	}
	reply := wire.Reply{N: d.n}
	if err := r.match.Apply(d.seat, d.command); err != nil {
		refusal := err.(*game.Refusal)
		reply.Code, reply.Text = refusal.Code, refusal.Text
		r.cfg.Meter.Refused(r.cfg.Game.Name)
	}
	r.send(d.from, reply)
}

// applyInputs gives each seat's newest input for this tick to the match. A
// refused one is nothing: the next is on its way already.
func (r *Room) applyInputs() {
	coming := r.match.Tick() + 1
	for _, w := range r.seats.at {
		if w == nil {
			continue
		}
		command, ok := w.controls.due(coming)
		if !ok {
			continue
		}
		r.note(wire.Steered{Who: w.number, Data: command})
		if r.match.Apply(w.seat, command) != nil {
			r.cfg.Meter.Refused(r.cfg.Game.Name)
		}
	}
}

// expire gives up the seats of those who did not come, or come back, in time.
func (r *Room) expire() {
	for i := 0; i < len(r.people); {
		if w := r.people[i]; w.state == game.Held && w.until <= r.now {
			r.giveUp(w) // takes it out of people
			continue
		}
		i++
	}
}

// linger is a tick after the end: a word while the store is slow, and the
// closing of the room when its members had time to read the result.
func (r *Room) linger() {
	r.deeds = r.deeds[:0]
	since := r.now - r.ending.at
	switch {
	case r.awaitsStore() && since == r.ticks(keepNotice):
		r.announce()
	case !r.awaitsStore() && since >= r.ticks(r.cfg.Linger):
		r.phase = Closed
	}
}

// snapshotDue spreads SnapshotRate views evenly over TickRate ticks.
func (r *Room) snapshotDue() bool {
	rate, ticks, t := r.cfg.Game.SnapshotRate, r.cfg.Setup.TickRate, int(r.match.Tick())
	return t*rate/ticks != (t-1)*rate/ticks
}

// publish tells what a tick brought. A view or an event that cannot be made or
// encoded is a failure of the rules.
func (r *Room) publish(events []game.Event, views bool) {
	err := r.guard(func() error {
		r.sendEvents(events)
		if views {
			r.sendViews()
		}
		return nil
	})
	if err != nil && r.ending == nil {
		r.end(Failed, "rules-failed", nil, nil)
	}
}

// sendViews offers everybody the newest view: one for all, or one each if the
// game hides something.
func (r *Room) sendViews() {
	var shared wire.Frame
	for _, w := range r.people {
		if !w.here || !w.current.begun {
			continue
		}
		frame := shared
		if frame == nil {
			frame = r.view(w.seat)
		}
		if !r.cfg.Game.Hidden {
			shared = frame
		}
		w.current.link.Snapshot(frame)
	}
}

func (r *Room) view(s game.Seat) wire.Frame {
	if !r.cfg.Game.Hidden {
		s = game.Watcher
	}
	return r.encode(wire.Snapshot{Tick: r.match.Tick(), View: r.match.View(s)})
}

func (r *Room) sendEvents(events []game.Event) {
	for _, e := range events {
		frame := r.encode(wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data})
		for _, w := range r.people {
			if w.current != nil && e.To.Includes(w.seat) {
				r.tell(w.current, frame)
			}
		}
	}
}

func (r *Room) broadcast(m wire.Message) {
	frame := r.encode(m)
	for _, w := range r.people {
		if w.current != nil {
			r.tell(w.current, frame)
		}
	}
}

// send tells one member, if its link is still the one.
func (r *Room) send(to *Member, m wire.Message) {
	if to.who.current == to {
		r.tell(to, r.encode(m))
	}
}

// encode can fail only by the rules: with a text that is not UTF-8, or a frame
// that is too large. Then it panics, and whoever called for the rules guards.
func (r *Room) encode(m wire.Message) wire.Frame {
	frame, err := wire.Encode(m)
	if err != nil {
		panic(fmt.Sprintf("room: %T does not encode: %v", m, err))
	}
	return frame
}

// ticks is a duration in ticks of this room, rounded up.
func (r *Room) ticks(d time.Duration) roomTick { return roomTick((d + r.period - 1) / r.period) }
