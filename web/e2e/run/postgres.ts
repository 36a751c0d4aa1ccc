// A PostgreSQL of its own, from the installed binaries: reached over a socket
// in a temporary folder, forgotten afterwards.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Postgres {
  url: string
  /** Keeps everybody from writing to a table, until that is undone. */
  lock(table: string): Promise<() => void>
  stop(): void
}

// findPostgres is the folder of PostgreSQL's programs, the newest if there are several.
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((v) => join(debian, v, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((f) => existsSync(join(f, 'initdb')) && existsSync(join(f, 'pg_ctl')))
}

export function startPostgres(bin: string): Postgres {
  const dir = mkdtempSync(join(tmpdir(), 'tickroom-pg-'))
  const as = owner() // it refuses to run as root
  if (as) chownSync(dir, as.uid, as.gid)
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'], ...as })

  const data = join(dir, 'data')
  run('initdb', '--pgdata', data, '--username=tickroom', '--auth=trust', '--no-sync', '--encoding=UTF8')
  const options = `-c listen_addresses='' -c unix_socket_directories='${dir}' -c fsync=off`
  run('pg_ctl', '--pgdata', data, '--wait', '--log', join(dir, 'log'), '-o', options, 'start')
  return {
    url: `postgres://tickroom@/postgres?host=${dir}`,
    async lock(table) {
      const psql = spawn(join(bin, 'psql'), ['--no-psqlrc', '--quiet', '--host', dir, '--username', 'tickroom', 'postgres'], { stdio: ['pipe', 'pipe', 'inherit'] })
      psql.stdin.write(`begin; lock table ${table} in exclusive mode;\n\\echo locked\n`)
      await once(psql.stdout, 'data')
      return () => psql.stdin.end() // which ends the transaction
    },
    stop() {
      run('pg_ctl', '--pgdata', data, '--wait', '--mode=immediate', 'stop')
      rmSync(dir, { recursive: true })
    },
  }
}

function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
