// How the page puts things into words. Pure.

import type { State } from '../sdk/src/index.ts'
import { Problem } from '../sdk/src/lobby.ts'

export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13
  return n + (teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'))
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** How long something took: "45 s", "3 min 20 s". */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`
}

/** How long ago something was: "now", "5 min ago", or its date. */
export function ago(when: Date, now: Date): string {
  const s = (now.getTime() - when.getTime()) / 1000
  if (s < 60) return 'just now'
  if (s < 3600) return `${Math.floor(s / 60)} min ago`
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`
  return when.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}

const reasons: Readonly<Record<string, string>> = {
  time: 'Time was up.',
  score: 'The score was reached.',
  'fleet-sunk': 'A whole fleet was sunk.',
  left: 'A player left.',
  clock: 'A player ran out of time.',
  empty: 'Everybody had left.',
}

/** Why a match ended, as a sentence. An unknown code is shown as it is. */
export function ended(ending: string, reason: string): string {
  if (ending === 'failed') return 'The game had a fault, and the match was stopped.'
  if (ending === 'stopped') return 'The server was stopped during the match.'
  if (ending === 'empty') return 'Everybody had left.'
  return reasons[reason] ?? (reason === '' ? '' : `Ended: ${reason.replaceAll('-', ' ')}.`)
}

/** How it ended for one of them, of those who have a place: a headline. `mine` is -1 for who watched. */
export function outcome(standings: readonly { seat: number; name: string; place: number }[], mine: number): string {
  const me = standings.find((s) => s.seat === mine)
  const winners = standings.filter((s) => s.place === 1)
  const all = standings.length
  if (standings.length === 0) return 'The match is over'
  if (winners.length > 1 && (!me || me.place === 1)) return 'A draw'
  if (me?.place === 1) return 'You won'
  if (me) return all === 2 ? 'You lost' : `${ordinal(me.place)} of ${all}`
  return `${winners[0]?.name || 'A bot'} won`
}

/** What a connection missed of the match, as a sentence; '' when that is nothing. */
export function missed(state: State): string {
  switch (state.phase === 'connected' && state.began) {
    case 'behind': return 'You were away too long to be told all of it. This is how it stands now.'
    case 'unknown': return 'The server had lost sight of you. This is how it stands now.'
  }
  return ''
}

/** An error as a sentence for the person who met it. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong.'
  if (error instanceof Problem && error.retryAfter > 0) return `${error.message} Try again in ${duration(error.retryAfter * 1000)}.`
  return error.message
}
