// A game's types, as the server describes them in its welcome, made into code
// that reads and writes them. On the wire a struct is an array of its fields in
// the schema's order; to a program it is an object with names.

import { maxTypeDepth, maxTypes } from './limits.ts'
import { isExact, MsgpackError, type Reader, type Writer } from './msgpack.ts'

/** Reads and writes the values of one type. */
export interface Codec {
  read(r: Reader): unknown
  /** Throws a TypeError naming the place when the value is not of the type. */
  write(w: Writer, value: unknown, place: string): void
  /** The value that says nothing: false, 0, '', no bytes, an empty list, null, a struct of those. */
  zero(): unknown
}

/** What one game says and hears. */
export interface Schema {
  readonly command: Codec
  readonly view: Codec
  readonly events: ReadonlyMap<string, Codec>
}

/**
 * The command that says one thing: the field of that name is the data, all others say nothing. A
 * list whose length the rules fix has no such value; who needs one gives the whole command.
 */
export function saying({ command }: Schema, name: string, data: unknown): object {
  const zero = command.zero() as object
  if (!Object.hasOwn(zero, name)) throw new TypeError(`a command has no "${name}"; it has ${Object.keys(zero).join(', ') || 'nothing'}`)
  return { ...zero, [name]: data }
}

/** Reads a schema: [command, view, [[event, type]...]]. */
export function readSchema(r: Reader): Schema {
  expectLength(r, 3, 'a schema')
  const limit = { types: 0 }
  const command = readType(r, 0, limit)
  const view = readType(r, 0, limit)
  const events = new Map(readFields(r, 0, limit, 'an event'))
  return { command, view, events }
}

function readType(r: Reader, depth: number, limit: { types: number }): Codec {
  if (depth > maxTypeDepth) throw new MsgpackError(`a schema nests deeper than ${maxTypeDepth}`)
  if (++limit.types > maxTypes) throw new MsgpackError(`a schema has more than ${maxTypes} types`)
  if (!r.isArray()) return scalar(r.str())
  const n = r.array()
  const word = n === 2 ? r.str() : ''
  switch (word) {
    case 'list': return list(readType(r, depth + 1, limit))
    case 'opt': return optional(readType(r, depth + 1, limit))
    case 'struct': return struct(readFields(r, depth + 1, limit, 'a field'))
  }
  throw new MsgpackError(`a schema has a type of ${n} parts, "${word}", that this client does not know`)
}

function readFields(r: Reader, depth: number, limit: { types: number }, what: string): [string, Codec][] {
  return Array.from({ length: r.array() }, () => {
    expectLength(r, 2, what)
    return [r.str(), readType(r, depth, limit)]
  })
}

function scalar(word: string): Codec {
  switch (word) {
    case 'bool': return bool
    case 'int': return int
    case 'uint': return uint
    case 'str': return str
    case 'bin': return bin
  }
  throw new MsgpackError(`a schema has the type "${word}" that this client does not know`)
}

const bool: Codec = {
  read: (r) => r.bool(),
  zero: () => false,
  write: (w, v, place) => w.bool(typeof v === 'boolean' ? v : wrong(place, 'true or false', v)),
}
const int: Codec = {
  read: (r) => r.int(),
  zero: () => 0,
  write: (w, v, place) => w.int(isExact(v) ? v : wrong(place, 'a whole number', v)),
}
const uint: Codec = {
  read: (r) => r.uint(),
  zero: () => 0,
  write: (w, v, place) =>
    w.uint(isExact(v) && v >= 0 ? v : wrong(place, 'a whole number from 0 on', v)),
}
const str: Codec = {
  read: (r) => r.str(),
  zero: () => '',
  write: (w, v, place) => w.str(typeof v === 'string' ? v : wrong(place, 'a string', v)),
}
const bin: Codec = {
  read: (r) => r.bin(),
  zero: () => new Uint8Array(),
  write: (w, v, place) => w.bin(v instanceof Uint8Array ? v : wrong(place, 'a Uint8Array', v)),
}

function list(element: Codec): Codec {
  return {
    read: (r) => Array.from({ length: r.array() }, () => element.read(r)),
    zero: () => [],
    write(w, v, place) {
      const values = Array.isArray(v) ? v : wrong(place, 'an array', v)
      w.array(values.length)
      values.forEach((x, i) => element.write(w, x, `${place}[${i}]`))
    },
  }
}

function optional(inner: Codec): Codec {
  return {
    read: (r) => (r.nil() ? null : inner.read(r)),
    zero: () => null,
    write(w, v, place) {
      if (v === null || v === undefined) w.nil()
      else inner.write(w, v, place)
    },
  }
}

function struct(fields: readonly [string, Codec][]): Codec {
  return {
    read(r) {
      expectLength(r, fields.length, 'a struct')
      const value: Record<string, unknown> = {}
      for (const [name, codec] of fields) value[name] = codec.read(r)
      return value
    },
    zero: () => Object.fromEntries(fields.map(([name, codec]) => [name, codec.zero()])),
    write(w, v, place) {
      const value = typeof v === 'object' && v !== null ? (v as Record<string, unknown>) : wrong(place, 'an object', v)
      w.array(fields.length)
      for (const [name, codec] of fields) codec.write(w, value[name], `${place}.${name}`)
    },
  }
}

/** Reads the head of an array that must have n elements. */
export function expectLength(r: Reader, n: number, what: string): void {
  const got = r.array()
  if (got !== n) throw new MsgpackError(`${what} has ${got} parts instead of ${n}`)
}

function wrong(place: string, want: string, got: unknown): never {
  throw new TypeError(`${place} must be ${want}, not ${typeof got === 'object' ? JSON.stringify(got) : String(got)}`)
}
