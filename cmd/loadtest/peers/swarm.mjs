// The work of game/swarm, to the number: 24 things of 7 whole numbers, half of
// them moving in every tick. See game/swarm/swarm.go, which says why.

export const tickRate = 20
const ships = 8
const drones = 16
const size = 16_000
const turn = 628
const full = 100
const fast = 40
const spin = 13
const wounds = 50
const [left, right, up, down] = [1, 2, 4, 8]

const clamp = (speed) => Math.min(Math.max(speed, -fast), fast)

/** One thing as it begins. */
const begin = (i) => ({
  id: i + 1,
  x: (i * 2711) % size,
  y: (i * 6007) % size,
  vx: ((i * 37) % (2 * fast)) - fast,
  vy: ((i * 53) % (2 * fast)) - fast,
  angle: 0,
  hp: full,
})

export class Swarm {
  tick = 0
  things = Array.from({ length: ships + drones }, (_, i) => begin(i))

  input(seat, { buttons, aim }) {
    const ship = this.things[seat]
    ship.angle = aim
    ship.vx = clamp(ship.vx + (buttons & right ? 1 : 0) - (buttons & left ? 1 : 0))
    ship.vy = clamp(ship.vy + (buttons & down ? 1 : 0) - (buttons & up ? 1 : 0))
  }

  step() {
    this.tick++
    for (let i = this.tick % 2; i < this.things.length; i += 2) {
      const thing = this.things[i]
      move(thing, 'x', 'vx')
      move(thing, 'y', 'vy')
      thing.angle = (thing.angle + spin) % turn
      if ((Math.floor(this.tick / 2) + i) % wounds === 0 && --thing.hp === 0) thing.hp = full
    }
  }
}

function move(thing, at, speed) {
  thing[at] += thing[speed]
  if (thing[at] >= 0 && thing[at] <= size) return
  thing[at] -= 2 * thing[speed]
  thing[speed] = -thing[speed]
}
