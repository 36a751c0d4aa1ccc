package room

import (
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// welcome tells a link all it needs to begin with.
func (r *Room) welcome(w *membership) {
	m := w.current
	m.begun = false
	r.hold(told{to: m, frame: r.encode(r.welcomeMessage(w)), what: beginning})
	for _, line := range r.spoken {
		r.tell(m, line)
	}
	r.hold(told{to: m, what: aView})
	if r.ending != nil && r.ending.kept {
		r.tell(m, r.encode(r.overMessage()))
	}
}

// offerView gives a member who came, or came back, something to see.
func (r *Room) offerView(w *membership) {
	if r.journal.replaying || !w.current.begun {
		return // nobody is there, or it follows Welcome
	}
	if r.journal.paused || r.awaitsStore() {
		r.announceTo(w)
	}
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
