// A seat that this tab still has, after going back to the lobby from a match.

import type { Context } from '../context.ts'
import { act, fill, h } from '../dom.ts'
import { go } from '../route.ts'
import { forgetTicket, lastTicket } from '../tickets.ts'
import { toast } from '../toast.ts'
import { sentence } from '../words.ts'

export function keptSeat(c: Context): HTMLElement | null {
  const grant = lastTicket()
  if (!grant || grant.seat < 0) return null
  const back = h('button', { class: 'button primary', testid: 'return', on: {
    click: () => go({ at: 'room', id: grant.room, watch: false }),
  } }, 'Return')
  const give = h('button', { class: 'button quiet', testid: 'give-up', on: {
    click: () => act(give, async () => {
      forgetTicket(grant.room)
      strip.remove()
      await c.me.as((token) => c.rest.giveUp(token, grant.room))
    }, (error) => toast(sentence(error), 'trouble')),
  } }, 'Give it up')
  const text = h('p', {}, 'Your seat is still kept for a while.')
  void c.title(grant.game).then((name) => fill(text, `Your seat in ${name} is still kept for a while.`))
  const strip = h('section', { class: 'kept', testid: 'kept' }, text, back, give)
  return strip
}
