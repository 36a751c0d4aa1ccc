import { describe, expect, it } from 'vitest'
import { address, parse, type Route } from './route.ts'

describe('an address', () => {
  it.each<Route>([
    { at: 'lobby' },
    { at: 'join', code: 'K7 &?' },
    { at: 'room', id: '0190-a', watch: false },
    { at: 'room', id: '0190-a', watch: true },
    { at: 'match', id: '0190-b' },
    { at: 'replay', id: '0190-b' },
    { at: 'replay', id: '0190-b', delay: 30 },
  ])('says the place and is read back: %j', (route) => {
    expect(parse(new URL(address(route), 'http://here').search)).toEqual(route)
  })

  it('takes of a delay what it can mean', () => {
    const delays = ['', '0', '-3', 'x', '1.6', '9999'].map((text) => parse(`?replay=a&delay=${text}`))
    expect(delays).toEqual([{}, {}, {}, {}, { delay: 2 }, { delay: 3600 }].map((delay) => ({ at: 'replay', id: 'a', ...delay })))
  })

  it('that means nothing is the lobby', () => {
    for (const search of ['', '?', '?x=1', '?room=', '?join=']) expect(parse(search)).toEqual({ at: 'lobby' })
  })
})
