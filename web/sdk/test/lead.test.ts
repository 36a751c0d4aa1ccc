import { describe, expect, it } from 'vitest'
import { Lead, Repeat } from '../src/motion/index.ts'
import { chanceFrom } from './chance.ts'

describe('the lead of inputs', () => {
  it('is half a round trip and a margin, from the first frame on', () => {
    expect(new Lead(30).follow(1000, { rtt: 100, jitter: 0 })).toBeCloseTo(1000 + 2.25)
    expect(new Lead(20, { margin: 50 }).follow(0, { rtt: 100, jitter: 0 })).toBeCloseTo(2)
  })

  it('is longer on an uneven network, up to a bound', () => {
    const lead = (jitter: number): number => {
      const l = new Lead(30)
      l.follow(0, { rtt: 0, jitter })
      return l.ms
    }
    expect([0, 10, 25, 500].map(lead).map(Math.round)).toEqual([25, 45, 75, 75])
  })

  it('is never longer than a second: the server keeps no input for long', () => {
    const lead = new Lead(30)
    lead.follow(0, { rtt: 60_000, jitter: 0 })
    expect(lead.ms).toBeCloseTo(1000)
  })

  it('never lets time run backwards or skip, whatever the network does', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const chance = chanceFrom(seed)
      const lead = new Lead(30)
      const network = { rtt: 0, jitter: 0 }
      let now = 500
      let last = lead.follow(now, network)
      for (let frame = 0; frame < 500; frame++) {
        if (chance(20) === 0) Object.assign(network, { rtt: chance(3000), jitter: chance(100) })
        const passed = chance(1000) / 1000
        now += passed
        const tick = lead.follow(now, network)
        const told = `seed ${seed}, frame ${frame}: ran ${tick - last} in ${passed} ticks`
        if (tick - last < passed * 0.9 - 1e-9) expect.fail(`${told}, more than a tenth slower`)
        if (tick - last > passed * 1.2 + 1e-9) expect.fail(`${told}, more than a fifth faster`)
        last = tick
      }
    }
  })

  it('goes back with the clock, and only with it', () => {
    const lead = new Lead(30)
    lead.follow(1000, { rtt: 100, jitter: 0 })
    expect(lead.follow(400, { rtt: 500, jitter: 0 }), 'no time went by in which to change').toBeCloseTo(402.25)
    expect(lead.follow(401, { rtt: 500, jitter: 0 }), 'and from there on it changes').toBeCloseTo(403.45)
  })

  it('settles where the network asks', () => {
    const lead = new Lead(30)
    for (let now = 0; now < 300; now += 0.5) lead.follow(now, { rtt: now < 100 ? 20 : 300, jitter: 0 })
    expect(lead.ms).toBeCloseTo(175)
  })
})

describe('controls that hold', () => {
  const repeat = (): Repeat<{ x: number }> => new Repeat(8, (a, b) => a.x === b.x)

  it('are sent when they change, and again after some ticks', () => {
    const r = repeat()
    const sent = Array.from({ length: 30 }, (_, i) => i + 100).filter((tick) => r.due(tick, { x: tick < 110 ? 1 : 2 }))
    expect(sent).toEqual([100, 108, 110, 118, 126])
  })

  it('are sent again when ticks go back: the match began anew', () => {
    const r = repeat()
    r.due(500, { x: 1 })
    expect(r.due(3, { x: 1 })).toBe(true)
    expect(r.due(4, { x: 1 })).toBe(false)
  })
})
