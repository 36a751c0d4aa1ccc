// The lobby over REST: one method a call, typed, and every failure a Problem.

import { callTimeout } from './limits.ts'

export interface Player {
  readonly id: string
  readonly name: string
}

/** A player and what proves to be them. */
export interface Guest {
  readonly player: Player
  readonly token: string
}

/** A choice of who opens a room: a whole number in a range; 0 to 1 is a yes or no. */
export interface GameOption {
  readonly name: string
  readonly title: string
  readonly default: number
  readonly min: number
  readonly max: number
  /** What people read for each value from min to max; absent where the number says it. */
  readonly choices?: readonly string[]
}

export interface GameInfo {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly version: number
  /** Players needed to begin. */
  readonly min_seats: number
  /** Most players in one match. */
  readonly seats: number
  readonly tick_rate: number
  readonly snapshot_rate: number
  /** People may join a match that has begun. */
  readonly late: boolean
  /** Its matches can be watched again, and from their beginning while they are played. */
  readonly replays: boolean
  /** How many seconds late a match that is played is shown at least; where it is not 0, only by Rest.replay. */
  readonly watch_delay: number
  readonly options: readonly GameOption[]
}

export interface RoomPlayer {
  readonly id: string
  readonly name: string
  readonly seat: number
  readonly state: 'held' | 'taken'
}

export interface RoomEntry {
  readonly id: string
  readonly game: string
  /** To join by. */
  readonly code?: string
  /** The page's path that joins by the code. */
  readonly invite?: string
  readonly private: boolean
  readonly status: 'waiting' | 'running' | 'over' | 'closed'
  readonly seats: number
  readonly free: number
  readonly players: readonly RoomPlayer[]
  readonly watchers: number
  readonly options: Readonly<Record<string, number>>
  readonly created_at: string
}

/** The right to a seat, or to watch. */
export interface Grant {
  readonly ticket: string
  readonly url: string
  readonly room: string
  readonly game: string
  /** To invite others by. */
  readonly code: string
  /** -1 watches. */
  readonly seat: number
  /** When the seat is given up unless its player has connected; null while they are. */
  readonly expires_at: string | null
}

/** The right to watch a match: connect takes it, and Room.show says what to show. */
export interface ReplayGrant {
  readonly ticket: string
  readonly url: string
  /** The screening, as its welcome names it. */
  readonly room: string
  readonly match: string
  readonly game: string
  readonly tick_rate: number
  /** The first tick with players enough, where it starts. */
  readonly begins: number
  /** The last; of a match that is live, the last that was kept when this was granted. */
  readonly ticks: number
  /** The match is still played, and is shown as it is played. */
  readonly live: boolean
  /** While it is live it is seen as who watches sees it, whatever seat is asked for. */
  readonly hidden: boolean
  /** How many seconds late it is shown while it is live. */
  readonly delay: number
  /** When it is closed unless its viewer has connected. */
  readonly expires_at: string
}

export interface MatchPlayer {
  readonly id: string
  readonly name: string
  readonly seat: number
  /** 1 is first; 0 has none. */
  readonly place: number
  readonly score: number
  readonly left: boolean
}

export interface MatchEntry {
  readonly id: string
  readonly game: string
  readonly private: boolean
  /** Of the rules. */
  readonly version: number
  readonly seats: number
  readonly tick_rate: number
  /** Of the dice: a number of 64 bits in decimal. */
  readonly seed: string
  readonly options: Readonly<Record<string, number>>
  readonly ticks: number
  /** Of the state after the last tick. */
  readonly state_hash: string
  readonly ending: 'finished' | 'empty' | 'failed' | 'stopped'
  readonly reason: string
  readonly started_at: string
  readonly ended_at: string
  readonly players: readonly MatchPlayer[]
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Given as cursor, reads on; absent at the end. */
  readonly next_cursor?: string
}

/** Why a call failed: status 0 is a server that could not be reached. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: string
  /** Seconds after which to try again, or 0. */
  readonly retryAfter: number

  constructor(status: number, code: string, sentence: string, retryAfter = 0) {
    super(sentence)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

export interface RestOptions {
  /** Where the server is: '' is where the page came from. */
  readonly base?: string
  readonly fetch?: typeof fetch
}

type Query = Readonly<Record<string, string | number | undefined>>

/** The calls of the lobby. Those about us take our token. */
export class Rest {
  readonly #base: string
  readonly #fetch: typeof fetch

  constructor(options: RestOptions = {}) {
    this.#base = options.base ?? ''
    this.#fetch = options.fetch ?? ((...a) => fetch(...a))
  }

  guest(name: string): Promise<Guest> {
    return this.#call('POST', '/v1/players', { body: { name } })
  }

  async games(): Promise<readonly GameInfo[]> {
    return (await this.#call<Page<GameInfo>>('GET', '/v1/games')).items
  }

  openRoom(token: string, room: { game: string; private: boolean; options: Readonly<Record<string, number>> }): Promise<RoomEntry> {
    return this.#call('POST', '/v1/rooms', { token, body: room })
  }

  rooms(query: { game?: string; status?: string; limit?: number; cursor?: string } = {}): Promise<Page<RoomEntry>> {
    return this.#call('GET', '/v1/rooms', { query })
  }

  room(id: string, token?: string): Promise<RoomEntry> {
    return this.#call('GET', `/v1/rooms/${encodeURIComponent(id)}`, { token })
  }

  /** Takes a seat in a room, or watches it. Asking again gives the same seat. */
  seat(token: string, room: string, spectate = false): Promise<Grant> {
    return this.#call('POST', `/v1/rooms/${encodeURIComponent(room)}/seats`, { token, body: { spectate } })
  }

  seatByCode(token: string, code: string, spectate = false): Promise<Grant> {
    return this.#call('POST', `/v1/codes/${encodeURIComponent(code)}/seats`, { token, body: { spectate } })
  }

  /** Takes a seat in any open room of the game that plays with these options, or opens one. */
  seatInGame(token: string, game: string, options: Readonly<Record<string, number>> = {}): Promise<Grant> {
    return this.#call('POST', `/v1/games/${encodeURIComponent(game)}/seats`, { token, body: { options } })
  }

  /** Takes a seat in the room that follows one whose match is over: the same for all who ask. */
  again(token: string, room: string): Promise<Grant> {
    return this.#call('POST', `/v1/rooms/${encodeURIComponent(room)}/again`, { token })
  }

  /** Gives our seat up for good. */
  giveUp(token: string, room: string): Promise<void> {
    return this.#call('DELETE', `/v1/rooms/${encodeURIComponent(room)}/seats/me`, { token })
  }

  matches(query: { player?: string; game?: string; limit?: number; cursor?: string } = {}, token?: string): Promise<Page<MatchEntry>> {
    return this.#call('GET', '/v1/matches', { query, token })
  }

  match(id: string, token?: string): Promise<MatchEntry> {
    return this.#call('GET', `/v1/matches/${encodeURIComponent(id)}`, { token })
  }

  /** Watches a match that has ended. Each asks for a screening of their own. */
  /** Watches a match; one that is still played, so many seconds late. */
  replay(token: string, match: string, delay = 0): Promise<ReplayGrant> {
    const wish = delay > 0 ? { body: { delay } } : {}
    return this.#call('POST', `/v1/matches/${encodeURIComponent(match)}/replay`, { token, ...wish })
  }

  async #call<T>(method: string, path: string, more: { token?: string | undefined; body?: unknown; query?: Query } = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' }
    if (more.token) headers.Authorization = `Bearer ${more.token}`
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(callTimeout) }
    if (more.body !== undefined) {
      headers['Content-Type'] = 'application/json'
      init.body = JSON.stringify(more.body)
    }
    const response = await this.#reach(this.#base + path + asQuery(more.query ?? {}), init)
    if (!response.ok) throw await asProblem(response)
    return response.status === 204 ? (undefined as T) : await asJSON<T>(response)
  }

  async #reach(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init)
    } catch {
      throw new Problem(0, 'unreachable', 'The server cannot be reached at the moment.')
    }
  }
}

function asQuery(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value))
  const text = params.toString()
  return text && `?${text}`
}

async function asJSON<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T
  } catch {
    throw new Problem(response.status, 'garbled', 'The server answered something this page does not understand.')
  }
}

/** What RFC 9457 says in an error's body; any of it may be missing. */
interface ProblemBody {
  title?: string
  detail?: string
  code?: string
  errors?: { location?: string; message?: string }[]
}

async function asProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null
  const fields = (body?.errors ?? []).map((e) => [e.location?.replace(/^body\./, ''), e.message].filter(Boolean).join(': '))
  const sentence = [body?.detail || body?.title || `The server answered ${response.status}.`, ...fields].join(' ')
  const wait = Number(response.headers.get('Retry-After')) || 0
  return new Problem(response.status, body?.code ?? `http-${response.status}`, sentence, wait)
}
