// What the server tells a page, read off its WebSocket as PROTOCOL.md has it:
// so a test knows where ships are without asking the page that draws them. A
// link that was welcomed over something else cannot be read here.

import { decode } from '@msgpack/msgpack'
import type { Page } from 'playwright-core'

type Type = string | [kind: 'list' | 'opt', of: Type] | [kind: 'struct', fields: [name: string, type: Type][]]

export interface Welcome {
  readonly room: string
  readonly game: string
  readonly seat: number
}

export class Channel {
  /** How often the page was let in; each coming back is one more. */
  welcomes = 0
  welcome: Welcome | undefined
  /** The newest view, its fields by name. */
  view: any
  /** The tick it is of. */
  tick = 0
  #viewType: Type | undefined

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') this.#hear(decode(payload) as unknown[])
      })
    })
  }

  #hear(frame: unknown[]): void {
    switch (frame[0]) {
      case 16: {
        const [, room, game, seat] = frame as [number, string, string, number]
        this.welcome = { room, game, seat }
        this.#viewType = (frame[8] as [Type, Type])[1]
        this.welcomes++
        return
      }
      case 17:
        if (this.#viewType === undefined) return
        this.view = named(frame[2], this.#viewType)
        this.tick = frame[1] as number
    }
  }
}

/** Gives the fields of structs their names. */
function named(value: any, type: Type): unknown {
  if (typeof type === 'string' || value === null) return value
  const [kind, of] = type
  switch (kind) {
    case 'list':
      return value.map((v: unknown) => named(v, of))
    case 'opt':
      return named(value, of)
    case 'struct':
      return Object.fromEntries(of.map(([name, t], i) => [name, named(value[i], t)]))
  }
}
