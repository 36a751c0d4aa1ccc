// The part of msgpack that the channel speaks: nil, booleans, whole numbers,
// strings, bytes, arrays. Floats, maps and extensions are errors, so nothing
// can arrive that the protocol does not have.
//
// The reader trusts no length: an array that claims more elements than bytes
// are left is an error before anything is made for it. Numbers above 2^53 are
// an error, since JavaScript could not hold them exactly.

const utf8 = new TextDecoder('utf-8', { fatal: true })
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
  #bytes = new Uint8Array(64)
  #data = new DataView(this.#bytes.buffer)
  #at = 0

  /** What was written so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at)
  }

  nil(): this {
    return this.#u8(0xc0)
  }

  bool(b: boolean): this {
    return this.#u8(b ? 0xc3 : 0xc2)
  }

  int(n: number): this {
    if (!isExact(n)) throw new MsgpackError(`${n} is not a whole number`)
    return n < 0 ? this.#negative(n) : this.uint(n)
  }

  uint(n: number): this {
    if (!isExact(n) || n < 0) throw new MsgpackError(`${n} is not a whole number from 0 on`)
    if (n < 0x80) return this.#u8(n)
    if (n < 0x100) return this.#u8(0xcc).#u8(n)
    if (n < 0x10000) return this.#u8(0xcd).#u16(n)
    if (n < 0x100000000) return this.#u8(0xce).#u32(n)
    return this.#u8(0xcf).#i64(n)
  }

  str(s: string): this {
    const bytes = toUtf8.encode(s)
    if (bytes.length < 32) this.#u8(0xa0 | bytes.length)
    else this.#length(0xd9, bytes.length)
    return this.#put(bytes)
  }

  bin(bytes: Uint8Array): this {
    return this.#length(0xc4, bytes.length).#put(bytes)
  }

  /** Begins an array of n elements, which must follow. */
  array(n: number): this {
    if (n < 16) return this.#u8(0x90 | n)
    if (n < 0x10000) return this.#u8(0xdc).#u16(n)
    return this.#u8(0xdd).#u32(n)
  }

  #negative(n: number): this {
    if (n >= -0x20) return this.#u8(n)
    if (n >= -0x80) return this.#u8(0xd0).#u8(n)
    if (n >= -0x8000) return this.#u8(0xd1).#u16(n)
    if (n >= -0x80000000) return this.#u8(0xd2).#u32(n)
    return this.#u8(0xd3).#i64(n)
  }

  /** A length in 1, 2 or 4 bytes, after its type byte: first, first+1, first+2. */
  #length(first: number, n: number): this {
    if (n < 0x100) return this.#u8(first).#u8(n)
    if (n < 0x10000) return this.#u8(first + 1).#u16(n)
    return this.#u8(first + 2).#u32(n)
  }

  // Room first: making it may replace what is written to. The setters take a
  // negative number as its two's complement.

  #u8(n: number): this {
    const at = this.#room(1)
    this.#data.setUint8(at, n)
    return this
  }

  #u16(n: number): this {
    const at = this.#room(2)
    this.#data.setUint16(at, n)
    return this
  }

  #u32(n: number): this {
    const at = this.#room(4)
    this.#data.setUint32(at, n)
    return this
  }

  #i64(n: number): this {
    const at = this.#room(8)
    this.#data.setBigInt64(at, BigInt(n))
    return this
  }

  #put(bytes: Uint8Array): this {
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  #room(n: number): number {
    const at = this.#at
    this.#at += n
    if (this.#at > this.#bytes.length) this.#grow()
    return at
  }

  #grow(): void {
    const bytes = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2))
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#data = new DataView(bytes.buffer)
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
