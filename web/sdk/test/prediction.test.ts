import { describe, expect, it } from 'vitest'
import { Prediction, type PredictionOptions, type Rules } from '../src/motion/index.ts'
import { maxReplay } from '../src/motion/limits.ts'

interface Place {
  x: number
}

/** A thing that goes by its controls each tick; every tenth tick it has a shot. */
const rules: Rules<Place, number, boolean> = {
  copy: (s) => ({ ...s }),
  step: (s, by, tick) => {
    s.x += by
    return tick % 10 === 0
  },
  apart: (a, b) => [a.x - b.x],
}

const begun = (x: number, tick: number, options?: PredictionOptions): Prediction<Place, number, boolean> => {
  const p = new Prediction(rules, 0, options)
  p.reconcile({ x }, tick)
  return p
}

const shown = (p: Prediction<Place, number, boolean>): number => (p.state?.x ?? NaN) + (p.offset[0] ?? 0)

describe('a prediction', () => {
  it('plays each tick at once, with the controls given for it', () => {
    const p = begun(100, 5)
    expect(p.play(8.7, 3)).toEqual([6, 7, 8].map((tick) => ({ tick, controls: 3, effect: false })))
    expect(p.state).toEqual({ x: 109 })
    expect(p.tick).toBe(8)
    expect(p.play(8.9, 3), 'a tick is played once').toEqual([])
  })

  it('starts again from what the server says and plays the ticks since', () => {
    const p = begun(0, 0)
    p.play(2, 1)
    p.play(4, 10)
    p.reconcile({ x: 500 }, 1)
    expect(p.state, 'ticks 2 to 4 on top').toEqual({ x: 500 + 1 + 10 + 10 })
    p.reconcile({ x: 600 }, 3)
    expect(p.state).toEqual({ x: 610 })
  })

  it('is not corrected when the server says the same', () => {
    const p = begun(0, 0)
    p.play(4, 7)
    p.reconcile({ x: 14 }, 2)
    expect([p.corrections, p.lastError, shown(p)]).toEqual([0, 0, 28])
  })

  it('counts corrections and tells by how much the last one was', () => {
    const p = begun(0, 0)
    p.play(4, 7)
    p.reconcile({ x: 10 }, 2)
    p.reconcile({ x: 20 }, 3)
    expect(p.corrections).toBe(2)
    expect(p.lastError, 'from 24 to 27').toBe(3)
  })

  it('does not count what the server was first to say, but lets it glide as well', () => {
    const p = begun(0, 0)
    p.play(1, 7)
    p.reconcile({ x: 30 }, 3)
    expect(p.tick).toBe(3)
    expect([p.corrections, p.state?.x, shown(p)]).toEqual([0, 30, 7])
  })

  it('plays the ticks that were given before the first view, too', () => {
    const p = new Prediction(rules, 0)
    p.play(102, 4)
    p.play(104, 5)
    p.reconcile({ x: 1 }, 102)
    expect(p.state).toEqual({ x: 11 })
    expect(p.offset, 'there was nothing to see before').toEqual([])
  })

  it('shows no jump at a correction, and lets the error die away', () => {
    const p = begun(0, 0)
    p.play(4, 7)
    p.reconcile({ x: 0 }, 2)
    expect([p.state?.x, shown(p)], 'the state is right at once, the picture stays').toEqual([14, 28])
    p.rest(60)
    expect(shown(p), 'a third of it after 60 ms').toBeCloseTo(14 + 14 / Math.E)
    p.rest(1000)
    expect(shown(p)).toBeCloseTo(14, 5)
    expect(p.state, 'and nothing of it is in the state').toEqual({ x: 14 })
  })

  it('shows a place that is too far off at once', () => {
    const p = begun(0, 0, { snap: 50 })
    p.reconcile({ x: 51 }, 1)
    expect(shown(p)).toBe(51)
    p.reconcile({ x: 91 }, 2)
    expect(shown(p), 'this one is near').toBe(51)
    p.reconcile({ x: 141 }, 3)
    expect(shown(p), 'errors that add up to too much are too much').toBe(141)
  })

  it('keeps what a step returned until a view has its tick', () => {
    const p = begun(0, 5)
    p.play(20, 1)
    const shots = (): number[] => p.played.filter((t) => t.effect).map((t) => t.tick)
    expect(shots()).toEqual([10, 20])
    p.reconcile({ x: 5 }, 10)
    expect(shots()).toEqual([20])
  })

  it('lets controls hold where none were given', () => {
    const p = begun(0, 0)
    p.play(3, 2)
    p.play(100, 5) // too far to catch up with: only tick 100
    p.reconcile({ x: 1000 }, 3)
    expect(p.tick).toBe(100)
    expect(p.state, 'ticks 4 to 99 with what was given in tick 3, then tick 100').toEqual({ x: 1000 + 96 * 2 + 5 })
    p.reconcile({ x: 1000 }, 100)
    p.play(140, 7)
    p.reconcile({ x: 2000 }, 101)
    expect(p.state, 'ticks 102 to 139 with what was given in tick 100, then tick 140').toEqual({ x: 2000 + 38 * 5 + 7 })
  })

  it('does not catch up what it slept through', () => {
    const p = begun(0, 0)
    expect(p.play(5000, 1)).toHaveLength(1)
    expect(p.tick).toBe(5000)
  })

  it('goes on from an earlier tick when the clock was set back', () => {
    const p = begun(0, 1000)
    p.play(1010, 1)
    expect(p.play(990, 4).map((t) => t.tick)).toEqual([990])
    expect(p.play(991, 4).map((t) => t.tick)).toEqual([991])
    expect(p.played.map((t) => t.tick), 'what was played ahead is forgotten').toEqual([990, 991])
  })

  it('has nothing to play while the server says that there is nothing, but remembers the controls', () => {
    const p = begun(0, 0)
    p.play(3, 1)
    p.reconcile({ x: 50 }, 1) // an error, which still shows
    p.reconcile(undefined, 2)
    expect(p.play(5, 3).map((t) => t.effect)).toEqual([undefined, undefined])
    expect([p.state, p.peek(1)]).toEqual([undefined, undefined])
    p.reconcile({ x: 10 }, 3)
    expect(p.state, 'it is back: ticks 4 and 5 were given already').toEqual({ x: 16 })
    expect(shown(p), 'where it comes back is no error').toBe(16)
  })

  it('ignores a view that is known, or was overtaken by a newer one', () => {
    const p = begun(0, 10)
    p.play(12, 1)
    p.reconcile({ x: 77 }, 10)
    p.reconcile({ x: 88 }, 8)
    p.reconcile({ x: 99 }, 11 - maxReplay)
    expect(p.state).toEqual({ x: 2 })
  })

  it('begins anew when the match did', () => {
    const far = begun(0, 5000)
    far.play(5010, 1)
    far.reconcile({ x: 3 }, 4999 - maxReplay)
    expect([far.tick, far.state, far.played]).toEqual([4999 - maxReplay, { x: 3 }, []])

    const told = begun(0, 100)
    told.play(105, 1)
    told.reconcile({ x: 3 }, 103)
    told.clear()
    expect([told.state, told.played]).toEqual([undefined, []])
    told.reconcile({ x: 3 }, 90)
    expect([told.tick, shown(told)], 'an earlier tick is believed').toEqual([90, 3])
    told.play(120, 0)
    told.reconcile({ x: 3 }, 91)
    expect(told.state, 'and no controls are held').toEqual({ x: 3 })
  })

  it('shows a part of the next tick without playing it', () => {
    const p = begun(0, 9)
    expect(p.peek(5)).toEqual({ x: 5 })
    expect([p.state, p.tick, p.played]).toEqual([{ x: 0 }, 9, []])
  })

  it('takes nothing of the server’s to change it', () => {
    const said = { x: 1 }
    const p = new Prediction(rules, 0)
    p.reconcile(said, 0)
    p.play(3, 5)
    expect(said).toEqual({ x: 1 })
  })

  it('remembers no more than it would play again', () => {
    let steps = 0
    const p = new Prediction<Place, number>({ ...rules, step: (s, by) => void (steps++, (s.x += by)) }, 0)
    p.reconcile({ x: 0 }, 0)
    for (let tick = 1; tick <= 1000; tick++) p.play(tick, 1)
    expect(p.played).toHaveLength(maxReplay)
    steps = 0
    p.reconcile({ x: 0 }, maxReplay)
    expect([p.tick, steps], 'that view is too old to play on from').toEqual([maxReplay, 0])
  })
})
