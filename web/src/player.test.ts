import { describe, expect, it } from 'vitest'
import { maxName, numbered, randomName } from './player.ts'

describe('the name of a browser’s guest', () => {
  it('is the name for the first, and numbered for more tabs', () => {
    expect([1, 2, 9].map((n) => numbered('Ann', n))).toEqual(['Ann', 'Ann 2', 'Ann 9'])
  })

  it('stays within what the server takes, and cuts no character in two', () => {
    expect(numbered('x'.repeat(24), 2)).toBe(`${'x'.repeat(22)} 2`)
    expect(numbered('𝄞'.repeat(24), 2)).toBe(`${'𝄞'.repeat(22)} 2`)
  })

  it('is one for who gave none', () => {
    for (let i = 0; i < 100; i++) expect(randomName().length).toBeLessThanOrEqual(maxName)
  })
})
