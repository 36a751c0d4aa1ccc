// Frames in bodies of HTTP, one after the other, each after its length: an
// unsigned LEB128 number. Pure.

import { maxFrame } from './limits.ts'
import { MsgpackError } from './msgpack.ts'
import type { Frame } from './protocol.ts'

export function pack(frames: readonly Uint8Array[]): Frame {
  const bytes: number[] = []
  for (const frame of frames) {
    let n = frame.length
    for (; n > 127; n >>= 7) bytes.push((n & 127) | 128)
    bytes.push(n, ...frame)
  }
  return Uint8Array.from(bytes)
}

/** Takes a body apart, however it was cut on the way. */
export class Splitter {
  #rest = new Uint8Array(0)

  /** Whether a frame has begun and not ended. */
  get within(): boolean {
    return this.#rest.length > 0
  }

  /** The frames that are whole now that more bytes came. */
  push(more: Uint8Array): Uint8Array[] {
    const bytes = new Uint8Array(this.#rest.length + more.length)
    bytes.set(this.#rest)
    bytes.set(more, this.#rest.length)
    const frames: Uint8Array[] = []
    let at = 0
    for (let next = frameAt(bytes, at); next; next = frameAt(bytes, at)) {
      frames.push(next)
      at = next.byteOffset + next.length
    }
    this.#rest = bytes.slice(at)
    return frames
  }
}

/** The frame whose length begins there, if all of it has come. */
function frameAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  let n = 0
  for (let place = 1; at < bytes.length; place *= 128) {
    const b = bytes[at++] as number
    n += (b & 127) * place
    if (n > maxFrame || place > maxFrame) throw new MsgpackError('a frame is too long')
    if (b < 128) return at + n > bytes.length ? undefined : bytes.subarray(at, at + n)
  }
  return undefined
}
