// Package replay shows and checks matches as they were kept: a [Record] is one, to
// its end or as far as it is kept by now, a [Screening] shows it to one viewer as
// a room would, and [Record.Check] says whether this build plays it as it was
// played.
//
// A screening is one goroutine, [Screening.Run], that owns a game.Playback and
// what its viewer was told. Everything else reaches it through a bounded
// mailbox. Time in it is counted in ticks: a beat is the time of one tick as it
// was played, and the speed is how many ticks are played in a beat. It never
// blocks on its viewer, writes nothing down, and knows no sockets, no HTTP and no
// database. Who may watch is for whoever opens it. Read screening.go next.
//
// # A match that is still played
//
// It is shown in the same way, from a log that grows: whoever follows it gives the
// screening newer records ([Screening.Grow]), and at last the one with the end. What
// may be shown is what is kept, less the viewer's delay: its last tick is the live
// edge. Who watches there is shown a little less, so that the picture does not
// stand between two looks at the match. See live.go.
//
// # Decisions that look like mistakes and are not
//
//   - Each viewer has a match of their own: at another tick, another speed, with
//     other eyes. What is large, the log, they can share, since nobody changes it.
//   - Going back plays from the start again, or from the last state that was saved
//     on the way, where the rules can be: a state cannot be turned back.
//   - A seat that several players had is shown under the name of who had it last:
//     a log knows seats, and a record does not say when they changed hands.
//   - Following a seat shows what it saw then, also of what rules hid from the
//     others: the match is over, and there is nobody to hide it from. Until it is,
//     such a game is shown as to who watches, whatever is asked and however late.
package replay

import (
	"errors"
	"fmt"

	"tickroom/game"
	"tickroom/net/wire"
	"tickroom/store"
)

// Record is a match with its log: one that has ended, or one that is still played,
// as far as it is kept. It is not changed.
type Record struct {
	Match store.Match // but for its log; without an ending it is still played
	Game  *game.Game
	Log   game.Log
	Marks []game.Mark
}

// Why a match that was kept cannot be played here.
var (
	ErrGame  = errors.New("this build does not have the game")
	ErrRules = errors.New("the match was played by rules of another version")
	ErrLog   = errors.New("the log cannot be read")
)

// Of makes a record of a match and its log, as they were kept. ErrGame,
// ErrRules, ErrLog.
func Of(games game.Catalog, m store.Match, log []byte) (*Record, error) {
	g, ok := games.Get(m.Game)
	switch {
	case !ok:
		return nil, fmt.Errorf("%w %q", ErrGame, m.Game)
	case g.Version != m.Version:
		return nil, fmt.Errorf("%w: %d of %s, this build has %d", ErrRules, m.Version, m.Game, g.Version)
	}
	r := &Record{Match: m, Game: g}
	var err error
	if r.Log, err = wire.DecodeLog(g, log); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLog, err)
	}
	if r.Marks, err = wire.DecodeMarks(log); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLog, err)
	}
	return r, nil
}

// Setup is what the match began with.
func (r *Record) Setup() game.Setup {
	m := r.Match
	return game.Setup{Game: m.Game, Version: m.Version, Seats: m.Seats, TickRate: m.TickRate, Seed: m.Seed, Options: m.Options}
}

// Runs says whether the match is still played.
func (r *Record) Runs() bool { return r.Match.Ending == "" }

// Ticks is how many were played.
func (r *Record) Ticks() game.Tick { return game.Tick(r.Match.Ticks) }

// Begins is the first tick with players enough: nothing worth seeing comes
// before it. 0 if there never were.
func (r *Record) Begins() game.Tick {
	taken := map[game.Seat]bool{}
	for _, e := range r.Log {
		if e.Command != nil {
			continue
		}
		if taken[e.Seat] = e.State == game.Taken; !taken[e.Seat] {
			delete(taken, e.Seat)
		}
		if len(taken) >= r.Game.MinSeats {
			return min(e.Tick, r.Ticks())
		}
	}
	return 0
}

// Name is who had a seat last; "" when nobody did, or a bot.
func (r *Record) Name(s game.Seat) string {
	name := ""
	for _, p := range r.Match.Players {
		if game.Seat(p.Seat) == s && p.PlayerID != "" && (name == "" || p.Place > 0) {
			name = p.Name
		}
	}
	return name
}

// Over is how it ended, as its members were told.
func (r *Record) Over() wire.Over {
	m := wire.Over{Tick: r.Ticks(), Ending: string(r.Match.Ending), Reason: r.Match.Reason}
	for _, p := range r.Match.Players {
		if p.Place > 0 {
			m.Standings = append(m.Standings, wire.Standing{Seat: game.Seat(p.Seat), Name: p.Name, Place: p.Place, Score: p.Score})
		}
	}
	return m
}
