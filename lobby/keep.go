package lobby

import (
	"context"
	"fmt"

	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
)

// keep stores how a room's match ended. It is called by the room's keeper,
// again until it works.
func (l *Lobby) keep(ctx context.Context, private bool, r room.Record) error {
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
	var err error
	if m.Log, err = wire.EncodeLog(r.Log); err != nil {
		return fmt.Errorf("log of match %s: %w", r.ID, err)
	}
	return l.cfg.Store.SaveMatch(ctx, m)
}
