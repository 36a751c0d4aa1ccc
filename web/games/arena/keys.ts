// The keyboard: which keys of the game are down, also those pressed and let go
// between two ticks.

const codesOf = {
  up: ['KeyW', 'ArrowUp'],
  down: ['KeyS', 'ArrowDown'],
  left: ['KeyA', 'ArrowLeft'],
  right: ['KeyD', 'ArrowRight'],
  dash: ['Space', 'ShiftLeft', 'ShiftRight'],
  fire: ['KeyJ'],
  board: ['Tab'],
  mute: ['KeyM'],
} as const

export type KeyName = keyof typeof codesOf

const byCode = new Map<string, KeyName>(
  Object.entries(codesOf).flatMap(([name, codes]) => codes.map((code) => [code, name as KeyName] as const)),
)

export class Keys {
  #down = new Set<KeyName>()
  #tapped = new Set<KeyName>()
  #undo = new AbortController()

  /** Hears the keys of a window; `pressed` is told of each once. */
  constructor(window: Window, pressed: (name: KeyName) => void) {
    const { signal } = this.#undo
    window.addEventListener('keydown', (e) => {
      const name = byCode.get(e.code)
      if (!name || e.ctrlKey || e.altKey || e.metaKey || isElsewhere(e.target)) return
      e.preventDefault()
      if (e.repeat) return
      this.#down.add(name)
      this.#tapped.add(name)
      pressed(name)
    }, { signal })
    window.addEventListener('keyup', (e) => {
      const name = byCode.get(e.code)
      if (name) this.#down.delete(name)
    }, { signal })
    window.addEventListener('blur', () => this.release(), { signal })
    // Whoever begins to write lets go of the ship: the page keeps those keys to itself.
    window.addEventListener('focusin', (e) => {
      if (isElsewhere(e.target)) this.release()
    }, { signal })
  }

  /** Whether a key is down, or was since the last sampled(). */
  is(name: KeyName): boolean {
    return this.#down.has(name) || this.#tapped.has(name)
  }

  /** Whether a key is held down now. */
  held(name: KeyName): boolean {
    return this.#down.has(name)
  }

  /** The keys were read for a tick. */
  sampled(): void {
    this.#tapped.clear()
  }

  release(): void {
    this.#down.clear()
    this.#tapped.clear()
  }

  stop(): void {
    this.#undo.abort()
  }
}

/** Whether a key is meant for something of the page: a field to write in, a button that has the focus. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, button, a, dialog, [contenteditable]') !== null
}
