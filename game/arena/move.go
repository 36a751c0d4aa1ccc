package arena

// Controls are a player's hands: they hold until the next ones come.
type Controls struct {
	MoveX, MoveY int8 // where to: full speed from 127 on, less when shorter
	Aim          uint16
	Fire, Dash   bool
}

// Body is all of a ship that its own controls decide: the part that players'
// browsers play ahead.
type Body struct {
	X, Y, VX, VY int32 // 1/256 unit, and that a tick
	Dash         uint8 // ticks of the dash still to go
	DashWait     uint8 // ticks until the next dash
	GunWait      uint8 // ticks until the next shot
	Gun          uint8 // what is fired: plain, rapid or spread
	GunLeft      uint8 // ticks until the gun is plain again
}

const (
	shipRadius = 9 * one / 4
	topSpeed   = 5 * one / 4  // a tick
	dashSpeed  = 17 * one / 4 // a tick; half of it is less than the radius, so no step jumps a corner
	grip       = 56           // 1/256 of the way to the wanted speed, a tick

	dashTicks     = 5
	dashWaitTicks = 2 * tickRate
)

// Guns.
const (
	plain  = 0
	rapid  = 1
	spread = 2
)

// gunTicks is how long each gun takes between shots.
var gunTicks = [...]uint8{plain: 6, rapid: 3, spread: 8}

// step moves a body by one tick and says whether it fires.
func (b *Body) step(c Controls, on *chart) (fires bool) {
	b.DashWait -= min(b.DashWait, 1)
	b.GunWait -= min(b.GunWait, 1)
	if b.GunLeft -= min(b.GunLeft, 1); b.GunLeft == 0 {
		b.Gun = plain
	}
	switch {
	case c.Dash && b.DashWait == 0:
		b.dash(c)
	case b.Dash > 0:
		b.Dash--
	default:
		b.steer(c)
	}
	halfX, halfY := b.VX/2, b.VY/2
	b.slide(halfX, halfY, on)
	b.slide(halfX, halfY, on)

	fires = c.Fire && b.GunWait == 0
	if fires {
		b.GunWait = gunTicks[b.Gun]
	}
	return fires
}

// dash throws the ship where it is steered, or else where it aims.
func (b *Body) dash(c Controls) {
	b.Dash, b.DashWait = dashTicks, dashWaitTicks
	x, y := int32(c.MoveX)*64, int32(c.MoveY)*64 // so that the root below has digits
	if x == 0 && y == 0 {
		x, y = cosine(int32(c.Aim)), sine(int32(c.Aim))
	}
	length := root(int64(x*x + y*y))
	b.VX, b.VY = x*dashSpeed/length, y*dashSpeed/length
}

// steer brings the speed nearer to what is wanted.
func (b *Body) steer(c Controls) {
	x, y := int32(c.MoveX), int32(c.MoveY)
	length := max(127, root(int64(x*x+y*y)))
	b.VX = approach(b.VX, x*topSpeed/length)
	b.VY = approach(b.VY, y*topSpeed/length)
}

// approach goes part of the way, and all of it when that is not far.
func approach(v, wanted int32) int32 {
	d := wanted - v
	if -8 < d && d < 8 {
		return wanted
	}
	return v + d*grip/256
}

// slide moves a body by less than its radius and takes it out of the walls. Its
// centre is never inside a wall, so only the eight tiles around can be in the way.
func (b *Body) slide(dx, dy int32, on *chart) {
	b.X += dx
	b.Y += dy
	tx, ty := b.X>>tileBits, b.Y>>tileBits
	inX, inY := b.X&(tile-1), b.Y&(tile-1) // place within the tile
	const far = tile - shipRadius

	if inX < shipRadius && on.wall(tx-1, ty) {
		b.X, b.VX, inX = tx<<tileBits+shipRadius, max(b.VX, 0), shipRadius
	} else if inX > far && on.wall(tx+1, ty) {
		b.X, b.VX, inX = tx<<tileBits+far, min(b.VX, 0), far
	}
	if inY < shipRadius && on.wall(tx, ty-1) {
		b.Y, b.VY, inY = ty<<tileBits+shipRadius, max(b.VY, 0), shipRadius
	} else if inY > far && on.wall(tx, ty+1) {
		b.Y, b.VY, inY = ty<<tileBits+far, min(b.VY, 0), far
	}

	// The nearest corner of the tile, and the tile beyond it.
	cx, cy := tx<<tileBits, ty<<tileBits
	wx, wy := tx-1, ty-1
	if inX > tile/2 {
		cx, wx = cx+tile, tx+1
	}
	if inY > tile/2 {
		cy, wy = cy+tile, ty+1
	}
	if on.wall(wx, wy) {
		b.clearCorner(cx, cy)
	}
}

// clearCorner pushes the body away from a corner it overlaps, and stops the part
// of its speed that goes into it: so ships slide around corners.
func (b *Body) clearCorner(cx, cy int32) {
	nx, ny := b.X-cx, b.Y-cy
	length := root(int64(nx*nx + ny*ny))
	if length >= shipRadius || length == 0 {
		return
	}
	b.X = cx + nx*shipRadius/length
	b.Y = cy + ny*shipRadius/length
	if into := (b.VX*nx + b.VY*ny) / length; into < 0 {
		b.VX -= into * nx / length
		b.VY -= into * ny / length
	}
}
