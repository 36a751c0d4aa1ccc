package arena

import "testing"

func TestMapsCanBePlayed(t *testing.T) {
	for i := range maps {
		c := &maps[i]
		if c.w*c.h > maxTiles || c.w > 32 || c.h > 32 {
			t.Errorf("%s has %d by %d tiles, want at most 32 by 32: coordinates must fit 16 bits", c.name, c.w, c.h)
		}
		for y, row := range c.rows {
			if int32(len(row)) != c.w {
				t.Errorf("%s: row %d has %d tiles, the first has %d", c.name, y, len(row), c.w)
			}
		}
		for x := range c.w {
			if !c.wall(x, 0) || !c.wall(x, c.h-1) {
				t.Errorf("%s: column %d is open at the edge", c.name, x)
			}
		}
		for y := range c.h {
			if !c.wall(0, y) || !c.wall(c.w-1, y) {
				t.Errorf("%s: row %d is open at the edge", c.name, y)
			}
		}
		if len(c.starts) < 8 {
			t.Errorf("%s has %d starts, want 8 or more for 16 ships", c.name, len(c.starts))
		}
	}
}

func TestEveryTileCanBeReached(t *testing.T) {
	for i := range maps {
		c := &maps[i]
		var next steps
		c.paths(&next, c.tileAt(c.starts[0].x, c.starts[0].y))
		for at := range int16(c.w * c.h) {
			if !c.solid[at] && next[at] < 0 {
				t.Errorf("%s: no way from %d,%d to the first start", c.name, int32(at)%c.w, int32(at)/c.w)
			}
		}
	}
}

func TestLinesOfSightEndAtWalls(t *testing.T) {
	middle := func(x, y int32) place { return place{x*tile + tile/2, y*tile + tile/2} }
	for _, c := range []struct {
		from, to place
		want     bool
		why      string
	}{
		{middle(1, 1), middle(22, 1), true, "along an open row"},
		{middle(3, 3), middle(8, 3), false, "through a wall"},
		{middle(8, 3), middle(3, 3), false, "through it from the other side"},
		{middle(3, 3), middle(4, 3), false, "into a wall"},
		{middle(3, 2), middle(7, 4), false, "across the end of a wall"},
		{middle(3, 2), middle(3, 2), true, "to where it begins"},
	} {
		if got := orbit.clear(c.from.x, c.from.y, c.to.x, c.to.y); got != c.want {
			t.Errorf("a line %s is clear: %v, want %v", c.why, got, c.want)
		}
	}
}
