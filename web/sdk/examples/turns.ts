// Battleship by requests: each is answered, and a refusal says why, in a code
// for the program and a sentence for the player.
import { connect, Refusal, Unanswered } from 'tickroom'
import { Rest } from 'tickroom/lobby'
import type { BattleshipRoom } from '../../games/battleship/types.ts'

const lobby = new Rest()
const { token } = await lobby.guest('Admiral')
const room: BattleshipRoom = connect(await lobby.seatInGame(token, 'battleship'))

const title = document.createElement('h1')
const says = document.createElement('p')
const ready = document.createElement('button')
ready.textContent = 'Ready'
const cells = Array.from({ length: 100 }, () => document.createElement('button'))
const board = document.createElement('div')
board.style.cssText = 'display: grid; width: 20rem; grid-template-columns: repeat(10, 1fr)'
board.append(...cells)
document.body.append(title, says, ready, board)

ready.onclick = () => ask(room.request('ready'))
cells.forEach((cell, i) => {
  cell.onclick = () => ask(room.request('fire', { x: i % 10, y: Math.floor(i / 10) }, { timeout: 5000 }))
})

async function ask(asked: Promise<void>): Promise<void> {
  says.textContent = await asked.then(() => '', why)
}

function why(error: unknown): string {
  if (error instanceof Refusal && error.code === 'not-your-turn') return 'Wait: they are aiming.'
  if (error instanceof Unanswered && error.code === 'lost') return 'Look at the board: nobody knows whether that was done.'
  return error instanceof Error ? error.message : String(error)
}

room.onView(({ phase, turn, sides }) => {
  title.textContent = phase === 'firing' ? (turn === room.seat ? 'Your shot' : 'Their shot') : phase
  sides[1 - room.seat]?.shots.forEach((mark, i) => {
    ;(cells[i] as HTMLElement).textContent = ['·', '○', '✕'][mark] ?? ''
  })
})
room.onOver(({ standings }) => {
  title.textContent = standings.find((s) => s.place === 1)?.seat === room.seat ? 'You won' : 'You lost'
})
