import { type ChildProcess, fork } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { type DatabaseUrls, openBackend } from '#installation/backend'
import { dataDir } from '#installation/data-dir'
import { publishFirstPolicyPack } from '#installation/first-policy-pack'
import { localDatabase } from '#installation/local-database'
import { trustLocalIssuer } from '#installation/local-issuer'

const apps = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text: string) => process.stdout.write(`${text}\n`)
/** Held as long as this process lives: two of them on one data folder would fight. */
const oneStandalone = 7302

/** One process group for a laptop: embedded PostgreSQL, API and worker. Ends when it is asked to, and leaves nothing running. */
export async function start(): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') throw new Error('npm start is for a laptop: its token issuer and its policy pack are not for production.')
  const asked = new Promise<void>(resolve => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve() }) })
  const dir = dataDir()
  const server = await localDatabase(dir)
  const { urls } = server
  const lock = postgres(urls.app, { max: 1, onnotice: () => undefined, max_lifetime: null })
  const [held] = await lock<{ got: boolean }[]>`select pg_try_advisory_lock(${oneStandalone}) as got`
  if (!held?.got) {
    await lock.end()
    await server.release()
    process.stderr.write(`Caseledger is already running on ${dir.root}. Stop it first, or set CASELEDGER_DATA_DIR to another folder.\n`)
    process.exit(1)
  }
  trustLocalIssuer(dir.issuer)
  const backend = await openBackend(urls, dir)
  await publishFirstPolicyPack(backend)
  await backend.close()

  const children = [launch('worker', urls), launch('api', urls)]
  const failed = Promise.race(children.map(child => child.gone))
  const ready = await Promise.race([Promise.all(children.map(child => child.ready)).then(() => true), failed.then(() => false), asked.then(() => false)])
  if (ready) {
    announce()
    const which = await Promise.race([asked.then(() => undefined), failed])
    if (which !== undefined) { process.stderr.write(`${which}\n`); process.exitCode = 1 }
  } else process.exitCode = 1
  say('Stopping …')
  await Promise.all([...children].reverse().map(child => child.stop()))
  await lock.end()
  await server.stop()
  process.exit()
}

function announce() {
  const url = `http://${process.env['HOST'] ?? '127.0.0.1'}:${process.env['PORT'] ?? '3000'}`
  say([
    '', 'Caseledger is ready.', `  API       ${url}/v1`, `  API docs  ${url}/docs`, '  A token   npm run token -- --role dpo --sub dpo-1', '  Ctrl-C stops all of it.', '',
  ].join('\n'))
}

type Child = { readonly ready: Promise<void>; readonly gone: Promise<string>; stop(): Promise<void> }

function launch(name: 'api' | 'worker', urls: DatabaseUrls): Child {
  const child: ChildProcess = fork(join(apps, name, 'main.js'), { env: { ...process.env, CASELEDGER_APP_DATABASE_URL: urls.app, CASELEDGER_VAULT_DATABASE_URL: urls.vault } })
  const exited = new Promise<void>(resolve => child.once('exit', () => { resolve() }))
  return {
    ready: new Promise(resolve => child.once('message', () => { resolve() })),
    gone: exited.then(() => `The ${name} stopped by itself: its last lines above say why.`),
    stop: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => { child.kill('SIGKILL') }, 15_000)
      await exited
      clearTimeout(late)
    },
  }
}
