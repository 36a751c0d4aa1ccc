// A room that shows a replay: what it asks for, which views it takes, and where
// its clock stands.

import { describe, expect, it } from 'vitest'
import { connect, type Room, type Showing } from '../src/index.ts'
import { alive, FakeWorld, frame, letIn, linked, resume, welcome } from './world.ts'

const perSecond = 20 // ticks

interface Scene {
  world: FakeWorld
  room: Room<unknown, { at: number }>
  seen: number[]
}

/** A screening that stands at tick 100 and plays. */
function screening(first: Showing = { speed: 1, seat: -1 }): Scene {
  const world = new FakeWorld()
  const room: Scene['room'] = connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world, client: 'test/1' })
  const seen: number[] = []
  room.onView((_, tick) => seen.push(tick))
  room.show(first)
  letIn(world)
  return { world, room, seen }
}

const view = (world: FakeWorld, ...ticks: number[]): void => ticks.forEach((tick) => world.socket.say(frame([17, tick, [tick, '']])))
const over = (world: FakeWorld, tick: number): void => world.socket.say(frame([23, tick, 'finished', 'time', []]))
const shows = (world: FakeWorld): Uint8Array[] => world.socket.sent.filter((_, i) => world.socket.kinds()[i] === 9)
const now = ({ room }: Scene): number => room.clock.tickAt(room.now())
const here = 0xffff_ffff

describe('what is to be shown', () => {
  it('is said when the room is there, and whenever it changes: where it stands unless told', () => {
    const { world, room } = screening()
    room.show({ tick: 40.7, speed: 0.5, seat: 1 })
    expect(shows(world)).toEqual([frame([9, here, 100, -1]), frame([9, 40, 50, 1])])
    expect(room.showing).toEqual({ tick: 40, speed: 0.5, seat: 1 })
    expect(room.seat, 'nobody plays in a replay, whoever it follows').toBe(-1)
  })

  it('is said once more when the connection is back: only the newest, and nothing before the server listens', () => {
    const { world, room } = screening()
    view(world, 100)
    world.socket.end(1006)
    room.show({ tick: 7, speed: 1, seat: 0 })
    room.show({ speed: 2, seat: 0 })
    world.pass(1000)
    world.socket.open()
    expect(shows(world)).toEqual([])
    world.socket.say(linked('resumed'))
    expect(shows(world), 'a way that was not gone is gone on').toEqual([frame([9, 7, 200, 0])])
  })

  it('is the end, or where a match is that is still played, for who asks for Infinity: any view that comes is of there', () => {
    const { world, room, seen } = screening()
    view(world, 100)
    room.show({ tick: Infinity, speed: 1, seat: -1 })
    expect(shows(world).at(-1)).toEqual(frame([9, here - 1, 100, -1]))
    expect(room.clock.speed, 'it stands on the way').toBe(0)
    view(world, 460)
    expect(seen).toEqual([100, 460])
    expect(room.showing).toEqual({ speed: 1, seat: -1 })
    expect(Math.round(room.clock.tickAt(room.now()))).toBe(460)
    world.pass(1000)
    expect(Math.round(room.clock.tickAt(room.now())), 'and goes on there').toBe(460 + perSecond)
  })

  it('is where it stands once it was there', () => {
    const { world, room } = screening()
    room.show({ tick: 7, speed: 1, seat: 0 })
    view(world, 7)
    expect(room.showing).toEqual({ speed: 1, seat: 0 })
    room.show({ speed: 0, seat: 0 })
    expect(shows(world).at(-1)).toEqual(frame([9, here, 0, 0]))
  })

  it('is no speed that the server would close for', () => {
    const { room } = screening()
    for (const speed of [-1, 8.5, NaN]) expect(() => room.show({ speed, seat: -1 })).toThrow(RangeError)
    expect(room.showing, 'and it stays as it was').toEqual({ tick: undefined, speed: 1, seat: -1 })
  })
})

describe('the views of a screening', () => {
  it('rise, as a room’s, while nothing else was asked for', () => {
    const { world, seen } = screening()
    view(world, 105, 103, 106)
    expect(seen, 'one was overtaken').toEqual([105, 106])
  })

  it('go back where that was asked for, past those that were on their way, and rise again', () => {
    const { world, room, seen } = screening()
    view(world, 105)
    room.show({ tick: 50, speed: 1, seat: -1 })
    view(world, 106, 50, 49, 51)
    expect(seen, 'the way was done at 50').toEqual([105, 106, 50, 51])
  })

  it('go back to the tick before, though a later one comes first', () => {
    const { world, room, seen } = screening({ speed: 0, seat: -1 })
    view(world, 105)
    room.show({ tick: 104, speed: 0, seat: -1 })
    view(world, 105, 104)
    expect(seen).toEqual([105, 105, 104])
  })

  it('may begin a little later than asked: the first was replaced on its way', () => {
    const { world, room, seen } = screening()
    view(world, 105)
    room.show({ tick: 50, speed: 2, seat: -1 })
    world.pass(500)
    view(world, 50 + perSecond, 51)
    expect(seen, 'half a second at twice the speed').toEqual([105, 70])
  })

  it('take back the end', () => {
    const { world, room } = screening()
    view(world, 200)
    over(world, 200)
    expect(room.over?.tick).toBe(200)
    room.show({ tick: 50, speed: 1, seat: -1 })
    over(world, 200) // said before the server heard that
    view(world, 50)
    expect(room.over).toBeUndefined()
    expect(room.showing?.tick).toBeUndefined()
  })
})

describe('the clock of a screening', () => {
  it('goes at the speed it was told, from the view on, and pongs do not move it', () => {
    const scene = screening({ speed: 4, seat: -1 })
    view(scene.world, 500)
    scene.world.pass(100)
    expect(now(scene)).toBeCloseTo(500 + 0.4 * perSecond)
    scene.world.socket.say(frame([22, 0, 9000, 0]))
    expect(now(scene)).toBeCloseTo(500 + 0.4 * perSecond)
    expect(scene.room.clock.speed).toBe(4)
  })

  it('glides to views that come early or late', () => {
    const scene = screening()
    view(scene.world, 100)
    scene.world.pass(100)
    view(scene.world, 103)
    expect(now(scene), 'not at once').toBeCloseTo(102)
    scene.world.pass(4000)
    expect(now(scene)).toBeCloseTo(183, 0)
  })

  it('stands where it was told to go until it is there, and goes on then', () => {
    const scene = screening()
    view(scene.world, 100)
    scene.room.show({ tick: 40, speed: 2, seat: -1 })
    scene.world.pass(700)
    view(scene.world, 101)
    expect(now(scene)).toBe(40)
    view(scene.world, 40)
    scene.world.pass(1000)
    expect(now(scene)).toBeCloseTo(40 + 2 * perSecond)
  })

  it('stands still when paused, at the end, and while there is no connection', () => {
    const scene = screening({ speed: 0, seat: -1 })
    const stands = (why: string, at: number): void => {
      scene.world.pass(500)
      expect(now(scene), why).toBeCloseTo(at)
    }
    view(scene.world, 130)
    stands('paused', 130)
    scene.room.show({ speed: 1, seat: -1 })
    scene.world.pass(50)
    scene.world.socket.end(1006)
    stands('away', 131)
    scene.world.pass(1000)
    resume(scene.world)
    view(scene.world, 131, 140)
    over(scene.world, 140)
    stands('at the end', 140)
    scene.room.show({ speed: 8, seat: -1 })
    view(scene.world, 140)
    stands('there, whatever the speed', 140)
  })

  it('is a room’s again where a welcome begins anew, until it is told', () => {
    const scene = screening({ speed: 0, seat: 1 })
    alive(scene.world, 1000)
    scene.world.socket.end(1006)
    scene.world.pass(1000)
    scene.world.socket.open()
    scene.world.socket.say(linked('behind'))
    scene.world.socket.say(welcome(100))
    expect(shows(scene.world)).toEqual([frame([9, here, 0, 1])])
    scene.world.pass(1000)
    expect(now(scene), 'paused before, paused now').toBe(100)
  })
})
