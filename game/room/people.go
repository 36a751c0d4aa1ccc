package room

import (
	"context"
	"slices"
	"strings"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Take gives a player the lowest free seat, held until they connect. The same
// player asking again gets the same seat. ErrFull, ErrOver, ErrClosed, ErrBusy.
func (r *Room) Take(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.take(p) })
}

// Watch gives the right to look on. ErrFull when too many do; ErrClosed, ErrBusy.
func (r *Room) Watch(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.watch(p) })
}

// GiveUp ends a player's right to their seat. ErrNotSeated, ErrClosed, ErrBusy.
func (r *Room) GiveUp(ctx context.Context, playerID string) error {
	_, err := ask(ctx, r, func() (struct{}, error) {
		w := r.seats.of(playerID)
		if w == nil {
			return struct{}{}, ErrNotSeated
		}
		r.giveUp(w)
		return struct{}{}, nil
	})
	return err
}

// Join connects a link to what its ticket is for: first coming and coming back
// alike. The link is then told Welcome, past chat and the current view; an
// older link of the same ticket is closed. ErrTicket, ErrClosed, ErrBusy.
func (r *Room) Join(ctx context.Context, ticket string, l Link) (*Member, error) {
	return ask(ctx, r, func() (*Member, error) { return r.join(ticket, l) })
}

// ask has the room's goroutine answer a question.
func ask[T any](ctx context.Context, r *Room, question func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	var none T
	err := r.box.ask(func() {
		if r.phase == Closed {
			answers <- answer{none, ErrClosed}
			return
		}
		value, err := question()
		r.renewIfChanged() // who asked may look at the status next
		answers <- answer{value, err}
	})
	if err != nil {
		return none, err
	}
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// drain does what has come in by now.
func (r *Room) drain() {
	letters := r.box.take(r.letters)
	for _, l := range letters {
		if l.call != nil {
			l.call()
		} else {
			r.read(l)
		}
	}
	clear(letters)
	r.letters = letters
}

// read does what a member did. From a link that is not the newest it is nothing.
func (r *Room) read(l letter) {
	m, w := l.from, l.from.who
	if w.current != m {
		return
	}
	switch l.act {
	case actGone:
		w.here = false
		r.setState(w, game.Held, r.ticks(r.cfg.Grace))
	case actBack:
		r.seatTaken(w)
		r.offerView(w)
	case actRenew:
		r.seatTaken(w)
		r.welcome(w)
	case actLeave:
		m.link.Close(wire.CloseLeft, "You left.")
		w.current = nil
		r.giveUp(w)
	case actSay:
		r.say(m, l.n, l.text)
	case actCommand:
		r.command(m, l)
	case actInput:
		if w.seat != game.Watcher {
			now := r.match.Tick() + 1
			w.controls.put(l.tick, l.command, now, now+game.Tick(r.cfg.Setup.TickRate/maxAhead))
		}
	}
}

func (r *Room) command(m *Member, l letter) {
	switch {
	case m.who.seat == game.Watcher:
		r.send(m, wire.Reply{N: l.n, Code: "watching", Text: "You are watching; you have no seat."})
	case r.ending != nil:
		r.send(m, wire.Reply{N: l.n, Code: game.ErrOver.Code, Text: game.ErrOver.Text})
	default:
		r.deeds = append(r.deeds, deed{seat: m.who.seat, command: l.command, from: m, n: l.n})
	}
}

func (r *Room) say(m *Member, n uint32, text string) {
	w := m.who
	text = strings.TrimSpace(text)
	second := r.ticks(time.Second)
	switch {
	case w.seat == game.Watcher:
		r.send(m, wire.Reply{N: n, Code: "watching", Text: "You are watching; you have no seat."})
		return
	case text == "":
		r.send(m, wire.Reply{N: n, Code: "empty", Text: "There is nothing to say."})
		return
	case !w.chat.take(r.now, second, chatBurst):
		r.send(m, wire.Reply{N: n, Code: "too-fast", Text: "You are talking too fast. Wait a second."})
		return
	}
	line := wire.Chat{Seat: w.seat, Name: w.player.Name, Text: text}
	if len(r.spoken) == chatBacklog {
		r.spoken = slices.Delete(r.spoken, 0, 1)
	}
	r.spoken = append(r.spoken, r.encode(line))
	r.broadcast(line)
	r.send(m, wire.Reply{N: n})
}

func (r *Room) take(p Player) (Grant, error) {
	if w := r.seats.of(p.ID); w != nil {
		return r.grant(w), nil
	}
	if r.ending != nil {
		return Grant{}, ErrOver
	}
	seat, ok := r.seats.first()
	if !ok || !r.mayTake() {
		return Grant{}, ErrFull
	}
	w := r.admit(p, seat)
	r.seats.sit(w)
	r.setState(w, game.Held, r.ticks(r.cfg.Reserve))
	return r.grant(w), nil
}

func (r *Room) watch(p Player) (Grant, error) {
	watchers := 0
	for _, w := range r.people {
		if w.seat != game.Watcher {
			continue
		}
		if w.player.ID == p.ID {
			return r.grant(w), nil
		}
		watchers++
	}
	if watchers >= maxWatchers {
		return Grant{}, ErrFull
	}
	w := r.admit(p, game.Watcher)
	r.setState(w, game.Held, r.ticks(r.cfg.Reserve))
	return r.grant(w), nil
}

func (r *Room) join(ticket string, l Link) (*Member, error) {
	number, ok := openTicket(r.cfg.Key, ticket)
	i := slices.IndexFunc(r.people, func(w *membership) bool { return w.number == number })
	if !ok || i < 0 {
		return nil, ErrTicket
	}
	w := r.people[i]
	if w.current != nil {
		w.current.link.Close(wire.CloseTakenOver, "You connected from elsewhere.")
		w.current = nil
	}
	r.seatTaken(w)
	w.current = &Member{room: r, who: w, link: l}
	r.welcome(w)
	return w.current, nil
}

// seatTaken notes that a player is here: for the first time, or again.
func (r *Room) seatTaken(w *membership) {
	r.setState(w, game.Taken, 0)
	if !w.came && w.seat != game.Watcher {
		r.played = append(r.played, w)
	}
	w.came, w.here = true, true
	w.controls = controls{}
}

// welcome tells a link all it needs to begin with.
func (r *Room) welcome(w *membership) {
	l := w.current.link
	l.Begin(r.encode(r.welcomeMessage(w)))
	for _, line := range r.spoken {
		l.Send(line)
	}
	r.offerView(w)
	if r.ending != nil && r.ending.kept {
		l.Send(r.encode(r.overMessage()))
	}
}

// offerView gives a member who came, or came back, something to see.
func (r *Room) offerView(w *membership) {
	if r.awaitsStore() {
		return // the last view is held back until it is stored
	}
	err := r.guard(func() error { w.current.link.Snapshot(r.view(w.seat)); return nil })
	if err != nil && r.ending == nil {
		r.end(Failed, "rules-failed", nil, nil)
	}
}

func (r *Room) welcomeMessage(w *membership) wire.Welcome {
	m := wire.Welcome{
		Room:         r.cfg.ID,
		Game:         r.cfg.Game.Name,
		Seat:         w.seat,
		Tick:         r.match.Tick(),
		TickRate:     r.cfg.Setup.TickRate,
		SnapshotRate: r.cfg.Game.SnapshotRate,
		Grace:        int(r.cfg.Grace / time.Second),
		Schema:       r.schema,
	}
	for _, o := range r.cfg.Game.Options {
		m.Options = append(m.Options, wire.OptionValue{Name: o.Name, Value: r.cfg.Setup.Options[o.Name]})
	}
	for seat, w := range r.seats.at {
		switch {
		case w != nil:
			m.Members = append(m.Members, wire.Member{Seat: w.seat, State: w.state, Name: w.player.Name})
		case r.seats.shut[seat]:
			m.Members = append(m.Members, wire.Member{Seat: game.Seat(seat), State: game.GivenUp})
		}
	}
	return m
}

// admit makes a membership.
func (r *Room) admit(p Player, seat game.Seat) *membership {
	r.issued++
	w := &membership{number: r.issued, player: p, seat: seat}
	r.people = append(r.people, w)
	return w
}

// giveUp ends a membership: its ticket is worth nothing from now on.
func (r *Room) giveUp(w *membership) {
	r.people = slices.DeleteFunc(r.people, func(o *membership) bool { return o == w })
	w.left = r.ending == nil
	if w.current != nil {
		w.current.link.Close(wire.CloseLeft, "You left.")
		w.current = nil
	}
	r.changed = true
	if w.seat == game.Watcher {
		return
	}
	reopen := r.cfg.Game.Late || r.begun.IsZero() || !w.came
	state := r.seats.leave(w, reopen)
	r.deeds = append(r.deeds, deed{seat: w.seat, state: state})
	r.broadcast(wire.Member{Seat: w.seat, State: state, Name: w.player.Name})
}

// setState moves a membership to Taken, or to Held for some ticks, and tells
// the match and the members.
func (r *Room) setState(w *membership, s game.SeatState, held roomTick) {
	was := w.state
	w.state, w.until = s, r.now+held
	r.changed = true
	if w.seat == game.Watcher || was == s {
		return
	}
	r.deeds = append(r.deeds, deed{seat: w.seat, state: s})
	r.broadcast(wire.Member{Seat: w.seat, State: s, Name: w.player.Name})
}

// mayTake says whether this match still takes people in.
func (r *Room) mayTake() bool { return r.begun.IsZero() || r.cfg.Game.Late }

func (r *Room) grant(w *membership) Grant {
	g := Grant{Ticket: sealTicket(r.cfg.Key, r.id, w.number), Seat: w.seat}
	if w.state == game.Held {
		g.Expires = time.Now().Add(time.Duration(w.until-r.now) * r.period)
	}
	return g
}
