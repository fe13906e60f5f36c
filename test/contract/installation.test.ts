import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBackend } from '#backend/backend'
import { dataDir } from '#hosting/data-dir'
import { databaseRoles } from '#hosting/provision'
import { localDatabase } from '#hosting/local-database'
import {
  assertSettings,
  databaseUrl,
  eventStoreChoice,
  listeningPlace,
  logLevel,
  requestsPerSecond,
  roleUrls,
  rotationDays,
  witnessing,
  workerMetricsPort,
} from '#hosting/settings'
import { client, testDatabase, testServer } from '../support/database.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-installation-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('settings say what is wrong with them, and no password', () => {
  test.each([
    ['an unknown store', () => eventStoreChoice({ CASELEDGER_EVENT_STORE: 'mongo' }), /postgres or eventstoredb/],
    ['no URL for EventStoreDB', () => eventStoreChoice({ CASELEDGER_EVENT_STORE: 'eventstoredb' }), /EVENTSTOREDB_URL/],
    [
      'a database URL without a database',
      () => databaseUrl({ DATABASE_URL: 'postgres://me:secret@host:5432' }),
      /^DATABASE_URL is postgres:/,
    ],
    [
      'a database URL whose password ends it',
      () => databaseUrl({ DATABASE_URL: 'postgres://me:se%cret@host:5432/own' }),
      /percent-encoded/,
    ],
    [
      'a database’s port that is none',
      () => databaseUrl({ DATABASE_URL: 'postgres://me:secret@host:543x/own' }),
      /^DATABASE_URL is postgres:/,
    ],
    [
      'a role’s URL that is none',
      () => roleUrls({ CASELEDGER_APP_DATABASE_URL: 'secret', CASELEDGER_VAULT_DATABASE_URL: 'secret' }),
      /^CASELEDGER_APP_DATABASE_URL is postgres:/,
    ],
    ['a rotation that never comes', () => rotationDays({ CASELEDGER_ROTATION_DAYS: '0' }), /number of days/],
    [
      'a parameter of EventStoreDB’s that is none',
      () => eventStoreChoice({ CASELEDGER_EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: 'esdb://me:secret@host?tsl=false' }),
      /did you mean tls/,
    ],
    [
      'a namespace that is none',
      () =>
        eventStoreChoice({
          CASELEDGER_EVENT_STORE: 'eventstoredb',
          EVENTSTOREDB_URL: 'esdb://host',
          CASELEDGER_EVENT_STORE_NAMESPACE: 'Ours',
        }),
      /^CASELEDGER_EVENT_STORE_NAMESPACE is/,
    ],
    ['a port that is none', () => listeningPlace({ PORT: '3000x' }), 'PORT is a whole number from 0 to 65535'],
    ['a host that is none', () => listeningPlace({ HOST: 'http://secret' }), /^HOST is/],
    ['a limit that lets nobody in', () => requestsPerSecond({ CASELEDGER_REQUESTS_PER_SECOND: '0' }), /from 1 to/],
    ['a limit in words', () => requestsPerSecond({ CASELEDGER_REQUESTS_PER_SECOND: 'many' }), /from 1 to/],
    ['a port for metrics that is none', () => workerMetricsPort({ CASELEDGER_WORKER_METRICS_PORT: '-1' }), /from 0 to 65535/],
    ['a folder that is a file', () => dataDir({ CASELEDGER_DATA_DIR: 'package.json' }), /^CASELEDGER_DATA_DIR names a file where a folder/],
    [
      'a policy that is none',
      () => witnessing({ CASELEDGER_LEDGER_POLICY: 'package.json' }),
      /^CASELEDGER_LEDGER_POLICY names a file that is no trust policy: the file, line 1: A line of a trust policy begins with log, /,
    ],
    ['the URL of one role of two', () => roleUrls({ CASELEDGER_APP_DATABASE_URL: 'postgres://a:b@host/c' }), /are set together/],
    ['a level that is none', () => logLevel({ CASELEDGER_LOG_LEVEL: 'verbose' }), /^CASELEDGER_LOG_LEVEL is one of fatal,/],
    ['a ledger policy that is not there', () => witnessing({ CASELEDGER_LEDGER_POLICY: 'secret.policy' }), /names no file/],
  ])('%s', (_, ask, why) => {
    expect(ask).toThrow(why)
    expect(ask).not.toThrow('secret')
  })
  test.each([
    { CASELEDGER_EVENT_STORE: 'mongo' },
    { DATABASE_URL: 'secret' },
    { CASELEDGER_APP_DATABASE_URL: 'secret', CASELEDGER_VAULT_DATABASE_URL: 'secret' },
    { CASELEDGER_CHECKPOINT_SECONDS: '1.5' },
    { CASELEDGER_WITNESS_MODE: 'shut' },
    { CASELEDGER_ROTATION_DAYS: '0' },
    { CASELEDGER_TIMESTAMP_URL: 'secret' },
    { PORT: 'x' },
    { CASELEDGER_REQUESTS_PER_SECOND: 'x' },
    { CASELEDGER_WORKER_METRICS_PORT: 'x' },
    { CASELEDGER_LOG_LEVEL: 'x' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { NODE_ENV: 'prod' },
    { HOST: 'http://secret' },
    { CASELEDGER_KEYS_DIR: 'package.json' },
    { CASELEDGER_CHECKPOINT_SINK: 'package.json' },
    { CASELEDGER_METRICS_TOKEN: 'secret secret' },
    { CASELEDGER_SIGNER_SOCKET: `/${'secret'.repeat(20)}` },
    { CASELEDGER_ISSUER: 'https://issuer.example.org' },
    { CASELEDGER_ROTATION_DAY: '7' },
    { CASELEDGER_KEY_DIR: 'secret' },
  ])('each is looked at before anything is connected: %j', settings => {
    expect(() => {
      assertSettings({})
    }).not.toThrow()
    expect(() => {
      assertSettings(settings)
    }).toThrow(Object.keys(settings)[0])
    expect(() => {
      assertSettings(settings)
    }).not.toThrow('secret')
  })
  test('all that is wrong is said at once, and what a container platform sets is none of ours', () => {
    expect(() => {
      assertSettings({ PORT: 'x', HOST: 'http://secret', CASELEDGER_ROTATION_DAY: '7' })
    }).toThrow(
      new RegExp(
        '^3 settings are wrong:\n  PORT is a whole number from 0 to 65535\n  HOST is the name .*\n  '
          + 'CASELEDGER_ROTATION_DAY is no setting; did you mean CASELEDGER_ROTATION_DAYS\\?$',
      ),
    )
    expect(() => {
      assertSettings({ CASELEDGER_PORT: 'tcp://10.0.0.1:3000', CASELEDGER_SERVICE_HOST: '10.0.0.1', PORT: '' })
    }).not.toThrow()
  })
  test('the defaults: the log in PostgreSQL, the embedded server, thirty days', () => {
    expect([eventStoreChoice({}), databaseUrl({}), rotationDays({})]).toEqual([{ kind: 'postgres' }, undefined, 30])
  })
})

describe('in production', () => {
  const before = process.env['NODE_ENV']
  beforeEach(() => {
    process.env['NODE_ENV'] = 'production'
  })
  afterEach(() => {
    process.env['NODE_ENV'] = before
  })

  test('nothing starts while the key folder lies inside the data folder, also by way of a link', async () => {
    const { urls } = await testDatabase()
    const outside = mkdtempSync(join(tmpdir(), 'caseledger-keys-'))
    try {
      await expect(openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: folder }))).rejects.toThrow(/key folder lies outside/)
      symlinkSync(folder, join(outside, 'link'))
      await expect(openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: folder, CASELEDGER_KEYS_DIR: join(outside, 'link') }))).rejects.toThrow(
        /key folder lies outside/,
      )
      const backend = await openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: folder, CASELEDGER_KEYS_DIR: outside }))
      await backend.close()
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })
  test('nor with an EventStoreDB that is not encrypted', async () => {
    const { urls } = await testDatabase()
    await expect(
      openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: folder, CASELEDGER_KEYS_DIR: join(tmpdir(), 'elsewhere') }), {
        kind: 'eventstoredb',
        url: 'esdb://a:b@db:2113?tls=false',
        namespace: undefined,
      }),
    ).rejects.toThrow(/encrypted/)
  })
})

test('DATABASE_URL of no superuser: roles, schemas and the database are made, and two machines agree on the passwords', async () => {
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = client(testServer(), 1)
  await admin.unsafe(`create role ${name} login createrole createdb password 'own'`)
  // The roles are the server's; other tests made them, so this one has to be given them.
  for (const role of databaseRoles) {
    await admin.unsafe(
      `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if; end $$`,
    )
    await admin.unsafe(`grant ${role} to ${name} with admin option`)
  }
  await admin.end()
  const url = new URL(testServer())
  ;[url.username, url.password, url.pathname] = [name, new URL(testServer()).password, `/${name}`]
  const sql = client(testServer(), 1)
  await sql.unsafe(`alter role ${name} password '${url.password}'`)
  await sql.end()
  const first = await localDatabase(dataDir({ CASELEDGER_DATA_DIR: join(folder, 'one') }), url.href)
  const second = await localDatabase(dataDir({ CASELEDGER_DATA_DIR: join(folder, 'two') }), url.href)
  expect(second.urls).toEqual(first.urls)
  const backend = await openBackend(first.urls, dataDir({ CASELEDGER_DATA_DIR: join(folder, 'one') }))
  expect((await backend.store.lastOf('installation-log'))?.revision).toBe(0n)
  await backend.close()
})
