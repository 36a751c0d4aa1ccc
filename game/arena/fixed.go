package arena

// Whole numbers only: a length is counted in 1/256 of a unit, a direction in
// 1/1024 of a turn (0 is right, then clockwise, since y grows downwards), a sine
// in 1/4096. All of it fits int32 but where int64 is written.

const (
	one      = 256  // a unit
	fullTurn = 1024 // a turn
	sineOne  = 4096 // sine of a quarter turn
)

// sine is Bhaskara's approximation, at most 0.2 % off. A formula in place of a
// table, for it is the same four lines in every language.
func sine(a int32) int32 {
	half := a & 511
	p := half * (512 - half)
	s := 16384 * p / (327680 - p)
	if a&512 != 0 {
		return -s
	}
	return s
}

func cosine(a int32) int32 { return sine(a + fullTurn/4) }

// angleOf is the direction of a vector, within a third of a degree.
func angleOf(x, y int32) int32 {
	ax, ay := int64(max(x, -x)), int64(max(y, -y))
	if ax == 0 && ay == 0 {
		return 0
	}
	q := min(ax, ay) * 1024 / max(ax, ay) // tangent of the angle to the nearer axis
	a := int32((128*q + 44*q*(1024-q)/1024) / 1024)
	if ay > ax {
		a = fullTurn/4 - a
	}
	if x < 0 {
		a = fullTurn/2 - a
	}
	if y < 0 {
		a = -a
	}
	return a & (fullTurn - 1)
}

// turnBetween is the shortest way from one direction to another, -512 to 511.
func turnBetween(from, to int32) int32 { return (to-from+512)&1023 - 512 }

// root is the whole part of the square root, of up to 2^62.
func root(n int64) int32 {
	r := int64(0)
	for bit := int64(1) << 30; bit != 0; bit >>= 1 {
		if t := r | bit; t*t <= n {
			r = t
		}
	}
	return int32(r)
}

// square is the square of the distance between two points.
func square(x0, y0, x1, y1 int32) int64 {
	dx, dy := int64(x1-x0), int64(y1-y0)
	return dx*dx + dy*dy
}
