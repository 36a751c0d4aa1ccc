// A chat over the relay: what one says, all in the room hear, once and in order.
import { connect } from 'tickroom'
import { Rest } from 'tickroom/lobby'
import type { RelayRoom } from '../../games/relay/types.ts'

const lobby = new Rest()
const { token } = await lobby.guest(prompt('Your name?') || 'Guest')
const room: RelayRoom = connect(await lobby.seatInGame(token, 'relay'))
const lines = document.createElement('pre')
const line = document.createElement('input')
document.body.append(lines, line)

const nameOf = (seat: number): string => room.members.find((m) => m.seat === seat)?.name ?? 'Somebody'
room.on('message', ({ from, data }) => lines.append(`${nameOf(from)}: ${new TextDecoder().decode(data)}\n`))
room.onFailed((error) => lines.append(`Not said: ${error.message}\n`))
line.onchange = () => {
  room.send({ to: -1, name: 'chat', data: new TextEncoder().encode(line.value) }) // -1 is all, the sender too
  line.value = ''
}
