import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataDir } from '#hosting/data-dir'
import { startEmbeddedPostgres } from '#hosting/embedded-postgres'
import { freePort } from '#hosting/free-port'
import { type Measurement, type Pair, limited, measured } from './rate.js'
import { secondsOf } from './rig.js'

const startFile = join(dirname(fileURLToPath(import.meta.url)), '../../tools/start.mjs')
const rounds = 5
/** Seconds. */
const limits = { secondStart: 5, atRest: 3 }

/**
 * What `npm start` takes: a second start, to the word that it is ready; Ctrl-C with nothing in flight; and, after PostgreSQL was killed,
 * the time to the first answer, against what that PostgreSQL takes to start by itself after the same.
 */
export async function* starting(): AsyncIterable<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-bench-'))
  const [port, dir] = [await freePort(), dataDir({ CASELEDGER_DATA_DIR: folder })]
  const env = { ...process.env, CASELEDGER_DATA_DIR: folder, PORT: String(port), HOST: '127.0.0.1', CASELEDGER_LOG_LEVEL: 'silent' }
  try {
    await stopped((await started(env)).child)
    const [starts, stops, kills]: [number[], number[], Pair[]] = [[], [], []]
    for (let n = 0; n < rounds; n++) {
      const { child, seconds } = await started(env)
      starts.push(seconds)
      kill(dir.postgres)
      const ours = 1_000 * (await secondsOf(() => answered(`http://127.0.0.1:${port}/health/ready`)))
      stops.push(await secondsOf(() => stopped(child)))
      kills.push({ ours, baseline: await ownStart(dir) })
    }
    yield limited('starting', 'second start', middle(starts), limits.secondStart, 's')
    yield limited('starting', 'Ctrl-C at rest', middle(stops), limits.atRest, 's')
    yield measured('starting', 'PostgreSQL killed', kills, 'ms')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function started(env: NodeJS.ProcessEnv): Promise<{ readonly child: ChildProcess; readonly seconds: number }> {
  const child = spawn(process.execPath, [startFile], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const seconds = await secondsOf(
    () =>
      new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes('is ready')) resolve()
        })
        child.once('exit', code => {
          reject(new Error(`npm start ended with ${String(code)}`))
        })
      }),
  )
  return { child, seconds }
}

async function stopped(child: ChildProcess) {
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
}

const kill = (data: string) => {
  process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
}

/** The first look is taken once the dead server has been noticed: an answer from before it does not count. */
async function answered(url: string) {
  const ready = () =>
    fetch(url).then(
      ({ status }) => status === 200,
      () => false,
    )
  while (await ready()) await soon()
  while (!(await ready())) await soon()
}
const soon = () => new Promise(resolve => setTimeout(resolve, 10))

/** Milliseconds that the server takes to recover when nothing of ours is around it. */
async function ownStart({ postgres: data, secrets }: { readonly postgres: string; readonly secrets: string }): Promise<number> {
  await startEmbeddedPostgres({ data, secrets })
  kill(data)
  let server: { stop(): Promise<void> } | undefined
  const ms =
    1_000
    * (await secondsOf(async () => {
      server = await startEmbeddedPostgres({ data, secrets })
    }))
  await server?.stop()
  return ms
}

const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
