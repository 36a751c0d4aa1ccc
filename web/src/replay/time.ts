// Places in a match, in words and on the slider. Pure.

/** Where a match begins and ends, and how many ticks a second has. */
export interface Span {
  readonly begins: number
  readonly ticks: number
  readonly tick_rate: number
}

/** How far a match can be seen that goes on, so many milliseconds later. */
export function grown(span: Span, ms: number): Span {
  return { ...span, ticks: span.ticks + Math.floor((ms / 1000) * span.tick_rate) }
}

/** A tick as the time since the match began: "0:07", "12:30". */
export function timeOf(tick: number, { begins, tick_rate }: Span): string {
  const s = Math.max(0, Math.round((tick - begins) / tick_rate))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}

/** A tick of the match: the nearest. */
export function within(tick: number, { begins, ticks }: Span): number {
  return Math.round(Math.min(ticks, Math.max(begins, tick)))
}

/** A tick so many seconds on, or back. */
export function skip(tick: number, seconds: number, span: Span): number {
  return within(tick + seconds * span.tick_rate, span)
}

/** The next speed of a list, faster or slower; at its ends the same. */
export function nextSpeed(speeds: readonly number[], speed: number, step: 1 | -1): number {
  return speeds[speeds.indexOf(speed) + step] ?? speed
}
