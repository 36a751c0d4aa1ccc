// The members of one room of a peer, and what they do.
//
//	node client.mjs ws|socketio|socketio-recover|colyseus PORT event|state MEMBERS SECONDS
//
// In "event" the first member says 10 times a second an event of 32 bytes to
// all; in "state" each says its controls in every tick. Says "joined" when all
// are in, and at the end how many events or states each heard.

import { Client } from '@colyseus/sdk'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { tickRate } from './swarm.mjs'

const [kind, port, job, members, seconds] = process.argv.slice(2)
const eventRate = 10

/** How each kind joins: heard is called for every event or state; what comes back says something. */
const join = {
  ws: (heard) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/${job}`)
      const say = (message) => socket.send(JSON.stringify(message))
      socket.on('message', heard)
      socket.on('open', () =>
        resolve({
          shoot: (data) => say({ type: 'shot', data: data.toString('base64') }),
          steer: (controls) => say({ type: 'input', ...controls }),
        }),
      )
    }),
  socketio: (heard, acknowledged = false) =>
    new Promise((resolve) => {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, query: { room: job } })
      socket.on('shot', heard)
      socket.on('state', heard)
      socket.on('connect', () =>
        resolve({
          shoot: (data) => (acknowledged ? socket.emit('shot', data, () => {}) : socket.emit('shot', data)),
          steer: (controls) => socket.volatile.emit('input', controls),
        }),
      )
    }),
  'socketio-recover': (heard) => join.socketio(heard, true),
  colyseus: async (heard) => {
    const room = await new Client(`http://127.0.0.1:${port}`).joinOrCreate(job)
    room.onMessage('shot', heard)
    if (job === 'event') return { shoot: (data) => room.send('shot', data) }
    room.onMessage('began', () => {})
    room.onStateChange(heard)
    const input = room.input()
    return {
      steer: (controls) => {
        Object.assign(input.data, controls)
        input.send()
      },
    }
  },
}

const heard = new Array(Number(members)).fill(0)
const players = []
for (let i = 0; i < heard.length; i++) players.push(await join[kind](() => heard[i]++))
console.log('joined')

let n = 0
const act = {
  event: () => players[0].shoot(Buffer.alloc(32, n)),
  state: () => players.forEach((p, i) => p.steer({ buttons: 1 << ((n + i) % 4), aim: ((n + i) * 17) % 628 })),
}[job]
const rate = job === 'event' ? eventRate : tickRate
const timer = setInterval(() => {
  act()
  if (++n >= rate * seconds) clearInterval(timer)
}, 1000 / rate)

setTimeout(() => {
  console.log(JSON.stringify({ said: n, heard }))
  process.exit(0)
}, seconds * 1000 + 1000)
