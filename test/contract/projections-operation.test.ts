import { randomUUID } from 'node:crypto'
import { EventStoreRewound } from '#event-store/event-store'
import type { SubjectRef } from '#kernel/id'
import type { Projection } from '#projections/projection'
import { countUnread } from '#processes/postgres/unread'
import { listParked, unpark } from '#projections/postgres/parking'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { type Compared, compareWithRebuilt, contentHash, rebuild } from '#projections/postgres/rebuild'
import { projections } from '#read-models/all'
import { findCase } from '#read-models/case-view/queries'
import { Health } from '#backend/health'
import { Policies } from '#commands/policies-in-force'
import { client } from '../support/database.js'
import { erase, live, refer } from '../support/people.js'
import { project, world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const named = (name: string) => projections.find(projection => projection.name === name) as Projection
const others = (name: string) => projections.filter(projection => projection.name !== name)
/** The same projection with a fault: it fails on the health data of one person. */
const faulty = (subjectRef: SubjectRef, more: object = {}): Projection => {
  const real = named('key-register') as Extract<Projection, { kind: 'rows' }>
  return {
    ...real,
    ...more,
    changesOf: event => {
      if (event.stream === `person-${subjectRef}` && event.type === 'HealthDataRecorded') throw new RangeError('a fault')
      return real.changesOf(event)
    },
  }
}
const hashes = () =>
  Promise.all(projections.map(async projection => [projection.name, (await contentHash(w.sql, 'read_model', projection)).hash]))
async function check(projection: Projection): Promise<Compared> {
  for await (const found of compareWithRebuilt([projection], w)) if ('live' in found) return found
  throw new Error('nothing was compared')
}
async function rebuildAll() {
  for await (const _ of rebuild(projections, w));
}
const parked = async () => (await listParked(w.sql)).map(({ projection, stream, error }) => [projection, stream, error])

describe('a poison event', () => {
  test('parks its stream, by name and kind of error; the others of the batch go on; un-parked, it is as if nothing had been', async () => {
    const people = [await refer(w), await refer(w), await refer(w)] as const
    const sick = people[1]
    await project(w, [...others('key-register'), faulty(sick)])
    expect(await parked()).toEqual([['key-register', `person-${sick}`, 'RangeError']])
    await live(w, sick)
    await live(w, people[2])
    await project(w, [...others('key-register'), faulty(sick)])
    expect(await w.readModels.parkedBy('key-register', `person-${sick}`)).toBe('RangeError')
    expect((await check(named('key-register'))).live).not.toBe((await check(named('key-register'))).rebuilt)
    await expect(unpark(w.sql, w.store, w.codec, faulty(sick), `person-${sick}`)).rejects.toBeInstanceOf(RangeError)
    expect(await parked()).toHaveLength(1)
    expect(await unpark(w.sql, w.store, w.codec, named('key-register'), `person-${sick}`)).toBe(true)
    expect(await parked()).toEqual([])
    const found = await check(named('key-register'))
    expect(found.live).toBe(found.rebuilt)
  })
  test('that nobody can decode parks its stream in the projections that answer for it', async () => {
    const subjectRef = await refer(w)
    await project(w)
    const last = await w.store.lastOf(`person-${subjectRef}`)
    await w.store.append(`person-${subjectRef}`, last!.revision, [
      { id: randomUUID(), type: 'FromTheFuture', data: { v: 1 }, metadata: {} },
    ])
    await refer(w)
    await project(w)
    expect((await parked()).map(([name]) => name).sort()).toEqual(
      projections
        .filter(({ contexts }) => contexts.includes('person'))
        .map(({ name }) => name)
        .sort(),
    )
  })
  test('does not keep an erasure from purging', async () => {
    const subjectRef = await refer(w)
    await project(w)
    await w.sql`
      insert into read_model.parked (projection, stream, position, event_id, error)
      values ('case-view', ${`person-${subjectRef}`}, 1, ${randomUUID()}, 'Planted')`
    expect(Object.keys((await findCase(w.sql, subjectRef))?.values ?? {})).not.toEqual([])
    await erase(w, subjectRef)
    expect((await findCase(w.sql, subjectRef))?.values).toEqual({})
  })
  test('stops a projection whole whose rows mix streams', async () => {
    const sick = await refer(w)
    const running = followLog(w, projecting(w, [faulty(sick, { mixesStreams: true })]), new AbortController().signal)
    await expect(running).rejects.toBeInstanceOf(RangeError)
    expect(await parked()).toEqual([])
  })
})

describe('a rebuild', () => {
  test('runs beside a live worker while people are referred and erased, and swaps in what the log says', async () => {
    const stop = new AbortController()
    const running = followLog(w, projecting(w, projections), stop.signal)
    const people: SubjectRef[] = []
    for (let n = 0; n < 5; n++) people.push(await refer(w))
    const enough = new AbortController()
    const referring = (async () => {
      while (!enough.signal.aborted) people.push(await refer(w))
    })()
    const progress: bigint[] = []
    for await (const { position } of rebuild(projections, w)) progress.push(position)
    enough.abort()
    await referring
    const head = (await w.store.head()) as bigint
    for (const { name } of projections) expect(await w.readModels.hasPassed(name, head)).toBe(true)
    stop.abort()
    await running
    expect(progress.length).toBeGreaterThanOrEqual(1)
    for (const projection of projections) {
      const found = await check(projection)
      expect([projection.name, found.live]).toEqual([projection.name, found.rebuilt])
    }
    expect((await findCase(w.sql, people.at(-1) as SubjectRef))?.facts.referral?.state).toBe('RECEIVED')
  })
  test('that fails or is interrupted leaves the live tables alone', async () => {
    const sick = await refer(w)
    await project(w)
    const before = await hashes()
    await expect(
      (async () => {
        for await (const _ of rebuild([faulty(sick)], w));
      })(),
    ).rejects.toBeInstanceOf(RangeError)
    for await (const _ of rebuild([named('case-view')], w)) break
    expect(await hashes()).toEqual(before)
    expect(await w.sql`select from information_schema.tables where table_schema = 'read_model_build'`).toHaveLength(0)
    await rebuildAll()
    expect(await hashes()).toEqual(before)
  })
  test('whose lock connection breaks stops, and does not touch what the next one has begun', async () => {
    await refer(w)
    await project(w)
    const before = await hashes()
    const admin = client(w.database.admin, 1)
    const first = rebuild([named('case-view')], w)[Symbol.asyncIterator]()
    await first.next()
    await admin`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and objid = 7311 and granted
        and database = (select oid from pg_database where datname = current_database())`
    const second = rebuild([named('case-view')], w)[Symbol.asyncIterator]()
    await second.next()
    await expect(first.next()).rejects.toThrow()
    for (let next = await second.next(); next.done !== true;) next = await second.next()
    await admin.end()
    expect(await hashes()).toEqual(before)
  })
  test('puts right a projection whose store was rewound, and takes its parked streams up again', async () => {
    const kept = await refer(w)
    const until = (await w.store.head()) as bigint
    await refer(w)
    await project(w)
    await w.sql`
      insert into read_model.parked (projection, stream, position, event_id, error)
      values ('case-view', ${`person-${kept}`}, 1, ${randomUUID()}, 'Planted')`
    const admin = client(w.database.admin, 1)
    await admin`delete from event_store.event where position > ${String(until)}`
    await admin.end()
    await refer(w)
    await expect(followLog(w, projecting(w, projections), new AbortController().signal)).rejects.toBeInstanceOf(EventStoreRewound)
    expect(
      (await new Health(w.store, w.readModels, w.keys, new Policies(w.folds), w.clock, () => countUnread(w.sql), w.ledger).parts()).filter(
        ({ why }) => why?.startsWith('EVENT_STORE_REWOUND'),
      ),
    ).toHaveLength(projections.length)
    await rebuildAll()
    await project(w)
    expect(await parked()).toEqual([])
    for (const projection of projections) {
      const found = await check(projection)
      expect([projection.name, found.live]).toEqual([projection.name, found.rebuilt])
    }
  }, 60_000)
})

test('a database that loses commits in a crash, under a worker that goes on: nothing is skipped', async () => {
  const stop = new AbortController()
  const run = () => followLog(w, projecting(w, projections), stop.signal)
  await project(w)
  const running = run()
  const until = async () => {
    const head = (await w.store.head()) as bigint
    for (const { name } of projections) expect(await w.readModels.hasPassed(name, head)).toBe(true)
  }
  await refer(w)
  await until()
  const before = await w.sql<{ projection: string; position: string; event_id: string }[]>`select * from read_model.checkpoint`
  const lost = await refer(w)
  await until()
  await w.sql.begin(async sql => {
    for (const { projection, position, event_id } of before)
      await sql`update read_model.checkpoint set position = ${position}, event_id = ${event_id} where projection = ${projection}`
    for (const table of ['case_view', 'referral_queue', 'key_register'])
      await sql`delete from ${sql(`read_model.${table}`)} where subject_ref = ${lost}`
  })
  await refer(w)
  await expect(running).rejects.toThrow(/fell back/)
  const again = run()
  await until()
  stop.abort()
  await again
  for (const projection of projections) {
    const found = await check(projection)
    expect([projection.name, found.live]).toEqual([projection.name, found.rebuilt])
  }
})
test('replay --check sees a row that the log does not bear out', async () => {
  await refer(w)
  await project(w)
  await w.sql`update read_model.referral_queue set wish = 'NO'`
  const found = await check(named('referral-queue'))
  expect(found.live).not.toBe(found.rebuilt)
})
test('of two workers one runs the projections; when it goes, the other takes over', async () => {
  const stops = [new AbortController(), new AbortController()] as const
  const runs = stops.map(({ signal }) => followLog(w, projecting(w, projections), signal))
  await refer(w)
  expect(await w.readModels.hasPassed('case-view', (await w.store.head()) as bigint)).toBe(true)
  const holders = await w.sql`
      select from pg_locks where locktype = 'advisory' and objid = 7310 and granted
        and database = (select oid from pg_database where datname = current_database())`
  expect(holders).toHaveLength(1)
  stops[0].abort()
  await refer(w)
  const second = w.readModels.hasPassed('case-view', (await w.store.head()) as bigint)
  expect(await second).toBe(true)
  stops[1].abort()
  await Promise.all(runs)
})
test('health says how long a projection is behind, and which streams it could not go on with', async () => {
  const sick = await refer(w)
  const health = new Health(
    w.store,
    w.readModels,
    w.keys,
    new Policies(w.folds),
    { now: () => new Date(Date.now() + 3_600_000).toISOString() },
    () => countUnread(w.sql),
    w.ledger,
  )
  await project(w, others('key-register'))
  const behind = (await health.parts()).find(({ part }) => part === 'key-register')
  expect([behind?.ready, (behind?.behindSeconds ?? 0) > 3_000]).toEqual([false, true])
  await project(w, [faulty(sick)])
  expect((await health.parts()).find(({ part }) => part === 'key-register')).toMatchObject({
    ready: true,
    behindSeconds: 0,
    lag: '0',
    parked: 1,
  })
})
