package arena

// wayTo is where a ship flies next to get to a goal: straight there if nothing
// is in the way, else to the farthest tile of a shortest path that it can fly
// straight to.
func (m *match) wayTo(s *ship, goal place) place {
	c := m.chart()
	if c.wide(s.X, s.Y, goal.x, goal.y) {
		return goal
	}
	var next steps
	c.paths(&next, c.tileAt(goal.x, goal.y))
	here := next[c.tileAt(s.X, s.Y)]
	if here < 0 {
		return goal
	}
	way := c.middle(here)
	for range 6 {
		here = next[here]
		further := c.middle(here)
		if !c.wide(s.X, s.Y, further.x, further.y) {
			break
		}
		way = further
	}
	return way
}

// steps says for every tile which one is next on the way to a goal; -1 is no way.
type steps [maxTiles]int16

// paths finds all shortest ways to a goal: breadth first, sideways steps only.
func (c *chart) paths(next *steps, goal int16) {
	for i := range next {
		next[i] = -1
	}
	next[goal] = goal
	var queue steps
	queue[0] = goal
	for head, tail := 0, 1; head < tail; head++ {
		at := queue[head]
		for _, step := range [...]int16{1, -1, int16(c.w), -int16(c.w)} {
			// All maps are walled in, so a step from the floor stays on the map.
			if to := at + step; !c.solid[to] && next[to] < 0 {
				next[to] = at
				queue[tail] = to
				tail++
			}
		}
	}
}

func (c *chart) tileAt(x, y int32) int16 { return int16(y>>tileBits*c.w + x>>tileBits) }

func (c *chart) middle(t int16) place {
	return place{int32(t)%c.w<<tileBits + tile/2, int32(t)/c.w<<tileBits + tile/2}
}

// wide says whether a ship can fly a straight line: whether its two sides can.
func (c *chart) wide(x0, y0, x1, y1 int32) bool {
	a := angleOf(x1-x0, y1-y0) + fullTurn/4
	dx, dy := cosine(a)*shipRadius/sineOne, sine(a)*shipRadius/sineOne
	return c.clear(x0, y0, x1, y1) && c.clear(x0+dx, y0+dy, x1+dx, y1+dy) && c.clear(x0-dx, y0-dy, x1-dx, y1-dy)
}
