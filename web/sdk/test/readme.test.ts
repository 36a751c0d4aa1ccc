import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as limits from '../src/limits.ts'
import { blocks, examples, readme, sdk } from './readme.ts'

it.each([...examples])('shows %s as it is', (_, text) => {
  expect(blocks).toContain(text)
})

it('links to what there is', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((m) => m[1] ?? '')
  expect(links.length, 'a link for each example').toBeGreaterThanOrEqual(examples.size)
  for (const link of links) expect(existsSync(join(sdk, link)), link).toBe(true)
})

it('is right about the numbers', () => {
  expect(readme).toContain(`at most ${limits.maxKept} together`)
  expect(readme).toContain(`larger than ${limits.maxSaid / 1024} KB`)
  expect(readme).toContain(`part of ${limits.firstBackoff / 1000} s, doubling up to ${limits.lastBackoff / 1000} s`)
  expect(readme).toContain(`asked about after ${limits.quietFor / 1000} s of silence`)
})
