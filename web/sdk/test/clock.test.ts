import { describe, expect, it } from 'vitest'
import { Clock } from '../src/clock.ts'

const rate = 30

// A server that is at tick 0 at local time 0, reached over a path with the
// given delays in milliseconds, there and back.
function exchange(clock: Clock, sent: number, there: number, back: number, ahead = 0): number {
  const exactly = ((sent + there) / 1000) * rate + ahead
  const tick = Math.floor(exactly)
  const micros = Math.round(((exactly - tick) / rate) * 1e6)
  const now = sent + there + back
  clock.pong(sent, now, tick, micros)
  return now
}

const truth = (now: number): number => (now / 1000) * rate

describe('the clock', () => {
  it('is right after the first pong, by half a round trip', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    const now = exchange(clock, 1000, 40, 40)
    expect(clock.tickAt(now)).toBeCloseTo(truth(now), 2)
    expect(clock.rtt).toBe(80)
  })

  it('begins with a guess from the welcome, and says that it is one', () => {
    const clock = new Clock()
    clock.begin(rate, 500, 1000)
    expect(clock.tickAt(1000)).toBe(500)
    expect(clock.tickAt(2000)).toBe(530)
    expect(clock.synced).toBe(false)
    exchange(clock, 1000, 5, 5, 500)
    expect(clock.synced).toBe(true)
  })

  it('believes the pong that waited least: one slow answer moves nothing', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 1000, 20, 20)
    const now = exchange(clock, 2000, 20, 400)
    expect(clock.tickAt(now)).toBeCloseTo(truth(now), 2)
  })

  it('glides: no step when a pong disagrees, and right after some seconds', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    const before = clock.tickAt(1020)
    exchange(clock, 1000, 10, 10, 6) // better or equal: believed, 6 ticks ahead
    expect(clock.tickAt(1020)).toBeCloseTo(before, 6)
    expect(clock.tickAt(6020)).toBeCloseTo(truth(6020) + 6, 1)
  })

  it.each([-300, -60, -3, 3, 60, 300])('never runs backwards when it is off by %d ticks', (ahead) => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    exchange(clock, 1000, 10, 10, ahead)
    let last = clock.tickAt(1020)
    for (let now = 1030; now < 120_000; now += 10) {
      const tick = clock.tickAt(now)
      expect(tick, `at ${now} ms`).toBeGreaterThan(last)
      last = tick
    }
    expect(last).toBeCloseTo(truth(119_990) + ahead, 0)
  })

  it('keeps on through a reconnect, without a step', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    const before = clock.tickAt(5000)
    clock.begin(rate, 148, 5000)
    expect(clock.tickAt(5000)).toBe(before)
    exchange(clock, 5000, 10, 10, 1)
    expect(clock.tickAt(5020)).toBeCloseTo(truth(5020), 1)
  })

  it('starts afresh where the match stood still meanwhile', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    clock.begin(rate, 40, 30_000)
    expect(clock.tickAt(30_000)).toBe(40)
    expect(clock.synced).toBe(false)
  })

  it('glides on over a connection that is resumed, and forgets what was measured before', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 5, 5)
    clock.resume()
    const before = clock.tickAt(5080)
    exchange(clock, 5000, 40, 40, 6) // slower than the one before, and believed
    expect(clock.tickAt(5080)).toBeCloseTo(before, 6)
    expect(clock.tickAt(12_000)).toBeCloseTo(truth(12_000) + 6, 1)
  })

  it.each([-600, -31, 31, 600])('jumps over a connection that is resumed if it is off by %d ticks: the match stood still', (ahead) => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    clock.resume()
    const now = exchange(clock, 30_000, 10, 10, ahead)
    expect(clock.tickAt(now)).toBeCloseTo(truth(now) + ahead, 2)
  })

  it('does not take the first pong’s own slowness for a pause', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 10, 10)
    clock.resume()
    const before = clock.tickAt(33_000)
    exchange(clock, 30_000, 0, 3000)
    expect(clock.tickAt(33_000)).toBeCloseTo(before, 6)
  })

  it('smooths the round trip', () => {
    const clock = new Clock()
    clock.begin(rate, 0, 0)
    exchange(clock, 0, 50, 50)
    exchange(clock, 1000, 90, 90)
    expect(clock.rtt).toBe(110)
  })

  it('measures how unevenly snapshots arrive, and nothing when they are even', () => {
    const even = new Clock()
    even.begin(20, 0, 0)
    for (let tick = 1; tick < 100; tick++) even.arrived(tick, tick * 50 + 300)
    expect(even.jitter).toBeCloseTo(0, 6)

    const uneven = new Clock()
    uneven.begin(20, 0, 0)
    for (let tick = 1; tick < 200; tick++) uneven.arrived(tick, tick * 50 + (tick % 2) * 10)
    expect(uneven.jitter).toBeCloseTo(10, 0)
  })

  it('does not take a page that slept for an uneven way', () => {
    const clock = new Clock()
    clock.begin(20, 0, 0)
    for (let tick = 1; tick < 100; tick++) clock.arrived(tick, tick * 50)
    clock.arrived(100, 100 * 50 + 20_000)
    for (let tick = 501; tick < 600; tick++) clock.arrived(tick, tick * 50)
    expect(clock.jitter).toBeLessThan(1)
  })
})
