// Arena's loop: the keys are sent for each tick of the room's clock, and the
// ships are drawn where the newest view has them.
import { connect } from 'tickroom'
import { Rest } from 'tickroom/lobby'
import type { ArenaRoom } from '../../games/arena/types.ts'

const lobby = new Rest()
const { token } = await lobby.guest('Pilot')
const room: ArenaRoom = connect(await lobby.seatInGame(token, 'arena'))

const size = 640
const field = 32 * 8 * 256 // the largest map: tiles, units in a tile, parts of a unit
const canvas = document.createElement('canvas')
canvas.width = canvas.height = size
document.body.append(canvas)
const pen = canvas.getContext('2d') as CanvasRenderingContext2D

const held = new Set<string>()
onkeydown = (e) => held.add(e.key)
onkeyup = (e) => held.delete(e.key)
onblur = () => held.clear()
const axis = (less: string, more: string): number => 127 * (Number(held.has(more)) - Number(held.has(less)))

const margin = 2 // ticks that an input may be late
let last = 0
function steer(): void {
  // What is sent now is there in half a round trip.
  const tick = Math.ceil(room.clock.tickAt(room.now() + room.rtt / 2)) + margin
  if (tick === last) return
  last = tick
  room.input(tick, {
    moveX: axis('ArrowLeft', 'ArrowRight'),
    moveY: axis('ArrowUp', 'ArrowDown'),
    aim: 0,
    fire: held.has(' '),
    dash: held.has('Shift'),
  })
}

function draw(): void {
  pen.fillStyle = '#123'
  pen.fillRect(0, 0, size, size)
  for (const { seat, down, body } of room.view?.ships ?? []) {
    if (down > 0) continue
    pen.fillStyle = seat === room.seat ? '#0f0' : '#f80'
    pen.beginPath()
    pen.arc((body.x / field) * size, (body.y / field) * size, 6, 0, 2 * Math.PI)
    pen.fill()
  }
}

function frame(): void {
  requestAnimationFrame(frame)
  if (room.state.phase === 'connected') steer()
  draw()
}
frame()
