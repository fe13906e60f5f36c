import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, PartAway } from './waiting.js'

/** The server that left its process and port in a data folder; it may be long gone. */
type Postmaster = { readonly pid: number; readonly port: number }
const lockFile = (data: string) => join(data, 'postmaster.pid')

export function postmasterOf(data: string): Postmaster | undefined {
  try {
    const [pid, , , port] = readFileSync(lockFile(data), 'utf8').split('\n').map(Number)
    return pid && port ? { pid, port } : undefined
  } catch {
    return undefined
  }
}

/** Whether this process is a PostgreSQL in this folder: after a crash its number may be another program's. */
export function isServing({ pid }: Postmaster, data: string): boolean {
  const works = workingFolder(pid)
  // Every process of a PostgreSQL works in its folder, and only a PostgreSQL does.
  if (works !== undefined) return existsSync(data) && works === realpathSync(data) && /(^|\/)postgres(\0|:|$)/.test(commandOf(pid))
  const { error, stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  const args = (error ? '' : stdout).trim()
  // Where nothing tells what a living process is, it is taken for one.
  if (args === '') return isAlive(pid)
  if (!/(^|\/)postgres(\s|:|$)/.test(args)) return false
  const folder = /\s-D\s?(.+?)(\s-[a-z]|$)/.exec(args)?.[1]
  return folder === undefined || (existsSync(folder) && realpathSync(folder) === realpathSync(data))
}

/** Undefined where the system does not tell: there is no /proc, or the process is another user's. */
function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}

/** No process has this number. PostgreSQL asks by it, and by the shared memory that the file also names: that it goes on asking. */
const nobodysPid = 2_147_483_647

/**
 * PostgreSQL does not start over a file that names a living process, whichever program that is. A file that its server took away
 * meanwhile, because it had only just stopped, is no hindrance. @throws PartAway where the file is another server's by now: it is looked
 * at again.
 */
export function disown(data: string, { pid, port }: Postmaster): void {
  let held: string
  try {
    held = readFileSync(lockFile(data), 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return
    throw error
  }
  const [first, ...rest] = held.split('\n')
  if (Number(first) !== pid)
    throw new PartAway(embeddedPart(data, port), { code: 'locked', words: 'another PostgreSQL is starting in its folder', mends: true })
  writeFileSync(lockFile(data), [nobodysPid, ...rest].join('\n'))
}

export const embeddedPart = (data: string, port: number): Part => ({
  name: 'the embedded PostgreSQL',
  address: `127.0.0.1:${port}`,
  setting: join(data, 'postgres.log'),
})
export const portTaken = 'EADDRINUSE'

/** What a start that failed means, by what the server wrote into its log; what it writes while it starts holds nobody's data. */
export function launchFailure(data: string, port: number, said: string, failed: Error): Error {
  const away = (code: string, words: string) => new PartAway(embeddedPart(data, port), { code, words, mends: true })
  if (/could not bind .*Address already in use/.test(said)) return away(portTaken, 'another program listens on its port: end that program')
  if (/lock file "postmaster.pid" already exists/.test(said))
    return away('locked', 'another PostgreSQL is starting, running or stopping in its folder')
  if (/pre-existing shared memory block/.test(said))
    return away(
      'leftovers',
      'processes of a server that was killed still hold its folder: they end by themselves in a moment, or have to be ended',
    )
  if (/did not start in time/.test(failed.message)) return away('recovering', 'it was started, and is still recovering')
  // Who connects too early is refused with a FATAL too, and that is not why it ended.
  const why = said
    .split('\n')
    .findLast(line => /(FATAL|PANIC): /.test(line) && !/the database system is|terminating connection/.test(line))
    ?.replace(/^.*(FATAL|PANIC):\s+/, '')
  if (why === undefined && said !== '') return away('ended', 'it ended while it was starting')
  return new Error(
    `The embedded PostgreSQL could not be started in ${data}: ${why ?? failed.message}. ${join(data, 'postgres.log')} says more.`,
  )
}
