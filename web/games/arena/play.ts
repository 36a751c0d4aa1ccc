// One match on one screen. What comes from the room goes to the helm, the past,
// the shots and the newsroom; each frame asks them what is to be seen now.

import { standings, type Line } from './board.ts'
import { Camera } from './camera.ts'
import { Cues } from './cues.ts'
import { dashed, fired, show, type Theatre } from './effects.ts'
import { one, radians } from './fixed.ts'
import { Ground } from './ground.ts'
import { Hands } from './hands.ts'
import { Helm } from './helm.ts'
import { Hud, type Scene } from './hud.ts'
import type { KeyName } from './keys.ts'
import { charts, type Chart } from './maps.ts'
import { Newsroom, type News } from './news.ts'
import { Past } from './past.ts'
import { paint } from './picture.ts'
import type { Point } from './pointers.ts'
import { Ships, type Drawn } from './ships.ts'
import { Shots, type Streak } from './shots.ts'
import { Sound } from './sound.ts'
import { Sparks } from './sparks.ts'
import type { Stage } from './stage.ts'
import { Words } from './tags.ts'
import { Flag, Phase, tickRate, type ArenaRoom, type ShipView, type View } from './view.ts'
import { Watch } from './watch.ts'

const seats = 16
const lead = 9 // units the camera looks ahead of the ship, to where it aims
const silence = tickRate // ticks without a snapshot after which the ship waits for the next
const lastSeconds = 5 // that are counted aloud

export class Play {
  readonly sound = new Sound()
  readonly #room: ArenaRoom
  readonly #stage: Stage
  readonly #chart: Chart
  readonly #ground: Ground
  readonly #hands: Hands
  readonly #helm: Helm
  readonly #theatre: Theatre
  readonly #past = new Past()
  readonly #shots = new Shots()
  readonly #news = new Newsroom()
  readonly #cues = new Cues()
  readonly #watch = new Watch()
  readonly #camera = new Camera()
  readonly #undo: () => void

  #view: View
  #lines: readonly Line[] = []
  #own: ShipView | undefined
  #last = new Map<number, Drawn>() // where each ship was last drawn
  #hunter: number | undefined // who destroyed the own ship, until it flies again
  #killed = 0 // the tick of that
  #board = false // the whole board is shown until the next tap
  #newest = 0 // the tick of the view
  #second = 0
  #behind = 0 // the tick in which the others are shown
  #frame = 0 // when the last was, in seconds

  constructor(room: ArenaRoom, stage: Stage, view: View, calm: boolean) {
    const chart = charts[view.map]
    if (!chart) throw new Error(`This page does not know map ${view.map}.`)
    this.#room = room
    this.#stage = stage
    this.#view = view
    this.#chart = chart
    this.#ground = new Ground(chart, view.map)
    this.#hands = new Hands(stage.canvas, (key) => this.#pressed(key), (at) => this.#tapped(at))
    this.#helm = new Helm(room, this.#hands, chart)
    this.#theatre = {
      camera: this.#camera, sparks: new Sparks(calm), words: new Words(), ships: new Ships(), hud: new Hud(),
      sound: this.sound, chart, seat: room.seat, calm,
      name: (seat) => this.name(seat),
      where: (seat) => this.#last.get(seat),
    }
    this.#undo = room.onWelcome(() => this.#begin())
  }

  /** Takes a snapshot. */
  take(view: View, tick: number): void {
    if (tick < this.#newest) this.#back()
    this.#newest = tick
    this.#view = view
    this.#own = view.ships.find((s) => s.seat === this.#room.seat)
    if (this.#own?.down === 0 && tick > this.#killed) this.#hunter = undefined // who comes next is told after the view that shows it
    this.#lines = standings(view.ships, (seat) => this.name(seat), this.#room.seat)
    this.#past.add(view, tick, this.#tick(), this.#room.clock.speed)
    this.#shots.take(view, tick, this.#chart)
    this.#helm.pilot.correct(this.#own, tick)
  }

  /** Takes an event. */
  hear(news: News): void {
    if (news.name === 'kill' && news.data.seat === this.#room.seat) {
      this.#hunter = news.data.by
      this.#killed = news.tick
    }
    this.#news.add(news)
  }

  /** Who flies for a seat. */
  name(seat: number): string {
    const ship = this.#view.ships.find((s) => s.seat === seat)
    const member = this.#room.members.find((m) => m.seat === seat)
    if (member && !(ship && ship.flags & Flag.bot)) return member.name
    return `Bot ${seats - seat}`
  }

  /** Draws the frame of a time, in seconds. */
  frame(now: number): void {
    const seconds = Math.min(0.1, Math.max(0, now - this.#frame))
    this.#frame = now
    const tick = this.#tick()
    this.#behind = this.#past.follow(tick)
    this.#helm.follow(tick, seconds * 1000)
    this.#camera.resize(this.#stage.width, this.#stage.height, this.#hands.pointers.touch)
    this.#fly(tick)

    const ships = this.#drawn()
    for (const s of ships) this.#last.set(s.seat, s)
    const own = ships.find((s) => s.own)
    const streaks = this.#shots.seen({ at: own, ahead: this.#helm.ahead, behind: this.#behind }, this.#helm.pilot.shots, this.#chart)
    this.#happen(ships, streaks, now)
    this.#follow(own, seconds)
    this.#stage.showCursor(this.#own === undefined)
    this.#theatre.sparks.move(seconds)
    this.#theatre.words.move(seconds)
    paint(this.#stage, this.#theatre, this.#scene(ships, tick), streaks, now)
  }

  /** The page is not looked at any more. */
  letGo(): void {
    this.#board = false
    if (this.#own) this.#helm.letGo()
  }

  /** What tests look at: the own ship and how far the match is. */
  state(): Record<string, string> {
    const { pilot } = this.#helm
    const at = pilot.body ? { x: (pilot.body.x / one).toFixed(2), y: (pilot.body.y / one).toFixed(2) } : { x: '', y: '' }
    return {
      ...at,
      seat: String(this.#room.seat),
      tick: String(this.#room.tick),
      ahead: this.#helm.ahead.toFixed(1),
      delay: this.#past.delay.toFixed(0),
      corrections: String(pilot.corrections),
      phase: String(this.#view.phase),
      map: this.#chart.name,
      ships: String(this.#view.ships.length),
      score: String(this.#own?.score ?? ''),
      health: String(this.#own?.health ?? ''),
      down: String(this.#own?.down ?? ''),
    }
  }

  stop(): void {
    this.#undo()
    this.#hands.stop()
    this.sound.stop()
  }

  /** The room begins again from what comes next, maybe at an earlier tick. */
  #begin(): void {
    this.#past.clear()
    this.#helm.pilot.clear()
  }

  /** A replay went back: what was to come is heard again. */
  #back(): void {
    this.#begin()
    this.#shots.clear()
    this.#news.clear()
  }

  /** Whom a watcher looks at: whom a replay follows, or whom they chose. */
  #watched(): number | undefined {
    return this.#watch.seat(this.#lines, this.#room.showing?.seat)
  }

  #tick(): number {
    return this.#room.clock.tickAt(this.#room.now())
  }

  #fly(tick: number): void {
    const silent = tick - this.#room.tick > silence
    if (!this.#own || this.#view.phase === Phase.ended || silent) return
    this.#helm.fly(this.#ownOnScreen())
  }

  #ownOnScreen(): Point {
    const own = this.#last.get(this.#room.seat)
    return own ? this.#camera.toScreen(own) : { x: this.#stage.width / 2, y: this.#stage.height / 2 }
  }

  /** The flying ships as they are shown: the own ahead, the others behind. */
  #drawn(): Drawn[] {
    const others = this.#past.at(this.#behind).filter((s) => s.seat !== this.#room.seat)
    const ships: Drawn[] = others.map((s) => ({ ...s, body: s.ship.body, own: false, name: this.name(s.seat) }))
    const { pilot, controls } = this.#helm
    const at = this.#helm.show()
    if (at && pilot.body && this.#own) {
      const { seat } = this.#own
      ships.push({ seat, x: at.x / one, y: at.y / one, aim: radians(controls.aim), own: true, ship: this.#own, body: pilot.body, name: this.name(seat) })
    }
    return ships
  }

  #happen(ships: readonly Drawn[], streaks: readonly Streak[], now: number): void {
    for (const n of this.#news.due(this.#behind, this.#room.tick, this.#room.seat)) show(n, this.#theatre, now)
    for (const seat of this.#cues.fired(streaks)) {
      const by = ships.find((s) => s.seat === seat)
      if (by) fired(by, this.#theatre)
    }
    for (const s of this.#cues.dashed(ships)) dashed(s, Math.atan2(s.body.vy, s.body.vx), this.#theatre)
    this.#countDown()
  }

  #countDown(): void {
    const left = Math.ceil(this.#secondsLeft(this.#tick()))
    if (left < this.#second && left > 0 && left <= lastSeconds && this.#view.phase === Phase.playing) this.sound.play('second')
    this.#second = left
  }

  #secondsLeft(tick: number): number {
    return (this.#view.ends - tick) / tickRate
  }

  /** The camera goes with the own ship, then with who destroyed it; a watcher's with whom they watch. */
  #follow(own: Drawn | undefined, seconds: number): void {
    if (own) {
      const to = { x: own.x + Math.cos(own.aim) * lead, y: own.y + Math.sin(own.aim) * lead }
      return this.#camera.look(to, this.#chart, seconds)
    }
    const seat = this.#own ? this.#hunter : this.#watched()
    const at = this.#last.get(seat ?? -1) ?? this.#last.get(this.#room.seat) ?? { x: (this.#chart.w * 8) / 2, y: (this.#chart.h * 8) / 2 }
    this.#camera.look(at, this.#chart, seconds)
  }

  #scene(ships: readonly Drawn[], tick: number): Scene {
    const down = this.#own?.down ?? 0
    const watched = this.#own ? undefined : this.#watched()
    return {
      view: this.#view, lines: this.#lines, ships, chart: this.#chart, ground: this.#ground, pointers: this.#hands.pointers,
      full: this.#board || this.#hands.keys.held('board'),
      own: this.#own, body: this.#helm.pilot.body,
      secondsLeft: this.#view.phase === Phase.ended ? 0 : this.#secondsLeft(tick),
      downSeconds: down > 0 ? Math.max(0.01, (down - (tick - this.#room.tick)) / tickRate) : 0,
      hunter: this.#hunter === undefined ? '' : this.name(this.#hunter),
      choice: (this.#room.showing?.seat ?? -1) < 0,
      watched: watched === undefined ? '' : this.name(watched),
    }
  }

  #pressed(key: KeyName): void {
    this.sound.wake()
    if (key === 'mute') {
      this.sound.toggle()
      this.#stage.showSound(this.sound.muted)
    }
    if (!this.#own && (key === 'right' || key === 'dash')) this.#watch.next(this.#lines)
  }

  /** A pointer went down: on the board, to choose whom to watch, or to play. */
  #tapped(at: Point): boolean {
    this.sound.wake()
    this.#stage.canvas.focus({ preventScroll: true })
    if (this.#board) {
      this.#board = false
      return true
    }
    if (at.x > this.#stage.width - 140 && at.y > 50 && at.y < 150 && this.#hands.pointers.touch) {
      this.#board = true
      return true
    }
    if (!this.#own) this.#watch.next(this.#lines)
    return !this.#own
  }
}
