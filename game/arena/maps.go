package arena

// chart is a map, cut into square tiles. Never changed.
type chart struct {
	name   string
	rows   []string
	w, h   int32   // tiles
	solid  []bool  // by y*w+x
	starts []place // where ships come
	spots  []place // where pickups lie
}

// place is the middle of a tile.
type place struct{ x, y int32 }

const (
	tileBits = 11
	tile     = 1 << tileBits // 8 units
	maxTiles = 32 * 32       // so that a coordinate fits 16 bits: three bytes on the wire
)

// mapChoices are the values of the option "map" in words: 0 leaves it to the dice.
func mapChoices() []string {
	choices := []string{"Any"}
	for i := range maps {
		choices = append(choices, maps[i].name)
	}
	return choices
}

// wall says whether a tile is solid; beyond the edge all is.
func (c *chart) wall(x, y int32) bool {
	return x < 0 || y < 0 || x >= c.w || y >= c.h || c.solid[y*c.w+x]
}

// clear says whether a straight line meets no wall. It walks the tiles along
// the line in order; a line exactly through a corner goes to the side first.
func (c *chart) clear(x0, y0, x1, y1 int32) bool {
	dx, dy := int64(x1-x0), int64(y1-y0)
	stepX, stepY := int32(1), int32(1)
	if dx < 0 {
		stepX, dx = -1, -dx
	}
	if dy < 0 {
		stepY, dy = -1, -dy
	}
	tx, ty := x0>>tileBits, y0>>tileBits
	endX, endY := x1>>tileBits, y1>>tileBits
	// How far along each axis the next tile begins.
	nextX, nextY := int64(x0&(tile-1)), int64(y0&(tile-1))
	if stepX > 0 {
		nextX = tile - nextX
	}
	if stepY > 0 {
		nextY = tile - nextY
	}
	for {
		if c.wall(tx, ty) {
			return false
		}
		switch {
		case tx == endX && ty == endY:
			return true
		case ty == endY || tx != endX && nextX*dy <= nextY*dx:
			tx += stepX
			nextX += tile
		default:
			ty += stepY
			nextY += tile
		}
	}
}

// parseChart reads rows of tiles: # is a wall, s a start, o a pickup's place.
func parseChart(name string, rows ...string) chart {
	c := chart{name: name, rows: rows, w: int32(len(rows[0])), h: int32(len(rows))}
	for y, row := range rows {
		for x := range len(row) {
			c.solid = append(c.solid, row[x] == '#')
			middle := place{int32(x)<<tileBits + tile/2, int32(y)<<tileBits + tile/2}
			switch row[x] {
			case 's':
				c.starts = append(c.starts, middle)
			case 'o':
				c.spots = append(c.spots, middle)
			}
		}
	}
	return c
}

// maps in the order of the option "map". The browser has the same rows.
var maps = [...]chart{
	parseChart("Atrium",
		"################################",
		"#..........#........#..........#",
		"#.s....o...#..s..s..#...o....s.#",
		"#...##.....#........#.....##...#",
		"#...#......................#...#",
		"#......##....##..##....##......#",
		"###....#......#..#......#....###",
		"#..............##..............#",
		"#.s...o..#............#..o...s.#",
		"#........#............#........#",
		"#........#............#........#",
		"#.s...o..#............#..o...s.#",
		"#..............##..............#",
		"###....#......#..#......#....###",
		"#......##....##..##....##......#",
		"#...#......................#...#",
		"#...##.....#........#.....##...#",
		"#.s....o...#..s..s..#...o....s.#",
		"#..........#........#..........#",
		"################################",
	),
	parseChart("Canyon",
		"################################",
		"#......#................#......#",
		"#.s....#....o......o....#....s.#",
		"#......#..####....####..#......#",
		"#####..#..#..........#..#..#####",
		"#.........#..s....s..#.........#",
		"#..o....###....##....###....o..#",
		"#.........#....##....#.........#",
		"##..###........##........###..##",
		"#.s...#..................#...s.#",
		"#.s...#..................#...s.#",
		"##..###........##........###..##",
		"#.........#....##....#.........#",
		"#..o....###....##....###....o..#",
		"#.........#..s....s..#.........#",
		"#####..#..#..........#..#..#####",
		"#......#..####....####..#......#",
		"#.s....#....o......o....#....s.#",
		"#......#................#......#",
		"################################",
	),
	parseChart("Orbit",
		"########################",
		"#......................#",
		"#.s...o..........o...s.#",
		"#...###...s..s...###...#",
		"#...#..............#...#",
		"#......##..##..##......#",
		"#.s....#........#....s.#",
		"#..o................o..#",
		"#........##..##........#",
		"#........##..##........#",
		"#..o................o..#",
		"#.s....#........#....s.#",
		"#......##..##..##......#",
		"#...#..............#...#",
		"#...###...s..s...###...#",
		"#.s...o..........o...s.#",
		"#......................#",
		"########################",
	),
}
