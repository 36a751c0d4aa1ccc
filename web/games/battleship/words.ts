// How a match puts itself into words. Pure.

import { fleet, nameOf } from './fleet.ts'
import type { Shot, View } from './view.ts'

/** Who looks on, and what the players are called. */
export interface Onlooker {
  readonly seat: number // -1 watches
  readonly names: readonly [string, string] // by seat
}

export function headline(view: View, who: Onlooker, winner: number | undefined): string {
  switch (view.phase) {
    case 'waiting': return 'Waiting for an opponent'
    case 'placing': return placing(view, who)
    case 'firing': return view.turn === who.seat ? 'Your shot' : `${possessive(who.names[view.turn])} shot`
    case 'over':
      if (winner === undefined) return 'The battle is over'
      return winner === who.seat ? 'You won' : who.seat < 0 ? `${who.names[winner]} won` : 'You lost'
  }
}

function placing(view: View, { seat, names }: Onlooker): string {
  if (seat < 0) return 'The fleets are being placed'
  return view.sides[seat]?.ready ? `Ready. Waiting for ${names[1 - seat]}` : 'Place your fleet'
}

/** What to do, where the headline leaves that open. */
export function advice(view: View, { seat, names }: Onlooker): string {
  if (seat < 0) return ''
  const mine = view.sides[seat]
  const theirs = view.sides[1 - seat]
  if (view.phase === 'waiting' || view.phase === 'placing') {
    if (mine?.ready) return view.phase === 'waiting' ? 'Your fleet is ready. The battle begins when theirs is.' : ''
    const waits = theirs?.ready ? `${names[1 - seat]} is ready. ` : ''
    return `${waits}Drag your ships; tap one twice to turn it.`
  }
  if (view.phase === 'firing' && view.turn === seat) return 'Pick a cell of their board.'
  return ''
}

/** What a shot did, as its shooter or target is told. */
export function news(shot: Shot, { seat, names }: Onlooker): string {
  const at = nameOf(shot)
  const mine = shot.by === seat
  const shooter = mine ? 'You' : names[shot.by]
  if (shot.sunk > 0) return `${shooter} sank ${seat < 0 ? 'a' : mine ? 'their' : 'your'} ${shipOf(shot.sunk)} at ${at}!`
  if (shot.hit) return `${shooter} hit at ${at}.`
  return `${shooter} missed at ${at}.`
}

/** A ship by its length; two have three. */
function shipOf(length: number): string {
  const names = fleet.filter((s) => s.length === length).map((s) => s.name)
  return names.length === 1 ? String(names[0]) : `ship of ${length}`
}

/** That the clock took a turn. */
export function lostTurn(lost: { seat: number; left: number }, { seat, names }: Onlooker): string {
  const mine = lost.seat === seat
  const whose = mine ? 'your' : possessive(names[lost.seat])
  if (lost.left === 0) return `The clock took ${whose} last turn.`
  const more = lost.left === 1 ? '1 more' : `${lost.left} more`
  return `The clock took ${whose} turn. ${more} in a row and ${mine ? 'you lose' : 'the match is lost'}.`
}

function possessive(name: string | undefined): string {
  return name === undefined ? 'Their' : name.endsWith('s') ? `${name}’` : `${name}’s`
}
