import { expect, test } from 'vitest'
import { all, channel, others, type Command, type Events, type RelayRoom } from './channel.ts'

// A room that keeps what is asked of it, and says what it is told to.
function fakeRoom() {
  const asked: Command[] = []
  let hear: (m: Events['message'], tick: number) => void = () => {}
  const room = {
    request: async (c: Command) => void asked.push(c),
    on: (_: string, listener: typeof hear) => {
      hear = listener
      return () => (hear = () => {})
    },
  } as unknown as RelayRoom
  const say = (name: string, text: string): void => hear({ from: 3, name, data: new TextEncoder().encode(text) }, 1)
  return { room, asked, say }
}

test('what is emitted is JSON in bytes, under its name', async () => {
  const { room, asked } = fakeRoom()
  await channel(room).emit(others, 'move', { x: 1 })
  await channel(room).emit(all, 'nothing', undefined)
  expect(asked.map((c) => [c.to, c.name, new TextDecoder().decode(c.data)])).toEqual([
    [-2, 'move', '{"x":1}'],
    [-1, 'nothing', 'null'],
  ])
})

test('a listener hears its own name, "*" hears all, and undo ends it', () => {
  const { room, say } = fakeRoom()
  const heard: unknown[] = []
  const undo = channel(room).on('move', (data, from) => heard.push([data, from]))
  say('move', '{"x":1}')
  say('chat', '"hello"')
  undo()
  say('move', '{"x":2}')
  expect(heard).toEqual([[{ x: 1 }, 3]])

  const names: string[] = []
  channel(room).on('*', (_data, _from, name) => names.push(name))
  say('a', '1')
  say('b', '2')
  expect(names).toEqual(['a', 'b'])
})

test('what is no JSON is heard as undefined', () => {
  const { room, say } = fakeRoom()
  const heard: unknown[] = []
  channel(room).on('move', (data) => heard.push(data))
  say('move', '{"x":')
  expect(heard, 'it comes from strangers, and must not end the page').toEqual([undefined])
})
