// What this browser (localStorage) and this tab (sessionStorage) remember. A
// browser that forbids it forgets at the next load, and nothing else happens.

const prefix = 'tickroom.'

export function read<T>(from: Storage, name: string): T | null {
  try {
    const text = from.getItem(prefix + name)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

/** Keeps a value; null forgets it. */
export function write(to: Storage, name: string, value: unknown): void {
  try {
    if (value === null) to.removeItem(prefix + name)
    else to.setItem(prefix + name, JSON.stringify(value))
  } catch {
    // Forbidden or full.
  }
}
