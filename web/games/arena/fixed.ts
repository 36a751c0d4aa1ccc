// Whole numbers only, as in game/arena/fixed.go: a length is counted in 1/256 of
// a unit, a direction in 1/1024 of a turn (0 is right, then clockwise), a sine in
// 1/4096. Products stay far below 2^53, so `/` and trunc divide exactly.

export const one = 256
export const fullTurn = 1024
export const sineOne = 4096

/** Divides towards zero. */
export const div = (a: number, b: number): number => Math.trunc(a / b)

/** Bhaskara's approximation of the sine. */
export function sine(a: number): number {
  const half = a & 511
  const p = half * (512 - half)
  const s = div(16384 * p, 327680 - p)
  return (a & 512) !== 0 ? -s : s
}

export const cosine = (a: number): number => sine(a + fullTurn / 4)

/** The whole part of the square root. */
export const root = (n: number): number => Math.floor(Math.sqrt(n))

/** The direction of a vector. Not exact: for aiming, which the server takes as it comes. */
export function angleOf(x: number, y: number): number {
  return Math.round((Math.atan2(y, x) / (2 * Math.PI)) * fullTurn) & (fullTurn - 1)
}

export const radians = (a: number): number => (a / fullTurn) * 2 * Math.PI
