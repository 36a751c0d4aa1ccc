import { describe, expect, it } from 'vitest'
import { pack, Splitter } from '../src/frames.ts'
import { MsgpackError } from '../src/msgpack.ts'

const of = (length: number): Uint8Array => new Uint8Array(length).map((_, i) => (i * 7 + length) % 251)
const sizes = [0, 1, 5, 127, 128, 129, 300, 16_383, 16_384, 20_000]

function split(body: Uint8Array, ...cuts: number[]): Uint8Array[] {
  const splitter = new Splitter()
  const ends = [...cuts, body.length]
  const frames = ends.flatMap((end, i) => splitter.push(body.subarray(ends[i - 1] ?? 0, end)))
  expect(splitter.within, `cut at ${cuts.join()}, nothing is left`).toBe(false)
  return frames
}

describe('frames in a body', () => {
  it('have their length before them, 7 bits a byte, the lowest first', () => {
    expect([...pack([Uint8Array.of(9), of(0)])]).toEqual([1, 9, 0])
    expect([...pack([of(300)]).subarray(0, 2)]).toEqual([0xac, 0x02])
    expect([...pack([of(16_384)]).subarray(0, 3)]).toEqual([0x80, 0x80, 0x01])
  })

  it('are taken apart as they were put together', () => {
    const frames = sizes.map(of)
    expect(split(pack(frames))).toEqual(frames)
  })

  it('may be cut at any byte', () => {
    const frames = [of(3), of(0), of(130), of(1)]
    const body = pack(frames)
    for (let a = 0; a <= body.length; a++) expect(split(body, a), `cut at ${a}`).toEqual(frames)
    expect(split(body, ...body.keys()), 'and at all of them').toEqual(frames)
  })

  it('that end too early leave something begun', () => {
    const body = pack([of(3), of(200)])
    for (let end = 0; end <= body.length; end++) {
      const splitter = new Splitter()
      const whole = splitter.push(body.subarray(0, end)).length
      expect([whole, splitter.within], `${end} bytes`).toEqual([end < 4 ? 0 : end < body.length ? 1 : 2, ![0, 4, body.length].includes(end)])
    }
  })

  it.each([
    ['of more than a MiB', [0x81, 0x80, 0x40]],
    ['of a length that does not end', [0x80, 0x80, 0x80, 0x80, 0x80]],
  ])('%s are refused before they come', (_, bytes) => {
    expect(() => new Splitter().push(Uint8Array.from(bytes))).toThrow(MsgpackError)
  })

  it('of a MiB are taken', () => {
    const body = pack([new Uint8Array(0)])
    expect(body).toEqual(Uint8Array.of(0))
    const splitter = new Splitter()
    splitter.push(Uint8Array.of(0x80, 0x80, 0x40))
    const [frame] = splitter.push(new Uint8Array(1 << 20))
    expect(frame?.length).toBe(1 << 20)
  })
})
