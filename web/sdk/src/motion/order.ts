// What the tick of a view says to who has another already. Views may overtake
// each other, be lost, come twice; and a match may begin again at another tick.

export type Order =
  | 'next' // newer
  | 'old' // known, or overtaken by a newer one: of no more use
  | 'anew' // so far from the newest that what is known is of another time

/** All in ticks. */
export function order(tick: number, newest: number | undefined, far: number): Order {
  if (newest === undefined || Math.abs(tick - newest) > far) return 'anew'
  return tick > newest ? 'next' : 'old'
}
