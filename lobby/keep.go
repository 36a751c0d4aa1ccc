package lobby

import (
	"context"
	"errors"

	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
)

// keeper stores how the match of one room ended. The room calls it again until
// it works, one call at a time; the log is encoded for the first.
func (l *Lobby) keeper(private bool) func(context.Context, room.Record) error {
	var match *store.Match
	return func(ctx context.Context, r room.Record) error {
		if match == nil {
			m := matchOf(r, private)
			log, err := wire.EncodeLog(r.Log, r.Marks...)
			if err != nil {
				// Trying again would not help, and who won is worth keeping.
				l.cfg.Log.Error("match stored without its log", "room", r.ID, "err", err)
			}
			m.Log, match = log, &m
		}
		return l.save(ctx, *match)
	}
}

// save keeps a match; its journal stays until the room is closed.
func (l *Lobby) save(ctx context.Context, m store.Match) error {
	if l.cfg.Journal == nil {
		return l.cfg.Store.SaveMatch(ctx, m)
	}
	err := l.cfg.Journal.Finish(ctx, m)
	if errors.Is(err, store.ErrFenced) {
		return room.ErrMoved
	}
	return err
}

// matchOf is a record as the store has it, but for the log.
func matchOf(r room.Record, private bool) store.Match {
	m := store.Match{
		ID:        r.ID,
		Game:      r.Setup.Game,
		Private:   private,
		Version:   r.Setup.Version,
		Seats:     r.Setup.Seats,
		TickRate:  r.Setup.TickRate,
		Seed:      r.Setup.Seed,
		Options:   r.Setup.Options,
		Ticks:     uint32(r.Ticks),
		StateHash: r.Hash,
		Ending:    store.Ending(r.Ending),
		Reason:    r.Reason,
		StartedAt: r.StartedAt,
		EndedAt:   r.EndedAt,
	}
	for _, p := range r.Players {
		m.Players = append(m.Players, store.MatchPlayer{
			PlayerID: p.ID, Name: p.Name, Seat: int(p.Seat), Place: p.Place, Score: p.Score, Left: p.Left,
		})
	}
	return m
}
