// One connection over one transport, and whether frames pass over it.
//
//	opening --open--> (asking, by a ping, where nobody knows) --> greeted --a frame--> heard
//
// Whoever is not heard in time is lost, in any state before the last.

import type { Undo } from './events.ts'
import { isPong, pingAt, type Frame } from './protocol.ts'
import type { Via } from './via.ts'
import type { Socket, World } from './world.ts'

/** Who is told what a contact finds out. */
export interface ContactOwner {
  /** It is time for hello. */
  ready(c: Contact): void
  received(c: Contact, frame: Uint8Array): void
  lost(c: Contact, code: number, reason: string): void
}

export class Contact {
  readonly via: Via
  readonly #socket: Socket
  #patience: Undo = () => {}
  opened = false
  /** Hello was said, or is being said. */
  greeted = false
  /** Something came over it. */
  heard = false

  /** `sure` of the transport, hello is not to wait for a pong. */
  constructor(world: World, url: string, via: Via, sure: boolean, patience: number, owner: ContactOwner) {
    this.via = via
    const wait = (): void => {
      this.#patience()
      this.#patience = world.after(patience, () => owner.lost(this, 1006, ''))
    }
    const greet = (): void => {
      this.greeted = true
      owner.ready(this)
    }
    this.#socket = world.connect(url, {
      open: () => {
        this.opened = true
        wait()
        if (sure || via !== 'websocket') greet()
        else this.send(pingAt(world.now()))
      },
      message: (frame) => {
        const asked = !this.greeted
        this.heard = true
        this.#patience()
        if (asked && isPong(frame)) greet()
        else owner.received(this, frame)
      },
      closed: (code, reason) => owner.lost(this, code, reason),
    }, via)
    wait()
  }

  get backlog(): number {
    return this.#socket.backlog
  }

  send(frame: Frame): void {
    this.#socket.send(frame)
  }

  close(): void {
    this.#patience()
    this.#socket.close()
  }
}
