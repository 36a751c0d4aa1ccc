// The package as a stranger gets it: packed, installed without a network,
// type-checked by a strict consumer, imported by Node.

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as library from '../src/index.ts'
import * as lobby from '../src/lobby.ts'
import * as motion from '../src/motion/index.ts'
import { blocks, examples, sdk } from './readme.ts'

const web = join(sdk, '..')
const games = ['arena', 'battleship', 'relay']
let app: string
let packed: readonly string[] // paths in the package
let installed: string // the folder it came to lie in

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')

/** Every file below a folder, by its path from there. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(dir, join(e.parentPath, e.name)))

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'tickroom-package-'))
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', ['--silent', '--offline', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const [tarball] = JSON.parse(npm(sdk, 'pack', '--json', '--pack-destination', app)) as [{ filename: string; files: { path: string }[] }]
  packed = tarball.files.map((f) => f.path)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  npm(app, 'install', '--no-audit', '--no-fund', join(app, tarball.filename))
  installed = join(app, 'node_modules/tickroom')
}, 60_000)
afterAll(() => rmSync(app, { recursive: true }))

describe('the package', () => {
  it('holds the sources, what is built of them, and nothing else', () => {
    const sources = filesIn(join(sdk, 'src')).map((name) => name.replace(/\.ts$/, ''))
    const meant = sources.flatMap((name) => [`src/${name}.ts`, ...['.js', '.d.ts', '.js.map', '.d.ts.map'].map((end) => `dist/${name}${end}`)])
    expect([...packed].sort()).toEqual(['LICENSE', 'README.md', 'package.json', ...meant].sort())
    expect(read(installed, 'LICENSE')).toBe(read(web, '../LICENSE'))
  })

  it('needs no other', () => {
    const about = JSON.parse(read(installed, 'package.json')) as Record<string, unknown>
    expect(Object.keys(about).filter((key) => /dependencies/i.test(key))).toEqual([])
    expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['tickroom'])
    for (const name of packed.filter((p) => p.endsWith('.js'))) {
      for (const [, from] of read(installed, name).matchAll(/^(?:import|export)\b.*? from '(.*?)'/gm)) {
        expect(from, `an import in ${name}`).toMatch(/^\.{1,2}\/.*\.js$/)
      }
    }
  })

  it('has for each script and declaration a map to a source that is in it', () => {
    const mapped = packed.filter((p) => /\.(js|d\.ts)$/.test(p) && p.startsWith('dist/'))
    expect(mapped.length).toBeGreaterThan(0)
    for (const name of mapped) {
      const map = /\/\/# sourceMappingURL=(.*)$/.exec(read(installed, name).trimEnd())?.[1] ?? 'no map'
      const { sources, sourceRoot } = JSON.parse(read(installed, dirname(name), map)) as { sources: string[]; sourceRoot: string }
      const [source = 'no source'] = sources.map((s) => join(installed, dirname(name), sourceRoot, s))
      expect(relative(installed, source), `the source of ${name}`).toMatch(/^src\/.*\.ts$/)
      expect(read(source), `the source of ${name}`).toBe(read(sdk, relative(installed, source)))
    }
  })
})

describe('its types', () => {
  beforeAll(() => {
    for (const game of games) {
      mkdirSync(join(app, 'games', game), { recursive: true })
      cpSync(join(web, 'games', game, 'types.ts'), join(app, 'games', game, 'types.ts'))
    }
    mkdirSync(join(app, 'sdk/examples'), { recursive: true })
    for (const [name, text] of examples) writeFileSync(join(app, 'sdk/examples', name), text)
    mkdirSync(join(app, 'readme'))
    cpSync(join(web, 'games/battleship/types.ts'), join(app, 'readme/types.ts'))
    const shown = new Set(examples.values())
    blocks.filter((b) => !shown.has(b)).forEach((b, i) => writeFileSync(join(app, 'readme', `block${i}.ts`), b.startsWith('import') ? b : inARoom(b)))
    writeFileSync(join(app, 'readme/strict.ts'), strict)
  })

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('hold for a strict consumer of module %s and resolution %s, the README’s code and the examples', (module, moduleResolution) => {
    const config = {
      compilerOptions: {
        target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [], module, moduleResolution, noEmit: true,
        allowImportingTsExtensions: true, verbatimModuleSyntax: true, strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true,
      },
      include: ['readme', 'sdk', 'games'],
    }
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(config))
    const checked = spawnSync(join(web, 'node_modules/.bin/tsc'), ['-p', app], { cwd: app, encoding: 'utf8' })
    expect(checked.stdout + checked.stderr).toBe('')
    expect(checked.status).toBe(0)
  }, 30_000)
})

describe('its code', () => {
  const node = (script: string): string => {
    writeFileSync(join(app, 'script.js'), script)
    return execFileSync(process.execPath, ['script.js'], { cwd: app, encoding: 'utf8' })
  }

  it('exports under Node what the sources do', () => {
    for (const [entry, source] of [['tickroom', library], ['tickroom/lobby', lobby], ['tickroom/motion', motion]] as const) {
      const names = node(`console.log(JSON.stringify(Object.keys(await import('${entry}'))))`)
      expect((JSON.parse(names) as string[]).sort(), entry).toEqual(Object.keys(source).sort())
    }
  })

  it('connects in a world of one’s own', () => {
    const said = node(`
      import { browser, connect } from 'tickroom'
      const socket = { send() {}, backlog: 0, close() {} }
      const world = { ...browser, connect: (url) => (console.log(url), socket), onWake: () => () => {} }
      const room = connect({ url: 'wss://play.example/v1/play', ticket: 'T' }, { world })
      console.log(room.state.phase)
      room.close()
      console.log(room.state.phase)`)
    expect(said).toBe('wss://play.example/v1/play\nconnecting\nclosed\n')
  })

  it('keeps what it does not export to itself', () => {
    expect(existsSync(join(installed, 'dist/outbox.js')), 'it is there').toBe(true)
    expect(node(`console.log(await import('tickroom/dist/outbox.js').then(() => 'open', (e) => e.code))`)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n')
  })
})

/** A block of the README where it stands: in a program that has a room. */
const inARoom = (block: string): string => `
import { CloseCode, LocalCode, Refusal, Unanswered, watcher, type Room } from 'tickroom'
interface Command { readonly fire: { readonly x: number; readonly y: number } | null; readonly ready: boolean; readonly turn: number }
declare const room: Room<Command, { readonly turn: number }, { readonly shot: { readonly x: number } }>
declare function show(text: string): void
export async function block(): Promise<void> {
${block}}
export const named = [CloseCode.TakenOver, LocalCode.Garbled, Refusal, Unanswered, watcher]
`

/** What a consumer may not write: each is an error, or the check fails. */
const strict = `
import { connect, type Room } from 'tickroom'
import type { BattleshipRoom } from './types.ts'
declare const grant: { url: string; ticket: string }
const room: BattleshipRoom = connect(grant)
// @ts-expect-error there is no such command
room.send('jump')
// @ts-expect-error a shot goes somewhere
room.send('fire')
// @ts-expect-error x is a number
room.send('fire', { x: '3', y: 4 })
// @ts-expect-error yes is true
room.send('ready', 'yes')
// @ts-expect-error a whole command has all fields
room.send({ ready: true })
// @ts-expect-error there is no such event
room.on('boom', () => {})
// @ts-expect-error a shot has no z
room.on('shot', ({ z }) => z)
// @ts-expect-error a view is to be read
room.onView((view) => (view.turn = 1))

// And what who has no types may.
const untyped: Room<any, any, any> = room
untyped.send('fire', { x: 3, y: 4 })
untyped.send('ready')
untyped.send({ anything: 1 })
untyped.on('boom', ({ z }) => z)
`
