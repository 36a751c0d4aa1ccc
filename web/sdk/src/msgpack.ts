// The part of msgpack that the channel speaks: nil, booleans, whole numbers,
// strings, bytes, arrays. Floats, maps and extensions are errors, so nothing
// can arrive that the protocol does not have.
//
// The reader trusts no length: an array that claims more elements than bytes
// are left is an error before anything is made for it. Numbers above 2^53 are
// an error, since JavaScript could not hold them exactly.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const toUtf8 = new TextEncoder()

/** Bytes that are not what they should be. */
export class MsgpackError extends Error {
  override name = 'MsgpackError'
}

/** Reads values off one frame, in order. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #data: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  /** Takes a nil if one is next. */
  nil(): boolean {
    if (this.#bytes[this.#at] !== 0xc0) return false
    this.#at++
    return true
  }

  bool(): boolean {
    const b = this.#u8()
    if (b !== 0xc2 && b !== 0xc3) throw new MsgpackError(`a bool was expected, not 0x${b.toString(16)}`)
    return b === 0xc3
  }

  int(): number {
    const b = this.#u8()
    if (b < 0x80) return b
    if (b >= 0xe0) return b - 0x100
    switch (b) {
      case 0xcc: return this.#u8()
      case 0xcd: return this.#data.getUint16(this.#skip(2))
      case 0xce: return this.#data.getUint32(this.#skip(4))
      case 0xcf: return exact(this.#data.getBigUint64(this.#skip(8)))
      case 0xd0: return this.#data.getInt8(this.#skip(1))
      case 0xd1: return this.#data.getInt16(this.#skip(2))
      case 0xd2: return this.#data.getInt32(this.#skip(4))
      case 0xd3: return exact(this.#data.getBigInt64(this.#skip(8)))
    }
    throw new MsgpackError(`a whole number was expected, not 0x${b.toString(16)}`)
  }

  uint(): number {
    const n = this.int()
    if (n < 0) throw new MsgpackError(`a number from 0 on was expected, not ${n}`)
    return n
  }

  str(): string {
    const b = this.#u8()
    const n = b >= 0xa0 && b <= 0xbf ? b & 0x1f : this.#length(b, 0xd9, 'a string')
    const bytes = this.#take(n)
    try {
      return utf8.decode(bytes)
    } catch {
      throw new MsgpackError('a string is not UTF-8')
    }
  }

  /** Bytes: a copy, so that the frame need not be kept. */
  bin(): Uint8Array {
    return this.#take(this.#length(this.#u8(), 0xc4, 'bytes')).slice()
  }

  /** Whether an array is next. */
  isArray(): boolean {
    const b = this.#bytes[this.#at] ?? 0
    return (b >= 0x90 && b <= 0x9f) || b === 0xdc || b === 0xdd
  }

  /** The length of the array that begins here. Each element is at least a byte. */
  array(): number {
    const b = this.#u8()
    const n = b >= 0x90 && b <= 0x9f ? b & 0x0f : this.#arrayLength(b)
    if (n > this.#bytes.length - this.#at) throw new MsgpackError(`an array of ${n} is more than the frame holds`)
    return n
  }

  #arrayLength(b: number): number {
    if (b === 0xdc) return this.#data.getUint16(this.#skip(2))
    if (b === 0xdd) return this.#data.getUint32(this.#skip(4))
    throw new MsgpackError(`an array was expected, not 0x${b.toString(16)}`)
  }

  /** A length of 1, 2 or 4 bytes, by its type byte: first, first+1, first+2. */
  #length(b: number, first: number, what: string): number {
    switch (b - first) {
      case 0: return this.#u8()
      case 1: return this.#data.getUint16(this.#skip(2))
      case 2: return this.#data.getUint32(this.#skip(4))
    }
    throw new MsgpackError(`${what} was expected, not 0x${b.toString(16)}`)
  }

  #u8(): number {
    return this.#bytes[this.#skip(1)] as number
  }

  #take(n: number): Uint8Array {
    const at = this.#skip(n)
    return this.#bytes.subarray(at, at + n)
  }

  /** Moves on by n bytes and says where they began. */
  #skip(n: number): number {
    const at = this.#at
    if (n > this.#bytes.length - at) throw new MsgpackError('the frame ends too early')
    this.#at = at + n
    return at
  }
}

/** Writes values one after the other, each in its smallest form. */
export class Writer {
  readonly #bytes: number[] = []

  /** What was written so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes)
  }

  nil(): this {
    return this.#put(0xc0)
  }

  bool(b: boolean): this {
    return this.#put(b ? 0xc3 : 0xc2)
  }

  int(n: number): this {
    if (!isExact(n)) throw new MsgpackError(`${n} is not a whole number`)
    if (n >= 0) return this.uint(n)
    return n >= -0x20 ? this.#put(n & 0xff) : this.#sized(0xd0, n, -2 * (n + 1))
  }

  uint(n: number): this {
    if (!isExact(n) || n < 0) throw new MsgpackError(`${n} is not a whole number from 0 on`)
    return n < 0x80 ? this.#put(n) : this.#sized(0xcc, n)
  }

  str(s: string): this {
    const bytes = toUtf8.encode(s)
    const n = bytes.length
    return (n < 32 ? this.#put(0xa0 | n) : this.#sized(0xd9, n)).#all(bytes)
  }

  bin(bytes: Uint8Array): this {
    return this.#sized(0xc4, bytes.length).#all(bytes)
  }

  /** Begins an array of n elements, which must follow. */
  array(n: number): this {
    return n < 16 ? this.#put(0x90 | n) : this.#sized(0xdb, n, n, 1)
  }

  /** A number in 1, 2, 4 or 8 bytes, after its type byte: first, first+1 ... The fewest that `most` fits in, and not below 2 ** power. */
  #sized(first: number, n: number, most = n, power = 0): this {
    while (most >= 256 ** (2 ** power)) power++
    return this.#put(first + power, n, 2 ** power)
  }

  /** A byte, and a number in so many more, the highest first; a negative one as its two's complement. */
  #put(byte: number, n = 0, size = 0): this {
    this.#bytes.push(byte)
    while (size-- > 0) this.#bytes.push(Math.floor(n / 256 ** size) & 0xff)
    return this
  }

  #all(bytes: Uint8Array): this {
    for (const b of bytes) this.#bytes.push(b)
    return this
  }
}

/** The largest number up to which JavaScript counts without a gap. */
const most = 2 ** 53

/** Whether a value is a whole number that can be said exactly. */
export const isExact = (n: unknown): n is number => Number.isInteger(n) && Math.abs(n as number) <= most

function exact(n: bigint): number {
  if (n > BigInt(most) || n < -BigInt(most)) throw new MsgpackError(`${n} is beyond 2^53`)
  return Number(n)
}
