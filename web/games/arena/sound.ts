// Sounds, made on the spot: a tone that falls or rises, or noise through a
// filter. Silent until the first gesture, as browsers ask for.

const store = 'tickroom.arena.muted'
const volume = 0.22
const hearing = 90 // units beyond which nothing is heard

interface Tone {
  readonly from: number // Hz
  readonly to: number
  readonly seconds: number
  readonly gain: number
  readonly type?: OscillatorType
  readonly after?: number // seconds
}

interface Noise {
  readonly cutoff: number // Hz
  readonly seconds: number
  readonly gain: number
}

const tones = {
  ownShot: [{ from: 880, to: 240, seconds: 0.09, gain: 0.35, type: 'square' }],
  shot: [{ from: 620, to: 200, seconds: 0.08, gain: 0.22, type: 'square' }],
  mark: [{ from: 1500, to: 1300, seconds: 0.05, gain: 0.5, type: 'triangle' }],
  pickup: [
    { from: 520, to: 520, seconds: 0.08, gain: 0.4, type: 'triangle' },
    { from: 780, to: 780, seconds: 0.08, gain: 0.4, type: 'triangle', after: 0.07 },
    { from: 1040, to: 1040, seconds: 0.14, gain: 0.4, type: 'triangle', after: 0.14 },
  ],
  score: [
    { from: 660, to: 660, seconds: 0.08, gain: 0.5, type: 'triangle' },
    { from: 990, to: 990, seconds: 0.16, gain: 0.5, type: 'triangle', after: 0.08 },
  ],
  start: [
    { from: 440, to: 440, seconds: 0.12, gain: 0.4, type: 'sawtooth' },
    { from: 660, to: 660, seconds: 0.3, gain: 0.4, type: 'sawtooth', after: 0.12 },
  ],
  second: [{ from: 900, to: 900, seconds: 0.06, gain: 0.35, type: 'sine' }],
  hurt: [{ from: 190, to: 70, seconds: 0.16, gain: 0.7, type: 'sawtooth' }],
} satisfies Record<string, readonly Tone[]>

const noises = {
  dash: { cutoff: 2600, seconds: 0.2, gain: 0.4 },
  blast: { cutoff: 900, seconds: 0.5, gain: 1 },
} satisfies Record<string, Noise>

export type SoundName = keyof typeof tones | keyof typeof noises

export class Sound {
  #context: AudioContext | undefined
  #out: GainNode | undefined
  #hiss: AudioBuffer | undefined
  #muted = recall()

  get muted(): boolean {
    return this.#muted
  }

  toggle(): void {
    this.#muted = !this.#muted
    if (this.#out) this.#out.gain.value = this.#muted ? 0 : volume
    remember(this.#muted)
  }

  /** A gesture of the player: from now on there may be sound. */
  wake(): void {
    if (this.#context) {
      if (this.#context.state === 'suspended') void this.#context.resume()
      return
    }
    if (typeof AudioContext === 'undefined') return
    this.#context = new AudioContext()
    this.#out = this.#context.createGain()
    this.#out.gain.value = this.#muted ? 0 : volume
    this.#out.connect(this.#context.destination)
    this.#hiss = hiss(this.#context)
  }

  /** Plays a sound from so many units away. */
  play(name: SoundName, distance = 0): void {
    const near = Math.max(0, 1 - distance / hearing) ** 2
    if (!this.#context || !this.#out || this.#muted || near < 0.02 || this.#context.state !== 'running') return
    if (name in noises) this.#noise(this.#context, this.#out, noises[name as keyof typeof noises], near)
    else for (const tone of tones[name as keyof typeof tones]) this.#tone(this.#context, this.#out, tone, near)
  }

  stop(): void {
    void this.#context?.close()
    this.#context = undefined
  }

  #tone(context: AudioContext, out: GainNode, tone: Tone, near: number): void {
    const start = context.currentTime + (tone.after ?? 0)
    const end = start + tone.seconds
    const oscillator = context.createOscillator()
    oscillator.type = tone.type ?? 'sine'
    oscillator.frequency.setValueAtTime(tone.from, start)
    oscillator.frequency.exponentialRampToValueAtTime(tone.to, end)
    oscillator.connect(fade(context, out, tone.gain * near, start, end))
    oscillator.start(start)
    oscillator.stop(end)
  }

  #noise(context: AudioContext, out: GainNode, noise: Noise, near: number): void {
    const start = context.currentTime
    const end = start + noise.seconds
    const source = context.createBufferSource()
    source.buffer = this.#hiss ?? null
    const filter = context.createBiquadFilter()
    filter.frequency.setValueAtTime(noise.cutoff, start)
    filter.frequency.exponentialRampToValueAtTime(60, end)
    source.connect(filter).connect(fade(context, out, noise.gain * near, start, end))
    source.start(start)
    source.stop(end)
  }
}

function fade(context: AudioContext, out: GainNode, gain: number, start: number, end: number): GainNode {
  const node = context.createGain()
  node.gain.setValueAtTime(gain, start)
  node.gain.exponentialRampToValueAtTime(0.001, end)
  node.connect(out)
  return node
}

function hiss(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate / 2, context.sampleRate)
  const data = buffer.getChannelData(0)
  for (let i = 0; i < data.length; i++) data[i] = Math.random() * 2 - 1
  return buffer
}

// Storage may be forbidden; then the choice lasts as long as the page.

function recall(): boolean {
  try {
    return localStorage.getItem(store) === '1'
  } catch {
    return false
  }
}

function remember(muted: boolean): void {
  try {
    localStorage.setItem(store, muted ? '1' : '0')
  } catch {
    // See above.
  }
}
