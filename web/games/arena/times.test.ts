import { describe, expect, test } from 'vitest'
import { Times } from './times.ts'

describe('the two times', () => {
  test('are a round trip and a buffer apart', () => {
    const times = new Times()
    times.update({ tick: 1000, rtt: 100, jitter: 0 }, 0.016)
    expect(times.ahead, '50 ms and the margin of 25 ahead').toBeCloseTo(1000 + 2.25)
    expect(times.behind, '50 ms and the buffer of 90 behind').toBeCloseTo(1000 - 4.2)
  })

  test('never run backwards when the network gets worse or better', () => {
    const times = new Times()
    let tick = 1000
    let last = { ahead: -1, behind: -1 }
    for (let frame = 0; frame < 600; frame++) {
      tick += 0.5
      times.update({ tick, rtt: frame < 200 ? 20 : frame < 400 ? 300 : 40, jitter: frame < 200 ? 1 : 40 }, 1 / 60)
      expect(times.ahead, `frame ${frame}`).toBeGreaterThan(last.ahead)
      expect(times.behind, `frame ${frame}`).toBeGreaterThan(last.behind)
      last = { ahead: times.ahead, behind: times.behind }
    }
  })
})
