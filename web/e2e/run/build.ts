// Builds the server once for all tests.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    binary: string
  }
}

export default function build(project: TestProject): () => void {
  const dir = mkdtempSync(join(tmpdir(), 'tickroom-build-'))
  const binary = join(dir, 'server')
  const repository = join(import.meta.dirname, '../../..')
  if (!process.env['TICKROOM_URL']) {
    execFileSync('go', ['build', '-o', binary, './cmd/server'], { cwd: repository, stdio: 'inherit' })
  }
  project.provide('binary', binary)
  return () => rmSync(dir, { recursive: true })
}
