import { describe, expect, it } from 'vitest'
import { Problem } from '../sdk/src/lobby.ts'
import { ago, duration, ended, missed, ordinal, outcome, sentence } from './words.ts'

describe('words', () => {
  it('count places', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 111].map(ordinal)).toEqual([
      '1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '111th',
    ])
  })

  it('measure time', () => {
    expect([0, 999, 59_400, 60_000, 200_000].map(duration)).toEqual(['0 s', '1 s', '59 s', '1 min 0 s', '3 min 20 s'])
    const now = new Date('2026-05-05T12:00:00Z')
    const at = (s: number): string => ago(new Date(now.getTime() - s * 1000), now)
    expect([0, 59, 60, 3599, 7200].map(at)).toEqual(['just now', 'just now', '1 min ago', '59 min ago', '2 h ago'])
  })

  const two = [
    { seat: 0, name: 'Ann', place: 1 },
    { seat: 1, name: '', place: 2 },
  ]
  it.each([
    [two, 0, 'You won'],
    [two, 1, 'You lost'],
    [two, -1, 'Ann won'],
    [[...two, { seat: 2, name: 'Cy', place: 3 }], 2, '3rd of 3'],
    [two.map((s) => ({ ...s, place: 1 })), 0, 'A draw'],
    [two.map((s) => ({ ...s, place: 3 - s.place })), -1, 'A bot won'],
    [[], 0, 'The match is over'],
  ])('tell %j to seat %d as "%s"', (standings, mine, headline) => {
    expect(outcome(standings, mine)).toBe(headline)
  })

  it('say why a match ended, also by a reason nobody foresaw', () => {
    expect(ended('finished', 'time')).toBe('Time was up.')
    expect(ended('finished', 'king-taken')).toBe('Ended: king taken.')
    expect(ended('failed', 'panic')).toBe('The game had a fault, and the match was stopped.')
  })

  it('say that something was missed, only where it was', () => {
    expect((['new', 'resumed'] as const).map((began) => missed({ phase: 'connected', began, via: 'websocket' }))).toEqual(['', ''])
    expect(missed({ phase: 'connecting' })).toBe('')
    expect((['behind', 'unknown'] as const).map((began) => missed({ phase: 'connected', began, via: 'websocket' }))).toEqual([
      'You were away too long to be told all of it. This is how it stands now.',
      'The server had lost sight of you. This is how it stands now.',
    ])
  })

  it('say when to try again', () => {
    expect(sentence(new Problem(429, 'slow-down', 'Too many calls.', 5))).toBe('Too many calls. Try again in 5 s.')
    expect(sentence('?')).toBe('Something went wrong.')
  })
})
