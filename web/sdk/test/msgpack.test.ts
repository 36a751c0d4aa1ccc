import { decode as oracleDecode, encode as oracleEncode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { MsgpackError, Reader, Writer } from '../src/msgpack.ts'

const numbers = [
  0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53,
  -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53),
]
const strings = ['', 'a', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(70000), 'ä€𝄞']
const bytes = (...b: number[]): Reader => new Reader(Uint8Array.from(b))

describe('the writer, against another implementation', () => {
  it.each(numbers)('writes the number %d so that the other reads it', (n) => {
    expect(oracleDecode(new Writer().int(n).bytes())).toBe(n)
  })

  it.each(numbers.filter((n) => Math.abs(n) <= 2 ** 32 - 1 && n >= -(2 ** 31)))('writes %d in the same smallest form', (n) => {
    expect(new Writer().int(n).bytes()).toEqual(oracleEncode(n))
  })

  it('writes strings, bytes, arrays, booleans and nil in the same form', () => {
    for (const s of strings) expect(new Writer().str(s).bytes()).toEqual(oracleEncode(s))
    for (const n of [0, 255, 256, 70000]) {
      const b = new Uint8Array(n).fill(7)
      expect(new Writer().bin(b).bytes()).toEqual(oracleEncode(b))
    }
    for (const n of [0, 15, 16, 65535, 65536]) {
      const w = new Writer().array(n)
      for (let i = 0; i < n; i++) w.nil()
      expect(w.bytes()).toEqual(oracleEncode(new Array(n).fill(null)))
    }
    expect(new Writer().bool(true).bool(false).bytes()).toEqual(Uint8Array.of(0xc3, 0xc2))
  })

  it('refuses what is not a whole number', () => {
    for (const n of [1.5, NaN, Infinity, 2 ** 53 + 2]) expect(() => new Writer().int(n)).toThrow(MsgpackError)
    expect(() => new Writer().uint(-1)).toThrow(MsgpackError)
  })
})

describe('the reader, against another implementation', () => {
  it('reads numbers of every form', () => {
    const small = (n: number): boolean => n >= -(2 ** 31) && n < 2 ** 32
    for (const n of numbers.filter(small)) expect(new Reader(oracleEncode(n)).int()).toBe(n)
    for (const n of numbers) expect(new Reader(oracleEncode(BigInt(n), { useBigInt64: true })).int()).toBe(n)
  })

  it('reads strings and bytes', () => {
    for (const s of strings) expect(new Reader(oracleEncode(s)).str()).toBe(s)
    const b = new Uint8Array(70000).fill(9)
    expect(new Reader(oracleEncode(b)).bin()).toEqual(b)
  })

  it('reads from the middle of a larger buffer', () => {
    const all = Uint8Array.of(99, 99, 0xcd, 0x01, 0x02, 99)
    expect(new Reader(all.subarray(2, 5)).int()).toBe(0x102)
  })
})

describe('the reader, given bytes it cannot trust', () => {
  it('makes nothing for an array that claims more than the frame holds', () => {
    expect(() => bytes(0xdd, 0xff, 0xff, 0xff, 0xff).array()).toThrow('more than the frame holds')
  })

  it.each([
    ['a string longer than the frame', () => bytes(0xdb, 0xff, 0xff, 0xff, 0xff, 1).str()],
    ['bytes longer than the frame', () => bytes(0xc6, 0xff, 0xff, 0xff, 0xff, 1).bin()],
    ['a number that is cut off', () => bytes(0xcf, 1, 2).int()],
    ['nothing at all', () => bytes().int()],
  ])('says that the frame ends too early for %s', (_, read) => {
    expect(read).toThrow('ends too early')
  })

  it.each([
    ['a float', () => bytes(0xca, 0, 0, 0, 0).int()],
    ['a map as an array', () => bytes(0x81).array()],
    ['a number as a string', () => bytes(1).str()],
    ['a string as bytes', () => bytes(0xa1, 65).bin()],
    ['nil as a bool', () => bytes(0xc0).bool()],
    ['more than 2^53', () => bytes(0xcf, 0x00, 0x20, 0, 0, 0, 0, 0, 1).int()],
    ['a string that is not UTF-8', () => bytes(0xa2, 0xff, 0xfe).str()],
    ['a negative where none may be', () => bytes(0xff).uint()],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(MsgpackError)
  })

  it('never throws anything else and never hangs, whatever the bytes', () => {
    let seed = 1
    const random = (): number => (seed = (seed * 48271) % 0x7fffffff)
    for (let round = 0; round < 2000; round++) {
      const r = new Reader(Uint8Array.from({ length: random() % 24 }, () => random() % 256))
      const read = [() => r.int(), () => r.str(), () => r.bin(), () => r.array(), () => r.bool()]
      try {
        for (let i = 0; i < 40 && !r.done; i++) read[random() % read.length]!()
      } catch (error) {
        expect(error, `round ${round} of seed 1`).toBeInstanceOf(MsgpackError)
      }
    }
  })
})
