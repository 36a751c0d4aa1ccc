package lobby

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

// ErrOtherRules says that a room is of a game, or of a version of one, that a
// build does not have.
var ErrOtherRules = errors.New("this build does not have the rules")

// PlayForward plays all of the journal of a room forward, from its first chunk on,
// as a server of this build would, and gives how far its match has come. Nothing
// runs and nobody hears of it. ErrOtherRules; another error says which chunk and
// entry are the first that do not agree with what was played.
func PlayForward(games game.Catalog, r store.RunningRoom, history []store.Chunk) (game.Tick, error) {
	var h head
	if err := json.Unmarshal(r.Head, &h); err != nil {
		return 0, fmt.Errorf("head: %w", err)
	}
	g, ok := games.Get(r.Game)
	switch {
	case !ok:
		return 0, fmt.Errorf("%w: it has no game %q", ErrOtherRules, r.Game)
	case g.Version != h.Version:
		return 0, fmt.Errorf("%w: it is played by version %d of %s, and this has %d", ErrOtherRules, h.Version, r.Game, g.Version)
	}
	cfg := room.Config{ID: r.ID, Game: g, Setup: h.setup(r.Game), Key: h.Key, Log: slog.New(slog.DiscardHandler)}
	return room.PlayForward(cfg, dataOf(history))
}
