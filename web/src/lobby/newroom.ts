// Opening a room: who may come, and what the game lets one choose.

import type { GameInfo, GameOption } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { act, fill, h } from '../dom.ts'
import { openRoom } from '../enter.ts'
import { sentence } from '../words.ts'

export function newRoom(c: Context, game: GameInfo): void {
  const trouble = h('p', { class: 'trouble', role: 'alert' })
  const closed = h('input', { type: 'checkbox', id: 'private', testid: 'private', checked: true })
  const fields = game.options.map(field)
  const create = h('button', { type: 'submit', class: 'button primary', testid: 'create' }, 'Open the room')
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'newroom', testid: 'new-room' },
    h('form', { on: {
      submit: (e) => {
        e.preventDefault()
        act(create, async () => {
          const options = Object.fromEntries(fields.map((f) => [f.name, f.value()]))
          await openRoom(c, { game: game.name, private: closed.checked, options })
          dialog.close()
        }, (error) => fill(trouble, sentence(error)))
      },
    } },
    h('h2', { id: 'newroom' }, `New room: ${game.title}`),
    h('label', { class: 'choice', for: 'private' }, h('span', {}, 'Private', h('small', {}, 'Only who has the code or the link')), closed),
    ...fields.map((f) => f.row),
    trouble,
    h('div', { class: 'row' }, create, h('button', { type: 'button', class: 'button quiet', on: { click: () => dialog.close() } }, 'Cancel'))))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

interface Field {
  readonly name: string
  readonly row: HTMLElement
  value(): number
}

function field(o: GameOption): Field {
  const id = `option-${o.name}`
  const common = { id, testid: id }
  if (o.min === 0 && o.max === 1) {
    const box = h('input', { ...common, type: 'checkbox', checked: o.default === 1 })
    return { name: o.name, row: row(id, o.title, '', box), value: () => Number(box.checked) }
  }
  if (o.choices) {
    const list = h('select', common, ...o.choices.map((text, i) => h('option', { value: o.min + i, selected: o.min + i === o.default }, text)))
    return { name: o.name, row: row(id, o.title, '', list), value: () => Number(list.value) }
  }
  const input = h('input', { ...common, type: 'number', inputmode: 'numeric', min: o.min, max: o.max, step: 1, required: true, value: o.default })
  return { name: o.name, row: row(id, o.title, `${o.min} to ${o.max}`, input), value: () => input.valueAsNumber }
}

function row(id: string, title: string, hint: string, input: HTMLElement): HTMLElement {
  return h('label', { class: 'choice', for: id }, h('span', {}, title, hint !== '' && h('small', {}, hint)), input)
}
