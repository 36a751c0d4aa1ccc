package game

import (
	"fmt"
	"slices"
)

// Catalog is the games a server can host, in the order they were given.
type Catalog []*Game

// NewCatalog lists games. Two of one name panic.
func NewCatalog(games ...*Game) Catalog {
	for i, g := range games {
		if slices.ContainsFunc(games[:i], func(o *Game) bool { return o.Name == g.Name }) {
			panic(fmt.Sprintf("game: two games are named %q", g.Name))
		}
	}
	return games
}

// Get finds a game by name.
func (c Catalog) Get(name string) (*Game, bool) {
	i := slices.IndexFunc(c, func(g *Game) bool { return g.Name == name })
	if i < 0 {
		return nil, false
	}
	return c[i], true
}
