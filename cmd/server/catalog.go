package main

import (
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/battleship"
	"tickroom/game/relay"
	"tickroom/game/swarm"
)

// catalog is the games of this server. A new game is a line here.
var catalog = game.NewCatalog(
	arena.Game,
	battleship.Game,
	relay.Game,
	swarm.Game,
)

// saveEvery is how often rooms are saved in the journal; 0 is as often as they do
// by themselves. Tests have it often.
var saveEvery time.Duration
