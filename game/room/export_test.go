package room

import (
	"fmt"
	"strings"

	"tickroom/net/wire"
)

// SavedNow is a room as it would be saved now. It must not run.
func SavedNow(r *Room) wire.SavedRoom {
	s, err := r.saved()
	if err != nil {
		panic(err)
	}
	return s
}

// Inside is all that a room knows, but for its links and its journal. It must not run.
func Inside(r *Room) string {
	var b strings.Builder
	fmt.Fprintln(&b, r.phase, r.begun.UnixMilli(), r.now, r.issued, r.spoken, r.seats.shut, r.match.Tick(), r.match.Logged(), r.match.Hash())
	for _, d := range r.deeds {
		fmt.Fprintln(&b, d.seat, d.state, d.command, d.n)
	}
	for _, all := range [][]*membership{r.people, r.played, r.seats.at} {
		for _, w := range all {
			if w == nil {
				fmt.Fprintln(&b, "nobody")
				continue
			}
			m := *w
			m.current, m.controls = nil, controls{} // who comes back begins with none
			if w.current == nil {
				m.received = 0 // it is of a link that is no more
			}
			fmt.Fprintf(&b, "%+v, linked: %t\n", m, w.current != nil)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// SavedAndPlayed are all saved rooms that chunks hold, and for each what playing
// them from the start has come to there.
func SavedAndPlayed(cfg Config, chunks [][]byte, relink Relink) (saved, played []wire.SavedRoom) {
	p, err := newReplay(cfg, relink)
	if err != nil {
		panic(err)
	}
	for i, chunk := range chunks {
		p.journal.n = uint32(i)
		entries, err := p.entries(chunk)
		if err != nil {
			panic(err)
		}
		for _, e := range entries {
			if s, ok := e.(wire.SavedRoom); ok {
				saved, played = append(saved, s), append(played, SavedNow(p.Room))
			}
			if err := p.play(e); err != nil {
				panic(err)
			}
		}
	}
	return saved, played
}
