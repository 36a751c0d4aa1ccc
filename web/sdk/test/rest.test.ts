import { describe, expect, it } from 'vitest'
import { Problem, Rest } from '../src/lobby.ts'

interface Call {
  method: string
  url: string
  auth: string | null
  body: unknown
}

/** A server that gives one answer and remembers the calls. */
function server(status: number, body: unknown, headers: Record<string, string> = {}): { rest: Rest; calls: Call[] } {
  const calls: Call[] = []
  const rest = new Rest({
    base: 'http://there',
    fetch: async (url, init) => {
      const sent = new Headers(init?.headers)
      calls.push({
        method: init?.method ?? '',
        url: String(url),
        auth: sent.get('Authorization'),
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      })
      return new Response(status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
    },
  })
  return { rest, calls }
}

const failure = (p: Promise<unknown>): Promise<Problem> =>
  p.then(
    () => {
      throw new Error('the call succeeded')
    },
    (e: unknown) => e as Problem,
  )

describe('calls', () => {
  it.each<[string, (r: Rest) => Promise<unknown>, Call]>([
    ['a guest', (r) => r.guest('Ann'), { method: 'POST', url: '/v1/players', auth: null, body: { name: 'Ann' } }],
    ['a new room', (r) => r.openRoom('T', { game: 'g', private: true, options: { bots: 3 } }),
      { method: 'POST', url: '/v1/rooms', auth: 'Bearer T', body: { game: 'g', private: true, options: { bots: 3 } } }],
    ['rooms', (r) => r.rooms({ game: 'g', limit: 5 }), { method: 'GET', url: '/v1/rooms?game=g&limit=5', auth: null, body: undefined }],
    ['a seat', (r) => r.seat('T', 'a/b'), { method: 'POST', url: '/v1/rooms/a%2Fb/seats', auth: 'Bearer T', body: { spectate: false } }],
    ['watching', (r) => r.seat('T', 'x', true), { method: 'POST', url: '/v1/rooms/x/seats', auth: 'Bearer T', body: { spectate: true } }],
    ['a seat by code', (r) => r.seatByCode('T', 'K7 ?'), { method: 'POST', url: '/v1/codes/K7%20%3F/seats', auth: 'Bearer T', body: { spectate: false } }],
    ['any seat', (r) => r.seatInGame('T', 'arena'), { method: 'POST', url: '/v1/games/arena/seats', auth: 'Bearer T', body: { options: {} } }],
    ['again', (r) => r.again('T', 'x'), { method: 'POST', url: '/v1/rooms/x/again', auth: 'Bearer T', body: undefined }],
    ['a replay of what is played, late', (r) => r.replay('T', 'a', 30), { method: 'POST', url: '/v1/matches/a/replay', auth: 'Bearer T', body: { delay: 30 } }],
    ['a replay', (r) => r.replay('T', 'a/b'), { method: 'POST', url: '/v1/matches/a%2Fb/replay', auth: 'Bearer T', body: undefined }],
    ['matches', (r) => r.matches({ player: 'p', cursor: 'c=' }), { method: 'GET', url: '/v1/matches?player=p&cursor=c%3D', auth: null, body: undefined }],
  ])('ask for %s', async (_, call, want) => {
    const { rest, calls } = server(200, {})
    await call(rest)
    expect(calls).toEqual([{ ...want, url: `http://there${want.url}` }])
  })

  it('give what was answered', async () => {
    expect(await server(201, { player: { id: 'p', name: 'Ann' }, token: 'T' }).rest.guest('Ann')).toEqual({ player: { id: 'p', name: 'Ann' }, token: 'T' })
    expect(await server(200, { items: [{ name: 'arena' }] }).rest.games()).toEqual([{ name: 'arena' }])
    expect(await server(204, null).rest.giveUp('T', 'x'), 'nothing is an answer too').toBeUndefined()
  })
})

describe('a failure', () => {
  it('is the sentence and the code of the problem', async () => {
    const body = { title: 'Conflict', status: 409, detail: 'All seats are taken.', code: 'full' }
    const p = await failure(server(409, body).rest.seat('T', 'x'))
    expect(p).toBeInstanceOf(Problem)
    expect([p.status, p.code, p.message, p.retryAfter]).toEqual([409, 'full', 'All seats are taken.', 0])
  })

  it('names each field that was wrong', async () => {
    const body = { title: 'Unprocessable', detail: 'The request is not right.', code: 'invalid', errors: [{ location: 'body.options.bots', message: 'must be 0 to 8' }] }
    const p = await failure(server(422, body).rest.openRoom('T', { game: 'g', private: false, options: {} }))
    expect(p.message).toBe('The request is not right. options.bots: must be 0 to 8')
  })

  it('says when to try again', async () => {
    const p = await failure(server(429, { detail: 'Too many calls.', code: 'too-many' }, { 'Retry-After': '7' }).rest.games())
    expect(p.retryAfter).toBe(7)
  })

  it('is a sentence also when the answer is not a problem', async () => {
    const p = await failure(server(502, '<h1>Bad gateway</h1>').rest.games())
    expect([p.status, p.code, p.message]).toEqual([502, 'http-502', 'The server answered 502.'])
  })

  it('is one where a good answer cannot be read', async () => {
    expect((await failure(server(200, 'not json').rest.games())).code).toBe('garbled')
  })

  it('is status 0 when nobody was reached', async () => {
    const rest = new Rest({
      fetch: () => Promise.reject(new TypeError('failed to fetch')),
    })
    const p = await failure(rest.games())
    expect([p.status, p.code]).toEqual([0, 'unreachable'])
  })
})
