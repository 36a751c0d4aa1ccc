// What is seen between two views: numbers, directions, and lists of things.

/** A number part of the way from a to b. */
export const mix = (a: number, b: number, part: number): number => a + (b - a) * part

/** A direction part of the way from a to b, the shorter way round. A full turn is 2π unless told, say 360 or 1024. */
export function turn(a: number, b: number, part: number, full = 2 * Math.PI): number {
  const way = b - a
  return a + (way - full * Math.round(way / full)) * part
}

/** How a thing of a list is known again in the next, and shown between. */
export interface Blending<T, Shown> {
  /** What tells it from the others of its list. */
  readonly key: (thing: T) => unknown
  /** How it is shown part of the way from a to b, which may be the same. */
  readonly mix: (a: T, b: T, part: number) => Shown
  /** Whether it did not go from a to b but was put there. Never, unless told. */
  readonly jumped?: (a: T, b: T) => boolean
}

/**
 * The things of two lists as they are seen between them. What is in both moves. What is only in b
 * appears when b is reached, what is only in a vanishes then, and what jumped is there then: until
 * b is reached one sees a's things, afterwards b's, each in the order of its list.
 */
export function blend<T, Shown>(a: readonly T[], b: readonly T[], part: number, how: Blending<T, Shown>): Shown[] {
  const reached = part >= 1
  const others = new Map((reached ? a : b).map((thing) => [how.key(thing), thing]))
  return (reached ? b : a).map((thing) => {
    const other = others.get(how.key(thing))
    const [from, to] = reached ? [other, thing] : [thing, other]
    if (!from || !to || how.jumped?.(from, to)) return how.mix(thing, thing, 0)
    return how.mix(from, to, part)
  })
}
