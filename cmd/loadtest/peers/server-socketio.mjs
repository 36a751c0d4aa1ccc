// Rooms over Socket.IO.
//
//	node server-socketio.mjs PORT [recover]       query: room = event|state|state/N
//
// With "recover", what was missed while away is sent when a client is back
// (connection state recovery), and events are acknowledged. Says "ready" when
// it listens.

import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { Swarm } from './swarm.mjs'
import { everyTick } from './ticks.mjs'

const [port, recover] = process.argv.slice(2)
const http = createServer()
const io = new Server(http, recover ? { connectionStateRecovery: {} } : {})
const rooms = new Map()

function room(name) {
  const known = rooms.get(name)
  if (known) return known
  const made = { members: 0, swarm: new Swarm() }
  rooms.set(name, made)
  if (name.startsWith('state')) made.began = everyTick(() => step(name, made.swarm))
  return made
}

function step(name, swarm) {
  swarm.step()
  io.to(name).volatile.emit('state', { tick: swarm.tick, things: swarm.things })
}

io.on('connection', (socket) => {
  const { room: name } = socket.handshake.query
  const mine = room(name)
  const seat = mine.members++
  socket.join(name)
  if (mine.began) socket.emit('began', String(mine.began))
  socket.on('input', (controls) => mine.swarm.input(seat, controls))
  socket.on('shot', (data, done) => {
    io.to(name).emit('shot', seat, data)
    done?.()
  })
})
http.listen(Number(port), '127.0.0.1', () => console.log('ready'))
