import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { dataDir } from '#hosting/data-dir'
import { freePort } from '#hosting/free-port'
import { localDatabase } from '#hosting/local-database'
import { inDatabase } from '#hosting/provision'
import { reachedBackend } from '#backend/reached-backend'
import { AskedToStop, PartAway, patiently } from '#hosting/waiting'
import { testDatabase, testServer } from '../support/database.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { http2InTheClear } from '../support/http2-server.js'

const root = process.cwd()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-waiting-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
const never = new AbortController().signal
const dir = () => dataDir({ CASELEDGER_DATA_DIR: folder })

/** The tests' PostgreSQL behind a proxy, under a database that is not there yet. */
async function away(): Promise<{
  readonly url: string
  readonly port: number
  readonly back: () => Promise<void>
  readonly close: () => Promise<void>
}> {
  const there = new URL(inDatabase(testServer(), `t_${randomBytes(6).toString('hex')}`))
  const proxy = await FaultProxy.before({ host: there.hostname, port: Number(there.port) })
  const back = await proxy.away()
  there.port = String(proxy.port)
  return { url: there.href, port: proxy.port, back, close: () => proxy.close() }
}

test('a database that nobody listens for is waited for, in words, and is used when it comes', async () => {
  const { url, port, back, close } = await away()
  const said: string[] = []
  try {
    const opened = patiently(() => localDatabase(dir(), url), {
      signal: never,
      say: words => {
        said.push(words)
        if (said.length === 1) void back()
      },
    })
    expect((await opened).urls.app).toContain(`127.0.0.1:${port}`)
    expect(said[0]).toMatch(
      new RegExp(
        `^Waiting for PostgreSQL at 127\\.0\\.0\\.1:${port}: nothing listens there \\(ECONNREFUSED\\)\\. `
          + 'It is asked again for up to 120 seconds\\.$',
      ),
    )
    expect(said.at(-1)).toMatch(/^Everything that was waited for is there, after \d+ seconds\.$/)
    expect(said.join()).not.toContain(new URL(url).password)
  } finally {
    await close()
  }
})
test('after the patience it ends with address, cause and the setting to look at; and at once when it is asked to stop', async () => {
  const { url, port } = await away()
  const [said, stop] = [[] as string[], new AbortController()]
  const failed: unknown = await patiently(() => localDatabase(dir(), url), {
    signal: never,
    say: words => {
      said.push(words)
    },
    ms: 700,
  }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(PartAway)
  expect((failed as Error).message).toMatch(
    new RegExp(
      `^PostgreSQL at 127\\.0\\.0\\.1:${port} cannot be used: nothing listens there \\(ECONNREFUSED\\)\\. `
        + 'It was waited for, 1 seconds\\. Look at DATABASE_URL\\.$',
    ),
  )
  expect(said).toHaveLength(1)
  await expect(
    patiently(() => localDatabase(dir(), url), {
      signal: stop.signal,
      say: () => {
        stop.abort()
      },
    }),
  ).rejects.toThrow(AskedToStop)
})
test.each([
  [
    'a wrong password',
    (url: URL) => {
      url.password = 'hush'
    },
    'it refuses the password (28P01)',
  ],
  [
    'a role that is not there',
    (url: URL) => {
      url.username = 'nobody_at_all'
    },
    'it refuses the password (28P01)',
  ],
])('what waiting does not mend ends at once: %s', async (_, change, why) => {
  const url = new URL(inDatabase(testServer(), 'postgres'))
  change(url)
  const said: string[] = []
  await expect(
    patiently(() => localDatabase(dir(), url.href), {
      signal: never,
      say: words => {
        said.push(words)
      },
    }),
  ).rejects.toThrow(why)
  expect(said).toEqual([])
})
test('EventStoreDB is looked for first; an API without the TLS that its URL wants ends with the remedy, and no password', async () => {
  const server = await http2InTheClear()
  try {
    const { urls, admin } = await testDatabase()
    const store = { kind: 'eventstoredb', url: `esdb://ops:hush@127.0.0.1:${server.port}`, namespace: undefined } as const
    await expect(reachedBackend(urls, dir(), store, 'DATABASE_URL')).rejects.toThrow(
      /^EventStoreDB at 127\.0\.0\.1:\d+ cannot be used: it does not speak TLS.* Look at EVENTSTOREDB_URL\.$/,
    )
    const api = await ended({
      DATABASE_URL: admin,
      CASELEDGER_DATA_DIR: folder,
      CASELEDGER_EVENT_STORE: 'eventstoredb',
      EVENTSTOREDB_URL: store.url,
      PORT: '0',
    })
    expect(api.status).toBe(1)
    expect(api.stderr).toMatch(
      /^The API stopped: EventStoreDB at 127\.0\.0\.1:\d+ cannot be used: it does not speak TLS.*put tls=false into EVENTSTOREDB_URL/,
    )
    expect(api.stderr).not.toContain('hush')
  } finally {
    await server.close()
  }
})
/** The API as an operator starts it, to its end. */
async function ended(settings: Readonly<Record<string, string>>): Promise<{ readonly status: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'dist/run/api/main.js')], {
    env: { ...process.env, NODE_OPTIONS: '', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>])
  return { status, stderr }
}
test('npm start names the part that is away, also where that is EventStoreDB beside a database that is there', async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      DATABASE_URL: (await testDatabase()).admin,
      CASELEDGER_DATA_DIR: folder,
      CASELEDGER_EVENT_STORE: 'eventstoredb',
      EVENTSTOREDB_URL: `esdb://ops:hush@127.0.0.1:${port}?tls=false`,
      PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [first] = (await once(child.stderr, 'data')) as [Buffer]
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  expect(first.toString()).toBe(
    `Waiting for EventStoreDB at 127.0.0.1:${port}: nothing listens there (ECONNREFUSED). `
      + `It is asked again for up to ${/(\d+) seconds/.exec(first.toString())?.[1] ?? ''} seconds.\n`,
  )
  expect((await ended)[0]).toBe(0)
})
test.each([
  ['a setting', { PORT: 'no' }, 'The API stopped: PORT is a whole number from 0 to 65535\n'],
  [
    'a parameter of a URL',
    { CASELEDGER_EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: 'esdb://127.0.0.1:1?tsl=false' },
    'The API stopped: tsl is no parameter of EVENTSTOREDB_URL; did you mean tls?\n',
  ],
])('%s that is wrong is said before anything is connected', async (_, settings, words) => {
  expect(await ended({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/nowhere', ...settings })).toEqual({ status: 1, stderr: words })
})
test('no process ends without a word because nothing is left that it could wait for', () => {
  const lost =
    `import { runProcess } from ${JSON.stringify(join(root, 'dist/libs/hosting/own-process.js'))}; `
    + `runProcess('part', () => new Promise(() => {}))`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', lost], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
  expect([status, stderr.startsWith('The part stopped: it waited for an answer that nothing can bring any more')]).toEqual([1, true])
})
