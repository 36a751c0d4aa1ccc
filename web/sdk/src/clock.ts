// What tick the server is at now, as well as it can be known here.
//
// Each pong says where the server's clock stood about half a round trip ago.
// Of the last few, the one with the shortest round trip is believed: it waited
// least in queues. What is shown glides to what is believed and never jumps or
// runs backwards, since games move things by it. Only a guess is replaced at
// once: the first, and one over another connection that finds us far off, since
// the match stood still meanwhile.
//
// In a screening the views say where the server is, and pongs only how far away:
// it goes at the speed it was told, stands still, and jumps where it was sent.
//
// The state is a line and a bend: tickAt is `pace * now + offset`, less an error
// that dies away exponentially. So reading it is pure, at any time, in any order.

const kept = 8 // pongs to choose from: 40 s at the usual pace
const tau = 1000 // ms in which the error falls to a third
const believable = 1000 // ms by which a clock may be off and still be glided right after a reconnect, or a snapshot late
const slowest = 0.1 // share of the true speed below which the clock is never slowed

interface Sample {
  readonly rtt: number
  /** The server's tick at local time 0, had it always run. */
  readonly offset: number
}

export class Clock {
  #ticksPerMs = 0 // as it is played
  #speed = 1 // times that: other than 1 only in a screening
  #screens = false
  #samples: readonly Sample[] = []
  #offset = 0
  #error = 0 // what was shown too little when the offset was last set
  #since = 0 // when that was
  #fall = tau
  #guessed = true
  #rtt = 0
  #jitter = 0
  #last: { tick: number; at: number } | undefined

  /** Whether a pong has come: before it, tickAt is a guess from the welcome. */
  get synced(): boolean {
    return !this.#guessed
  }

  /** The round trip in milliseconds, smoothed. 0 before the first pong. */
  get rtt(): number {
    return this.#rtt
  }

  /** How unevenly snapshots arrive, in milliseconds (RFC 3550's estimate). */
  get jitter(): number {
    return this.#jitter
  }

  /** How many times the speed of play the match goes on. 1, except in a screening. */
  get speed(): number {
    return this.#speed
  }

  /** The ticks that so many milliseconds have, at a speed. */
  ticks(ms: number, speed = 1): number {
    return ms * this.#ticksPerMs * speed
  }

  /** The server's tick, with its fraction, at the local time now. */
  tickAt(now: number): number {
    return now * this.#pace + this.#offset - this.#error * Math.exp(-Math.max(0, now - this.#since) / this.#fall)
  }

  /** A welcome said this tick: what was measured on the connection before is forgotten. */
  begin(tickRate: number, tick: number, now: number): void {
    this.#ticksPerMs = tickRate / 1000
    this.#speed = 1
    this.#screens = false
    this.resume()
    this.#doubt(tick, now, 0)
    if (this.#guessed) this.#aim(tick - now * this.#ticksPerMs, now)
  }

  /** The connection is another one, or the match stood still: it is measured anew. */
  resume(): void {
    this.#samples = []
    this.#last = undefined
  }

  /** A pong that came now, to the ping sent then: the tick last played and the microseconds since it was due. */
  pong(sent: number, now: number, tick: number, micros: number): void {
    const rtt = Math.max(0, now - sent)
    const server = tick + (micros / 1000) * this.#ticksPerMs
    if (this.#samples.length === 0 && !this.#screens) this.#doubt(server + (rtt / 2) * this.#ticksPerMs, now, rtt / 2)
    this.#rtt = this.#samples.length === 0 ? rtt : this.#rtt + (rtt - this.#rtt) / 8
    this.#samples = [...this.#samples.slice(1 - kept), { rtt, offset: server + (rtt / 2 - now) * this.#ticksPerMs }]
    const best = this.#samples.reduce((a, b) => (b.rtt <= a.rtt ? b : a))
    if (!this.#screens) this.#aim(best.offset, now)
    this.#guessed = false
  }

  /** In a screening: it is at this tick, and goes on at so many times the speed of play. */
  show(tick: number, speed: number, now: number): void {
    const error = tick - this.tickAt(now)
    const near = Math.abs(error) < this.ticks(believable, speed) // and what stands, stands there at once
    this.#screens = true
    this.#speed = speed
    this.#bend(tick - now * this.#pace, near ? error : 0, now)
  }

  /** A snapshot of this tick arrived now. */
  arrived(tick: number, now: number): void {
    const last = this.#last
    this.#last = { tick, at: now }
    if (!last || tick <= last.tick) return
    const late = Math.abs(now - last.at - (tick - last.tick) / this.#pace)
    if (late > believable) return // the page slept, or there was no connection: a pause is not unevenness
    this.#jitter += (late - this.#jitter) / 16
  }

  /** What is shown was only a guess if it is far from the first word over a connection, itself right by some ms. */
  #doubt(tick: number, now: number, by: number): void {
    if (Math.abs(this.tickAt(now) - tick) >= this.#ticksPerMs * (believable + by)) this.#guessed = true
  }

  /** Believes a new offset: a guess is replaced at once, else the clock glides there from what it shows now. */
  #aim(offset: number, now: number): void {
    this.#bend(offset, this.#guessed ? 0 : now * this.#pace + offset - this.tickAt(now), now)
  }

  /** What is shown now is too little by the error, and comes to the line by and by. */
  #bend(offset: number, error: number, now: number): void {
    this.#offset = offset
    this.#error = error
    this.#since = now
    // Gliding back, the clock is slowed by error/fall: no more than leaves it running.
    this.#fall = this.#pace === 0 ? tau : Math.max(tau, -error / (this.#pace * (1 - slowest)))
  }

  get #pace(): number {
    return this.#ticksPerMs * this.#speed
  }
}
