import { describe, expect, it } from 'vitest'
import { mix, Timeline, type Between } from '../src/motion/index.ts'
import { maxViews } from '../src/motion/limits.ts'

/** A timeline of views that are their own ticks, at 30 ticks a second. */
function timeline(...ticks: number[]): Timeline<number> {
  const t = new Timeline<number>(30)
  for (const tick of ticks) t.add(tick, tick, tick + 1)
  return t
}

describe('the timeline', () => {
  it('has nothing to show before the first view', () => {
    expect(timeline().at(5)).toBeUndefined()
  })

  it('tells the two views around a tick, and how far between them it is', () => {
    const t = timeline(10, 12, 16)
    expect(t.at(11)).toEqual({ a: 10, b: 12, part: 0.5, beyond: 0 })
    expect(t.at(12), 'at a view it is the first of the next two').toEqual({ a: 12, b: 16, part: 0, beyond: 0 })
    expect(t.at(15)).toEqual({ a: 12, b: 16, part: 0.75, beyond: 0 })
  })

  it('shows the oldest view before it', () => {
    expect(timeline(10, 12).at(3)).toEqual({ a: 10, b: 10, part: 0, beyond: 0 })
  })

  it('goes on beyond the newest view for a moment, and says so', () => {
    const t = timeline(10, 12)
    expect(t.at(12)).toEqual({ a: 10, b: 12, part: 1, beyond: 0 })
    expect(t.at(13)).toEqual({ a: 10, b: 12, part: 1.5, beyond: 1 })
    expect(t.at(99), 'three ticks are 100 ms').toEqual({ a: 10, b: 12, part: 2.5, beyond: 3 })
    expect(timeline(10).at(12), 'of one view alone no way is known').toEqual({ a: 10, b: 10, part: 0, beyond: 2 })
  })

  it('goes further beyond the newest view when a replay goes faster: it is as long in milliseconds', () => {
    const t = new Timeline<number>(30)
    t.pace(4)
    t.add(10, 10, 14)
    t.add(50, 50, 54)
    expect(t.size, '40 ticks are a third of a second, and no other time').toBe(2)
    expect(t.at(99)?.beyond, 'twelve ticks are 100 ms').toBe(12)
    t.pace(0)
    expect(t.at(99)?.beyond, 'a pause changes nothing').toBe(12)
    t.pace(1)
    expect(t.at(99)?.beyond, 'and as it was').toBe(3)
  })

  it('is drawn as many milliseconds behind at any speed', () => {
    const t = new Timeline<number>(30)
    t.follow(0)
    expect(t.delay).toBeCloseTo(100)
    t.pace(8)
    for (let now = 0; now < 480; now += 4) t.follow(now)
    expect(t.delay, 'after two seconds, without a jump back').toBeCloseTo(100)
    t.pace(1)
    expect(t.follow(480), 'slower it is nearer in ticks, at once').toBeCloseTo(477)
  })

  it('stands still beyond the newest view if that is wanted', () => {
    const t = new Timeline<number>(30, { reach: 0 })
    t.add(10, 10, 11)
    t.add(12, 12, 13)
    expect(t.at(20)).toEqual({ a: 10, b: 12, part: 1, beyond: 0 })
  })

  it('ignores a view that is known, or was overtaken by a newer one', () => {
    const t = timeline(10, 14, 12, 14, 11)
    expect(t.size).toBe(2)
    expect(t.at(12)).toMatchObject({ a: 10, b: 14 })
  })

  it('begins anew where ticks go far back, and where they go far ahead', () => {
    const back = timeline(498, 500, 10, 12)
    expect(back.size).toBe(2)
    expect(back.at(11)).toMatchObject({ a: 10, b: 12 })
    const ahead = timeline(10, 12, 500)
    expect(ahead.at(300), 'there is no way over a pause').toEqual({ a: 500, b: 500, part: 0, beyond: 0 })
  })

  it('takes a second for the most that views can be apart', () => {
    expect(timeline(100, 102, 72).size, '30 ticks before the newest it was overtaken').toBe(2)
    expect(timeline(100, 102, 71).size, '31 ticks before it the match began anew').toBe(1)
    expect(timeline(100, 102, 132).size).toBe(3)
    expect(timeline(100, 102, 133).size).toBe(1)
  })

  it('begins anew at any tick after it was cleared', () => {
    const t = timeline(10, 12)
    t.clear()
    t.add(11, 11, 12)
    expect(t.at(11)).toMatchObject({ a: 11, b: 11 })
  })

  it('forgets the past', () => {
    const t = timeline(...Array.from({ length: 1000 }, (_, i) => i))
    expect(t.size).toBe(maxViews)
    expect(t.at(0)).toMatchObject({ a: 1000 - maxViews })
  })
})

/** Plays seconds of a network on which every view takes so many milliseconds; returns the delay. */
function delayOver(t: Timeline<number>, from: number, seconds: number, late: (tick: number) => number): number {
  for (let tick = from; tick < from + seconds * 30; tick += 2) {
    t.add(tick, tick, tick + late(tick) * 0.03)
    t.follow(tick + 2)
  }
  return t.delay
}

describe('the delay', () => {
  it('is what the network needs: the way, the time between two views, and a margin', () => {
    const t = new Timeline<number>(30)
    expect(delayOver(t, 0, 20, () => 40)).toBeCloseTo(40 + 66.7 + 8, 0)
  })

  it('grows fast and shrinks slowly', () => {
    const t = new Timeline<number>(30)
    const good = delayOver(t, 0, 20, () => 10)
    const uneven = delayOver(t, 600, 2, (tick) => (tick % 10 === 0 ? 120 : 10))
    expect(uneven, 'within two seconds it waits for the late ones').toBeGreaterThan(good + 100)
    const calm = delayOver(t, 660, 4, () => 10)
    expect(calm, 'four seconds later it does not yet trust the calm').toBeGreaterThan(good + 90)
    expect(delayOver(t, 780, 20, () => 10), 'but in the end it does').toBeCloseTo(good, 0)
  })

  it('does not wait for the one in a hundred', () => {
    const t = new Timeline<number>(30)
    const good = delayOver(t, 0, 20, () => 10)
    expect(delayOver(t, 600, 20, (tick) => (tick % 200 === 0 ? 300 : 10))).toBeCloseTo(good, 0)
  })

  it('stays within its bounds', () => {
    expect(delayOver(new Timeline(30, { min: 150 }), 0, 20, () => 10)).toBeCloseTo(150)
    expect(delayOver(new Timeline(30, { max: 300 }), 0, 20, () => 800)).toBeCloseTo(300)
    expect(delayOver(new Timeline(30, { first: 20, min: 60 }), 0, 0.05, () => 0), 'from the first frame on').toBeCloseTo(60)
  })

  it('learns nothing from a clock that ran on while the match stood still', () => {
    const t = new Timeline<number>(30)
    const good = delayOver(t, 0, 20, () => 10)
    expect(delayOver(t, 600, 3, () => 5000)).toBeCloseTo(good, 0)
  })
})

describe('what is drawn of a timeline', () => {
  it('is the tick that was asked for, whatever the views are', () => {
    const t = timeline(10, 11, 14, 20)
    const shown = (b: Between<number> | undefined): number => mix(b?.a ?? NaN, b?.b ?? NaN, b?.part ?? NaN)
    for (let tick = 10; tick <= 23; tick += 0.125) expect(shown(t.at(tick)), `tick ${tick}`).toBeCloseTo(tick)
  })
})
