// Rooms of Colyseus: state in a schema of the smallest types that hold it,
// patched right after every step, and controls by its own way for inputs.
//
//	node server-colyseus.mjs PORT       rooms "event" and "state", as many as are full
//
// Says "ready" when it listens.

import { Room, Server } from '@colyseus/core'
import { ArraySchema, schema, t } from '@colyseus/schema'
import { WebSocketTransport } from '@colyseus/ws-transport'
import { Swarm } from './swarm.mjs'
import { everyTick } from './ticks.mjs'

const Thing = schema(
  { id: t.uint8(), x: t.int16(), y: t.int16(), vx: t.int8(), vy: t.int8(), angle: t.int16(), hp: t.uint8() },
  'Thing',
)
const Controls = schema({ buttons: t.uint8(), aim: t.int16() }, 'Controls')
const State = schema({ tick: t.uint32(), things: t.array(Thing) }, 'State')

class EventRoom extends Room {
  onCreate() {
    this.maxClients = 8
    this.onMessage('shot', (client, data) => this.broadcast('shot', { from: this.clients.indexOf(client), data }))
  }
}

class StateRoom extends Room {
  patchRate = null // by hand, after the step, so that each patch is one tick
  state = new State()
  inputs = this.defineInput(Controls)

  onCreate() {
    this.maxClients = 8
    this.swarm = new Swarm()
    this.state.things = new ArraySchema(...this.swarm.things.map((thing) => new Thing().assign(thing)))
    this.began = everyTick(() => this.step())
  }

  onJoin(client) {
    client.userData = this.clients.indexOf(client)
    client.send('began', String(this.began))
  }

  step() {
    for (const client of this.clients) {
      for (const controls of this.inputs.get(client.sessionId)) this.swarm.input(client.userData, controls)
    }
    this.swarm.step()
    this.state.tick = this.swarm.tick
    this.swarm.things.forEach((thing, i) => this.state.things[i].assign(thing))
    this.broadcastPatch()
  }
}

const server = new Server({ transport: new WebSocketTransport(), greet: false })
server.define('event', EventRoom)
server.define('state', StateRoom)
await server.listen(Number(process.argv[2]), '127.0.0.1')
console.log('ready')
