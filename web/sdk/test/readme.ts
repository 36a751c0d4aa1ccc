// The code in the package's README, block by block.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const sdk = join(import.meta.dirname, '..')
export const readme = readFileSync(join(sdk, 'README.md'), 'utf8')

/** Its blocks of TypeScript. */
export const blocks: readonly string[] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((m) => m[1] ?? '')

/** The examples by the names of their files. */
export const examples: ReadonlyMap<string, string> = new Map(
  readdirSync(join(sdk, 'examples')).map((name) => [name, readFileSync(join(sdk, 'examples', name), 'utf8')]),
)
