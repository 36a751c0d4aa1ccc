import { describe, expect, it } from 'vitest'
import type { Notice, Room } from '../../sdk/src/index.ts'
import { fromTheStart, Player, type Wish } from './player.ts'

/** A room that only remembers what it was to show; `tick` is where it stands. */
class Screen {
  shown: unknown[] = []
  time = 0
  tick = 300
  over: { tick: number } | undefined
  showing = {}
  view = {}
  readonly clock = { tickAt: () => this.tick }
  #hears: (n: Notice) => void = () => {}

  now = (): number => this.time
  show = (what: object): void => void this.shown.push(Object.values(what))
  onNotice = (hear: (n: Notice) => void): (() => void) => {
    this.#hears = hear
    return () => (this.#hears = () => {})
  }
  says(code: string): void {
    this.#hears({ code, text: '' })
  }
}

/** A match that began at tick 30, of which 360 were kept when it was asked for. */
function watch(wish: Partial<Wish> = {}, grant = {}): { screen: Screen; player: Player } {
  const screen = new Screen()
  const shown = { begins: 30, ticks: 360, tick_rate: 30, live: true, hidden: false, delay: 0, ...grant }
  return { screen, player: new Player(screen as unknown as Room, shown, { ...fromTheStart, ...wish }) }
}

const asPlayed = [Infinity, 1, -1]

describe('a match that is still played', () => {
  it('is seen as it is played, once the server says so, and grows', () => {
    const { screen, player } = watch()
    expect(screen.shown).toEqual([asPlayed])
    expect(player.isLive).toBe(false)
    screen.says('live')
    expect(player.isLive).toBe(true)
    screen.time = 2000
    expect(player.span.ticks).toBe(420)
  })

  it('is paused, and then goes on behind until it is to be live again', () => {
    const { screen, player } = watch()
    screen.says('live')
    player.toggle()
    screen.says('behind')
    expect(player.isLive).toBe(false)
    player.toggle()
    screen.says('behind')
    expect(screen.shown, 'nobody asked for more').toEqual([asPlayed, [undefined, 0, -1], [undefined, 1, -1]])
    player.goLive()
    expect(screen.shown.at(-1)).toEqual(asPlayed)
  })

  it('is live again by itself after a connection was lost', () => {
    const { screen } = watch()
    screen.says('live')
    screen.says('behind')
    expect(screen.shown).toEqual([asPlayed, asPlayed])
  })

  it('goes at the speed of play when it has caught up', () => {
    const { screen, player } = watch({ live: false, tick: 40 })
    player.pace(8)
    screen.says('live')
    expect(player.speed).toBe(1)
    player.pace(4)
    expect(player.speed, 'nobody sees what is not played yet').toBe(1)
    player.pace(0.5)
    expect(player.speed).toBe(0.5)
  })

  it('takes a way to its end as one to now, and a way back as that, however young it is', () => {
    const { screen, player } = watch()
    player.seek(350)
    expect(screen.shown.at(-1)).toEqual(asPlayed)
    player.seek(290)
    player.seek(100)
    expect(screen.shown.slice(-2)).toEqual([[290, 1, -1], [100, 1, -1]])
  })

  it('hides what it hides until it has ended, and then has its length', () => {
    const { screen, player } = watch({}, { hidden: true })
    expect(player.follows).toBe(false)
    screen.says('ended')
    player.ended(500)
    screen.time = 60_000
    expect([player.follows, player.played, player.span.ticks]).toEqual([true, false, 500])
  })
})

it('a match that has ended is shown from its beginning, whatever was wished of one that is played', () => {
  const { screen, player } = watch({}, { live: false })
  expect(screen.shown).toEqual([[undefined, 1, -1]])
  screen.time = 9000
  expect([player.span.ticks, player.isLive]).toEqual([360, false])
})
