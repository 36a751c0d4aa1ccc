import { describe, expect, it } from 'vitest'
import { MsgpackError, Reader, Writer } from '../src/msgpack.ts'
import { readSchema, saying, type Schema } from '../src/schema.ts'
import { frame } from './world.ts'

type Plain = Parameters<typeof frame>[0]

const schemaOf = (command: Plain, view: Plain = 'bool', events: Plain = []): Schema =>
  readSchema(new Reader(frame([command, view, events])))

const roundTrip = (type: Plain, value: unknown): unknown => {
  const { command } = schemaOf(type)
  const w = new Writer()
  command.write(w, value, 'command')
  return command.read(new Reader(w.bytes()))
}

const ship: Plain = ['struct', [['x', 'int'], ['name', 'str'], ['tags', ['list', 'uint']], ['target', ['opt', ['struct', [['id', 'bin']]]]]]]

describe('a schema', () => {
  it('turns a struct into an array of its fields in order', () => {
    const w = new Writer()
    schemaOf(ship).command.write(w, { name: 'a', target: null, tags: [1, 2], x: -3 }, 'command')
    expect(w.bytes()).toEqual(frame([-3, 'a', [1, 2], null]))
  })

  it('brings every type back as it was', () => {
    const value = { x: -3, name: 'ä', tags: [1, 2 ** 40], target: { id: Uint8Array.of(1, 2) } }
    expect(roundTrip(ship, value)).toEqual(value)
    expect(roundTrip(['list', ['list', 'bool']], [[true], [], [false]])).toEqual([[true], [], [false]])
    expect(roundTrip(['struct', []], {})).toEqual({})
  })

  it('takes what is missing as absent only where the type is optional', () => {
    expect(roundTrip(ship, { x: 1, name: '', tags: [] })).toEqual({ x: 1, name: '', tags: [], target: null })
  })

  it.each([
    [{ x: 1.5, name: '', tags: [] }, 'command.x must be a whole number, not 1.5'],
    [{ name: '', tags: [] }, 'command.x must be a whole number, not undefined'],
    [{ x: 1, name: 7, tags: [] }, 'command.name must be a string, not 7'],
    [{ x: 1, name: '', tags: [1, -1] }, 'command.tags[1] must be a whole number from 0 on, not -1'],
    [{ x: 1, name: '', tags: 'no' }, 'command.tags must be an array, not no'],
    [{ x: 1, name: '', tags: [], target: { id: 'no' } }, 'command.target.id must be a Uint8Array, not no'],
    [3, 'command must be an object, not 3'],
  ])('names the place of what is wrong in %j', (value, text) => {
    expect(() => schemaOf(ship).command.write(new Writer(), value, 'command')).toThrow(new TypeError(text))
  })

  it('fills a command that says one thing with what says nothing', () => {
    const schema = schemaOf(['struct', [['on', 'bool'], ['by', 'int'], ['n', 'uint'], ['text', 'str'], ['data', 'bin'], ['all', ['list', 'int']], ['ship', ship], ['at', ['opt', ship]]]])
    const zero = { on: false, by: 0, n: 0, text: '', data: new Uint8Array(), all: [], ship: { x: 0, name: '', tags: [], target: null }, at: null }
    expect(saying(schema, 'by', 3)).toEqual({ ...zero, by: 3 })
    expect((saying(schema, 'by', 3) as typeof zero).all, 'nobody shares its lists').not.toBe((saying(schema, 'by', 3) as typeof zero).all)
    const w = new Writer()
    schema.command.write(w, saying(schema, 'text', 'hello'), 'command')
    expect(schema.command.read(new Reader(w.bytes())), 'and that is a command').toEqual({ ...zero, text: 'hello' })
  })

  it.each(['other', 'toString', '__proto__'])('has no command that says %s where it has no such field', (name) => {
    expect(() => saying(schemaOf(ship), name, 1)).toThrow(new TypeError(`a command has no "${name}"; it has x, name, tags, target`))
  })

  it('knows its events by name', () => {
    const { events } = schemaOf('bool', 'bool', [['kill', ['struct', [['by', 'int']]]], ['end', ['struct', []]]])
    expect([...events.keys()]).toEqual(['kill', 'end'])
    expect(events.get('kill')?.read(new Reader(frame([4])))).toEqual({ by: 4 })
  })

  it('refuses a struct with more or fewer parts than its fields', () => {
    const { command } = schemaOf(['struct', [['x', 'int']]])
    expect(() => command.read(new Reader(frame([1, 2])))).toThrow('a struct has 2 parts instead of 1')
  })

  it.each<[string, Plain]>([
    ['an unknown scalar', 'float'],
    ['an unknown form', ['map', 'int']],
    ['a list of two types', ['list', 'int', 'int']],
    ['a field without a type', ['struct', [['x']]]],
    ['a number', 7],
  ])('refuses %s', (_, type) => {
    expect(() => schemaOf(type)).toThrow(MsgpackError)
  })

  it('refuses types that nest without end', () => {
    let type: Plain = 'int'
    for (let i = 0; i < 40; i++) type = ['list', type]
    expect(() => schemaOf(type)).toThrow('nests deeper')
  })

  it('refuses types without number', () => {
    const fields: Plain = Array.from({ length: 5000 }, () => ['x', 'int'])
    expect(() => schemaOf(['struct', fields])).toThrow('more than 4096 types')
  })
})
