// Chance from a seed, so that what a test found can be found again.

/** Whole numbers from 0 to below, by Marsaglia's xorshift. */
export type Chance = (below: number) => number

export function chanceFrom(seed: number): Chance {
  let x = (seed * 2654435761 + 1) >>> 0
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}
