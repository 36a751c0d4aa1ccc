package main

import (
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
