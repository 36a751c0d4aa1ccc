package room

import "tickroom/game"

// LogOf is the log that a room has itself. It must not run.
func LogOf(r *Room) game.Log { return r.match.Log() }
