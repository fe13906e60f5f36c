import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Health } from '#backend/health'
import { Policies } from '#commands/policies-in-force'
import { person } from '#domain/person/person'
import { AppendOutcomeUnknown, StreamDamaged } from '#event-store/event-store'
import { EventsOutOfPlace } from '#event-store/out-of-place'
import { eventStoreMigrations } from '#event-store/postgres/migrations'
import { isInPlace, lastPosition } from '#event-store/postgres/migrations/0004-between-first-and-last'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { dataDir } from '#hosting/data-dir'
import { provision } from '#hosting/provision'
import { rolePasswords } from '#hosting/role-passwords'
import { NoNextLeaf } from '#ledger/postgres/next-leaf'
import { countUnread } from '#processes/postgres/unread'
import { asAdmin, client, testDatabase, testServer } from '../support/database.js'
import { checked, publish, sequence, testSigner } from '../support/ledger.js'
import { patient } from '../support/patience.js'
import { refer } from '../support/people.js'
import { world } from '../support/world.js'

const constraint = 'event_in_place'
/** An event at a place of somebody’s choosing, as an administrator puts it into the table, once the constraint is out of the way. */
const putIn = (admin: string, stream: string, place: { readonly revision: bigint; readonly position: bigint; readonly at?: string }) =>
  asAdmin(admin, async sql => {
    const id = randomUUID()
    await sql.unsafe(`alter table event_store.event drop constraint if exists ${constraint}`)
    await sql`insert into event_store.event values (${String(place.position)}, ${stream}, ${String(place.revision)}, ${id},
      'ConsentGranted', '{}', '{}', ${place.at ?? '2026-11-01T09:00:00.000Z'}::text::timestamptz)`
    return id
  })

describe('an event that an administrator slips in before the first position, where no reader of the log is led', () => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: Awaited<ReturnType<typeof testSigner>>
  beforeEach(async () => {
    ;[w, signer] = [await world(), await testSigner()]
  })
  afterEach(async () => {
    await w.end()
    await signer.stop()
  })
  const slippedIn = async (position = 0n) => {
    const subjectRef = await refer(w)
    const stream = `person-${subjectRef}`
    const { revision } = (await w.store.lastOf(stream))!
    return { subjectRef, stream, revision: revision + 1n, id: await putIn(w.database.admin, stream, { revision: revision + 1n, position }) }
  }
  const run = (program: readonly string[], settings: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, program, {
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', CASELEDGER_DATA_DIR: w.folder, ...settings },
      encoding: 'utf8',
      timeout: patient(50_000),
    })

  test.each([[0n], [-1n], [-1_000_000n], [lastPosition + 1n], [2n ** 63n - 1n]])(
    'the database refuses it at position %s, as long as nobody takes its constraint away',
    async position => {
      await expect(
        asAdmin(w.database.admin, async sql => {
          await sql`set session_replication_role = replica`
          await sql`insert into event_store.event values (${String(position)}, 'person-1', 0, ${randomUUID()}, 'Tried', '{}', '{}', now())`
        }),
      ).rejects.toMatchObject({ code: '23514', constraint_name: constraint })
    },
  )
  test.each([
    ['a stream that is known', false],
    ['one that is not', true],
  ])('nothing is decided on %s: it is refused, and everybody else is served', async (_, forgotten) => {
    const { subjectRef, stream } = await slippedIn()
    const other = await refer(w)
    if (forgotten) w.folds.forget()
    const damaged = { constructor: StreamDamaged, stream, how: 'out of place' }
    await expect(w.folds.load(person, subjectRef)).rejects.toMatchObject(damaged)
    await expect(w.store.lastOf(stream)).rejects.toMatchObject(damaged)
    expect((await w.folds.load(person, other)).revision).not.toBe('no_stream')
    expect(w.folds.rewound.aborted).toBe(false)
    // What is written next gets the next position all the same.
    const head = (await w.store.head())!
    await refer(w)
    expect((await w.store.head())! > head).toBe(true)
  })
  test('fsck names it, deep or not; health is not ready; who reads the log is told of no such event', async () => {
    await refer(w)
    await sequence(w, signer)
    await publish(w, signer)
    const before = await checked(w, signer, false)
    expect([before.verdict, before.findings]).toEqual(['VERIFIED', []])
    const health = async () =>
      (await new Health(w.store, w.readModels, w.keys, new Policies(w.folds), w.clock, () => countUnread(w.sql), w.ledger).parts()).find(
        ({ part }) => part === 'event store',
      )
    expect(await health()).toEqual({ part: 'event store', ready: true })
    const { stream, revision, id } = await slippedIn()
    await sequence(w, signer)
    await publish(w, signer)
    for (const deep of [false, true])
      expect((await checked(w, signer, deep)).findings).toEqual([
        {
          check: 'completeness',
          result: 'failed',
          what: expect.stringContaining('at position 0, where the service puts none') as unknown,
          stream,
          revision: String(revision),
          eventId: id,
        },
      ])
    expect(await health()).toEqual({ part: 'event store', ready: false, why: expect.stringContaining(`${id} at position 0`) as unknown })
    const seen: string[] = []
    for await (const event of w.store.readAll()) seen.push(event.id)
    expect([seen.length > 0, seen.includes(id), await w.store.at(0n), await w.store.whole.at(0n)]).toEqual([
      true,
      false,
      undefined,
      undefined,
    ])
  })
  test.each([[lastPosition], [2n ** 63n - 1n]])(
    'so is one at position %s, behind which nothing can be appended; the ledger does not go on to it',
    async position => {
      const other = await refer(w)
      const { id } = await slippedIn(position)
      await asAdmin(w.database.admin, sql =>
        sql.unsafe(`alter table event_store.event add constraint ${constraint} check (${isInPlace}) not valid`),
      )
      await expect(refer(w)).rejects.toBeInstanceOf(AppendOutcomeUnknown)
      w.folds.forget()
      expect((await w.folds.load(person, other)).revision).not.toBe('no_stream')
      await expect(sequence(w, signer)).rejects.toBeInstanceOf(NoNextLeaf)
      expect((await checked(w, signer, false)).findings).toContainEqual(
        expect.objectContaining({
          check: 'completeness',
          eventId: id,
          what: expect.stringContaining(`at position ${position}`) as unknown,
        }),
      )
      const parts = await new Health(
        w.store,
        w.readModels,
        w.keys,
        new Policies(w.folds),
        w.clock,
        () => countUnread(w.sql),
        w.ledger,
      ).parts()
      expect(parts.find(({ part }) => part === 'event store')).toMatchObject({ ready: false, why: expect.stringContaining(id) as unknown })
    },
  )
  test('a ledger that has not begun yet does not hide it', async () => {
    const { id } = await slippedIn()
    expect((await checked(w, signer, false)).findings.map(({ eventId }) => eventId)).toEqual([id])
  })
  test('an event at a free place among others is named by fsck, deep or not, and so is one that is gone', async () => {
    const event = () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })
    const [one, other, gone] = [`tried-${randomUUID()}`, `tried-${randomUUID()}`, event()]
    const { position } = await w.store.append(one, 'no_stream', [event()])
    await w.store.append(other, 'no_stream', [event(), gone])
    await asAdmin(w.database.admin, async sql => {
      await sql`set session_replication_role = replica`
      await sql`delete from event_store.event where position = ${String(position)}`
    })
    await sequence(w, signer)
    await publish(w, signer)
    const found = async (deep: boolean) => (await checked(w, signer, deep)).findings.map(({ what, eventId }) => [what, eventId])
    // What waits to be a leaf is none of either.
    await refer(w)
    for (const deep of [false, true]) expect([deep, await found(deep)]).toEqual([deep, []])
    const id = await putIn(w.database.admin, other, { revision: 2n, position })
    const isNoLeaf: unknown = expect.stringMatching(/^The event store has an event .*that is no leaf$/)
    for (const deep of [false, true]) expect([deep, await found(deep)]).toEqual([deep, [[isNoLeaf, id]]])
    await asAdmin(w.database.admin, async sql => {
      await sql`set session_replication_role = replica`
      await sql`delete from event_store.event where id in ${sql([id, gone.id])}`
    })
    const isGone: unknown = expect.stringMatching(/^The event store no longer has /)
    for (const deep of [false, true]) expect([deep, await found(deep)]).toEqual([deep, [[isGone, gone.id]]])
  })
  test('ledger fsck prints first what it did not look at', async () => {
    await refer(w)
    await sequence(w, signer)
    await publish(w, signer)
    const settings = {
      DATABASE_URL: w.database.admin,
      CASELEDGER_SIGNER_DIR: signer.folder,
      CASELEDGER_SIGNER_SOCKET: `${signer.socket}.none`,
    }
    const [unread, beside] = [
      'what the event store holds at its positions (fsck --deep reads it); ',
      'what is remembered by witnesses (CASELEDGER_LEDGER_POLICY names none); '
        + 'what is remembered by the sink (CASELEDGER_CHECKPOINT_SINK names none); who may do what in the database (caseledger doctor)',
    ]
    for (const deep of [[], ['--deep']]) {
      const { status, stdout } = run(['tools/caseledger.mjs', 'ledger', 'fsck', ...deep], settings)
      expect([status, stdout.split('\n')[0]]).toEqual([0, `Not looked at: ${deep.length > 0 ? '' : unread}${beside}.`])
      const json = run(['tools/caseledger.mjs', 'ledger', 'fsck', '--json', ...deep], settings)
      expect((JSON.parse(json.stdout) as { notLookedAt: string[] }).notLookedAt.join('; ')).toBe(
        `${deep.length > 0 ? '' : unread}${beside}`,
      )
    }
  })
  test('replay --check names it, although every read model is what the log says', async () => {
    const settings = { DATABASE_URL: w.database.admin }
    const check = () => {
      const { status, stdout } = run(['tools/caseledger.mjs', 'replay', '--check', '--name', 'key-register', '--json'], settings)
      return [
        status,
        ...stdout
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line) as Record<string, unknown>),
      ]
    }
    expect(check()).toEqual([0, expect.objectContaining({ equal: true })])
    const { stream, revision, id } = await slippedIn()
    expect(check()).toEqual([
      1,
      expect.objectContaining({ equal: true }),
      { outOfPlace: id, type: 'ConsentGranted', stream, revision: String(revision), position: '0' },
    ])
  })
  test.each(['api', 'worker'])('the %s does not start, and says which event it is', async app => {
    const { id } = await slippedIn(-3n)
    const { status, stderr } = run([`${process.cwd()}/dist/run/${app}/main.js`], {
      CASELEDGER_APP_DATABASE_URL: w.database.urls.app,
      CASELEDGER_VAULT_DATABASE_URL: w.database.urls.vault,
    })
    expect([status, stderr]).toEqual([3, expect.stringContaining(`${id} at position -3`)])
  })
})

describe('a database from before the constraint', () => {
  const [before, since] = [eventStoreMigrations.slice(0, 1), eventStoreMigrations.slice(1)]
  /** As the release before left it. */
  const older = async () => {
    const database = await testDatabase()
    await asAdmin(database.admin, async sql => {
      await sql.unsafe('drop schema event_store cascade')
      for (const step of before) await sql.unsafe(step.sql)
      await sql`delete from caseledger_migration where name = any(${since.map(({ name }) => `1-event-store/${name}`)})`
    })
    return { ...database, migrate: () => provision(testServer(), database.name, rolePasswords(dataDir({}), testServer())) }
  }
  test('is brought up to date, and goes on from where it stood', async () => {
    const { admin, migrate, urls } = await older()
    await asAdmin(admin, sql => sql`select event_store.append_one('tried-1', -1, ${randomUUID()}, 'Tried', '{}', '{}')`)
    await migrate()
    const store = new PostgresEventStore(client(urls.app))
    try {
      expect(await store.append('tried-1', 0n, [{ id: randomUUID(), type: 'Tried', data: {}, metadata: {} }])).toEqual({
        revision: 1n,
        position: 2n,
      })
    } finally {
      await store.close()
    }
  })
  test.each([
    ['position 0', { revision: 0n, position: 0n }],
    ['a position that leaves none for the next', { revision: 0n, position: lastPosition + 1n }],
    ['revision -1', { revision: -1n, position: 1n }],
    ['no time that there is', { revision: 0n, position: 1n, at: 'infinity' }],
  ])('with an event at %s is not: the event is named, and no schema changed', async (_, place) => {
    const { admin, migrate } = await older()
    const id = await putIn(admin, 'person-1', place)
    const failure: unknown = await migrate().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(EventsOutOfPlace)
    expect((failure as Error).message).toContain(`${id} at position ${place.position}`)
    await asAdmin(admin, async sql => {
      expect(await sql`select from pg_constraint where conname = ${constraint}`).toHaveLength(0)
      await sql`delete from event_store.event`
    })
    await migrate()
  })
})

test('an event at a free place among others, behind its stream’s last: its stream is refused', async () => {
  const database = await testDatabase()
  const store = new PostgresEventStore(client(database.urls.app))
  const [other, name] = ['tried-other', 'tried-1']
  try {
    const event = () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })
    await store.append(other, 'no_stream', [event()])
    await store.append(name, 'no_stream', [event(), event()])
    await asAdmin(database.admin, sql => sql`delete from event_store.event where stream = ${other}`)
    await putIn(database.admin, name, { revision: 2n, position: 1n })
    await expect(
      (async () => {
        for await (const _ of store.readStream(name));
      })(),
    ).rejects.toMatchObject({ constructor: StreamDamaged, stream: name, how: 'out of place' })
  } finally {
    await store.close()
  }
})

test.each([
  ['a revision before the first', { revision: -1n, position: 10n }],
  ['no time that there is', { revision: 0n, position: 10n, at: 'infinity' }],
])('an event with %s is not taken for one by readers of the log', async (_, place) => {
  const database = await testDatabase()
  const store = new PostgresEventStore(client(database.urls.app))
  try {
    await putIn(database.admin, 'tried-1', place)
    await expect(
      (async () => {
        for await (const _event of store.readAll());
      })(),
    ).rejects.toMatchObject({ constructor: StreamDamaged, stream: 'tried-1', how: 'out of place' })
  } finally {
    await store.close()
  }
})
