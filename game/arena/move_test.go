package arena

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/move.json anew")

// vectors are what the browser must compute as well, to the last bit. Numbers
// come in rows, so that the file stays small.
type vectors struct {
	Note    string
	Sine    []int32  // of 0 to 1023
	Charts  []rows   // the maps, in the order of View.Map
	Rays    [][6]int // map, from x y, to x y, clear or not
	Paths   [][6]int // of shots: from x y, aim, age, at x y
	Flights []flight
}

type rows struct {
	Name string
	Rows []string
}

// flight is a ship flown for a while. A step is the controls, the body after
// it, and whether it fired.
type flight struct {
	Map   int
	Body  [9]int
	Steps [][15]int
}

func TestTheBrowserComputesTheSame(t *testing.T) {
	const file = "testdata/move.json"
	got := encodeVectors(t, makeVectors())
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s no longer says what the rules do: change web/games/arena too, raise the version, and run go test -update", file)
	}
}

func makeVectors() vectors {
	r := rand.New(rand.NewPCG(1, 2))
	v := vectors{Note: "Written by go test ./game/arena -update; read by web/games/arena/move.test.ts."}
	for a := range int32(fullTurn) {
		v.Sine = append(v.Sine, sine(a))
	}
	for i := range maps {
		v.Charts = append(v.Charts, rows{maps[i].name, maps[i].rows})
		for range 40 {
			v.Rays = append(v.Rays, randomRay(r, i))
		}
		for range 5 {
			v.Flights = append(v.Flights, randomFlight(r, i, 60))
		}
	}
	for range 40 {
		s := shot{x: r.Int32N(65536), y: r.Int32N(65536), aim: r.Int32N(fullTurn)}
		age := r.Int32N(shotTicks)
		x, y := s.at(age)
		v.Paths = append(v.Paths, [6]int{int(s.x), int(s.y), int(s.aim), int(age), int(x), int(y)})
	}
	return v
}

// randomRay is a line within a map: a long one, a short one, or one along the tiles' edges.
func randomRay(r *rand.Rand, world int) [6]int {
	c := &maps[world]
	x0, y0 := r.Int32N(c.w*tile), r.Int32N(c.h*tile)
	x1, y1 := x0+r.Int32N(4*tile)-2*tile, y0+r.Int32N(4*tile)-2*tile
	switch r.IntN(4) {
	case 0:
		x1, y1 = r.Int32N(c.w*tile), r.Int32N(c.h*tile)
	case 1:
		x0, x1 = x0&^(tile-1), x1&^(tile-1)
	}
	clear := 0
	if c.clear(x0, y0, x1, y1) {
		clear = 1
	}
	return [6]int{world, int(x0), int(y0), int(x1), int(y1), clear}
}

// randomFlight has a ship flown the way people do: the same for some ticks, then
// something else, and now and then a new gun.
func randomFlight(r *rand.Rand, world, steps int) flight {
	c := &maps[world]
	at := c.starts[r.IntN(len(c.starts))]
	b := Body{X: at.x, Y: at.y, Gun: uint8(r.IntN(3)), GunLeft: uint8(r.IntN(40))}
	f := flight{Map: world, Body: b.row()}
	var hands Controls
	for range steps {
		if r.IntN(6) == 0 {
			hands = randomControls(r)
			hands.Aim %= fullTurn
		}
		fires := b.step(hands, c)
		row := [15]int{int(hands.MoveX), int(hands.MoveY), int(hands.Aim), bit(hands.Fire), bit(hands.Dash)}
		body := b.row()
		copy(row[5:], body[:])
		row[14] = bit(fires)
		f.Steps = append(f.Steps, row)
	}
	return f
}

func (b *Body) row() [9]int {
	return [9]int{int(b.X), int(b.Y), int(b.VX), int(b.VY), int(b.Dash), int(b.DashWait), int(b.GunWait), int(b.Gun), int(b.GunLeft)}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// encodeVectors writes one row a line, so that a change shows as one.
func encodeVectors(t *testing.T, v vectors) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.ReplaceAll(raw, []byte("],["), []byte("],\n["))
	return append(bytes.ReplaceAll(raw, []byte("},{"), []byte("},\n{")), '\n')
}

func TestShipsStayOutOfWalls(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range maps {
		c := &maps[i]
		at := c.starts[0]
		b := Body{X: at.x, Y: at.y}
		var hands Controls
		for n := range 50000 {
			if r.IntN(5) == 0 {
				hands = randomControls(r)
			}
			b.step(hands, c)
			if why := inWall(&b, c); why != "" {
				t.Fatalf("%s, step %d: %s; body %+v, controls %+v", c.name, n, why, b, hands)
			}
		}
	}
}

// inWall says how a body overlaps a wall, by more than rounding.
func inWall(b *Body, c *chart) string {
	for ty := b.Y>>tileBits - 1; ty <= b.Y>>tileBits+1; ty++ {
		for tx := b.X>>tileBits - 1; tx <= b.X>>tileBits+1; tx++ {
			if !c.wall(tx, ty) {
				continue
			}
			x := min(max(b.X, tx<<tileBits), (tx+1)<<tileBits)
			y := min(max(b.Y, ty<<tileBits), (ty+1)<<tileBits)
			if d := root(square(b.X, b.Y, x, y)); d < shipRadius-2 {
				return fmt.Sprintf("%d/256 units from the wall %d,%d, with a radius of %d", d, tx, ty, shipRadius)
			}
		}
	}
	return ""
}

func TestAShipReachesItsSpeedAndStops(t *testing.T) {
	b := Body{X: 2 * tile, Y: openRow}
	for range 30 {
		b.step(Controls{MoveX: 127}, orbit)
	}
	if b.VX != topSpeed {
		t.Errorf("speed %d after a second, want the top speed %d", b.VX, topSpeed)
	}
	for range 30 {
		b.step(Controls{}, orbit)
	}
	if b.VX != 0 || b.VY != 0 {
		t.Errorf("speed %d,%d a second after letting go, want none", b.VX, b.VY)
	}
}

func TestNoDirectionIsFaster(t *testing.T) {
	for _, c := range []Controls{{MoveX: 127, MoveY: 127}, {MoveX: -128, MoveY: -128}, {MoveX: 90, MoveY: 90}} {
		b := Body{X: 12 * tile, Y: openRow}
		for range 2 {
			b.step(c, orbit)
		}
		straight := Body{X: 12 * tile, Y: openRow}
		for range 2 {
			straight.step(Controls{MoveX: 127}, orbit)
		}
		if got, want := root(int64(b.VX*b.VX+b.VY*b.VY)), straight.VX; got > want+2 {
			t.Errorf("controls %+v: speed %d, want no more than %d as straight on", c, got, want)
		}
	}
}

func TestADashGoesWhereTheShipIsSteeredElseWhereItAims(t *testing.T) {
	for _, c := range []struct {
		hands  Controls
		vx, vy int32
	}{
		{Controls{MoveX: -1, Dash: true}, -dashSpeed, 0},
		{Controls{MoveX: 127, Aim: 512, Dash: true}, dashSpeed, 0},
		{Controls{Aim: 512, Dash: true}, -dashSpeed, 0},
	} {
		b := Body{X: 12 * tile, Y: openRow}
		b.step(c.hands, orbit)
		if b.VX != c.vx || b.VY != c.vy {
			t.Errorf("controls %+v: speed %d,%d, want %d,%d", c.hands, b.VX, b.VY, c.vx, c.vy)
		}
	}
}

func TestADashMustRest(t *testing.T) {
	b := Body{X: 12 * tile, Y: openRow}
	dashes := 0
	for range 2*dashWaitTicks + 1 {
		was := b.DashWait
		b.step(Controls{Dash: true}, orbit)
		if b.DashWait > was {
			dashes++
		}
	}
	if dashes != 3 {
		t.Errorf("%d dashes in four seconds and a tick of holding the key, want 3: one every two seconds", dashes)
	}
}

var orbit = &maps[2]
