// The relay's page: a chat, and a playground of named messages. All that makes
// it work is `io.emit` and `io.on`; begin with the chat below, it is a dozen
// lines, and relay/channel.ts is the rest.

import './relay/relay.css'
import { fill, h, type Undo } from '../src/dom.ts'
import { all, channel, others, type Channel } from './relay/channel.ts'
import type { RelayRoom } from './relay/types.ts'

/** Shows why something was not passed on, if it was not. */
type Tell = (sent: Promise<void>) => void

export function mount(room: RelayRoom, root: HTMLElement): () => void {
  const io = channel(room)
  const name = (seat: number): string => room.members.find((m) => m.seat === seat)?.name || `seat ${seat}`
  const trouble = h('p', { class: 'relay-trouble', role: 'alert', testid: 'relay-trouble' })
  const tell: Tell = (sent) => void sent.then(() => fill(trouble), (error: Error) => fill(trouble, error.message))
  const stage = h('div', { class: room.seat < 0 ? 'relay watching' : 'relay' })
  let newest = 0
  const undo = [
    room.onView((_, tick) => {
      if (tick < newest) for (const list of stage.querySelectorAll('ol')) list.replaceChildren() // a replay went back
      newest = tick
    }),
    chat(io, stage, name, tell),
    playground(io, stage, name, tell, room),
  ]
  stage.append(trouble)
  root.append(stage)
  return () => {
    for (const u of undo) u()
    stage.remove()
  }
}

function chat(io: Channel, stage: HTMLElement, name: (seat: number) => string, tell: Tell): Undo {
  const lines = h('ol', { class: 'relay-lines', role: 'log', testid: 'relay-lines', tabindex: 0, 'aria-label': 'What was said' })
  const input = h('input', { type: 'text', maxlength: 1000, placeholder: 'Say hello', 'aria-label': 'Say hello', autocomplete: 'off', enterkeyhint: 'send', testid: 'relay-input' })
  const form = h('form', { class: 'relay-form' }, input, h('button', { class: 'button primary', testid: 'relay-send' }, 'Send'))
  stage.append(h('section', { class: 'relay-chat' }, h('h2', {}, 'Talk'), lines, form))

  form.addEventListener('submit', (e) => {
    e.preventDefault()
    const text = input.value
    if (text.trim() === '') return
    tell(io.emit(all, 'chat', text).then(() => {
      if (input.value === text) input.value = '' // and nothing else was begun meanwhile
    }))
  })
  return io.on('chat', (text, from) => {
    if (typeof text !== 'string') return
    lines.append(h('li', {}, h('b', {}, name(from)), ` ${text}`))
    while (lines.childElementCount > 200) lines.firstElementChild?.remove()
    lines.scrollTop = lines.scrollHeight
  })
}

// Signs that every machine can draw, in colour where it has a font for that.
const signs = { heart: '❤️', sun: '☀️', star: '★', bolt: '⚡', smile: '☺️', peace: '✌️' } as const

function playground(io: Channel, stage: HTMLElement, name: (seat: number) => string, tell: Tell, room: RelayRoom): Undo {
  const to = h('select', { testid: 'relay-to', 'aria-label': 'Send to' })
  const seats = (): void => {
    const chosen = to.value || String(all)
    fill(to, option(all, 'Everyone'), option(others, 'Everyone else'), ...room.members.filter((m) => m.state === 'taken').map((m) => option(m.seat, `Only ${m.seat === room.seat ? 'me' : m.name}`)))
    to.value = chosen
    if (to.value === '') to.value = String(all)
  }
  const buttons = Object.entries(signs).map(([sign, drawn]) =>
    h('button', { class: 'button', testid: `burst-${sign}`, 'aria-label': sign, on: { click: () => tell(io.emit(Number(to.value), 'burst', sign)) } }, drawn))
  const heard = h('ol', { class: 'relay-heard', testid: 'relay-heard', 'aria-label': 'Messages that arrived' })
  stage.append(h('section', { class: 'relay-play' },
    h('h2', {}, 'Named messages'),
    h('label', { class: 'relay-to' }, h('span', {}, 'Send to'), to),
    h('div', { class: 'relay-signs' }, ...buttons),
    h('pre', {}, "io.emit(to, 'burst', 'heart')\nio.on('burst', (sign, from) => …)"),
    h('h3', {}, 'Arrived'), heard))
  seats()

  const undo = [
    room.onMember(seats),
    room.onWelcome(seats),
    io.on('burst', (sign) => {
      if (typeof sign === 'string' && Object.hasOwn(signs, sign)) burst(stage, signs[sign as keyof typeof signs])
    }),
    io.on('*', (data, from, what) => {
      const text = JSON.stringify(data) ?? 'not JSON'
      heard.prepend(h('li', {}, h('b', {}, what), ` ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`, h('small', {}, ` from ${name(from)}`)))
      while (heard.childElementCount > 50) heard.lastElementChild?.remove()
    }),
  ]
  return () => undo.forEach((u) => u())
}

const option = (value: number, text: string): HTMLOptionElement => h('option', { value }, text)

/** A handful of one sign rises over the page. */
function burst(stage: HTMLElement, what: string): void {
  if (stage.querySelectorAll('.relay-burst').length > 100) return
  for (let i = 0; i < 8; i++) {
    const one = h('span', { class: 'relay-burst', 'aria-hidden': 'true' }, what)
    one.style.left = `${4 + 12 * i}%`
    one.style.animationDelay = `${((i * 5) % 8) * 60}ms`
    one.addEventListener('animationend', () => one.remove())
    stage.append(one)
  }
}
