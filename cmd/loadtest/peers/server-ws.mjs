// Rooms over raw WebSockets with JSON, as most who use no library write them.
//
//	node server-ws.mjs PORT       rooms at /event and /state, and more at /state/N
//
// Says "ready" when it listens.

import { WebSocketServer } from 'ws'
import { Swarm } from './swarm.mjs'
import { everyTick } from './ticks.mjs'

const port = Number(process.argv[2])
const rooms = new Map()

function room(name) {
  const known = rooms.get(name)
  if (known) return known
  const made = { members: [], swarm: new Swarm() }
  rooms.set(name, made)
  if (name.startsWith('/state')) made.began = everyTick(() => step(made))
  return made
}

function step({ members, swarm }) {
  swarm.step()
  tell(members, { type: 'state', tick: swarm.tick, things: swarm.things })
}

function tell(members, message) {
  const text = JSON.stringify(message)
  for (const socket of members) socket.send(text)
}

const server = new WebSocketServer({ port, host: '127.0.0.1' }, () => console.log('ready'))
server.on('connection', (socket, request) => {
  const { members, swarm, began } = room(request.url)
  if (began) socket.send(JSON.stringify({ type: 'began', at: String(began) }))
  const seat = members.push(socket) - 1
  socket.on('message', (text) => {
    const message = JSON.parse(text)
    if (message.type === 'input') swarm.input(seat, message)
    else tell(members, { type: message.type, from: seat, data: message.data })
  })
})
