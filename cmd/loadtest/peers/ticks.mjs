// The clock of the peers' rooms, and how late it was.
//
// A server that imports this says on stdout, when "end" comes on stdin, how late
// its ticks began since "begin" came: {"p50", "p99", "p999", "max"} in milliseconds.

import { createInterface } from 'node:readline'
import { tickRate } from './swarm.mjs'

let late = []

/**
 * Calls step for ever, tickRate times a second, late or not. Returns when tick 0
 * was due, in nanoseconds of the machine's clock, which the members of a room
 * are told: so they know the age of each state by its tick alone.
 */
export function everyTick(step) {
  const zero = process.hrtime.bigint()
  const began = performance.now()
  let ticks = 0
  const due = () => began + ((ticks + 1) * 1000) / tickRate
  const next = () => {
    late.push(performance.now() - due())
    ticks++
    step()
    setTimeout(next, Math.max(0, Math.ceil(due() - performance.now()))) // of whole milliseconds, and none early
  }
  setTimeout(next, 1000 / tickRate)
  return zero
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'begin') late = []
  if (line === 'end') console.log(JSON.stringify(tail(late)))
})

function tail(times) {
  const sorted = Float64Array.from(times).sort()
  const at = (share) => Math.max(0, sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) }
}
