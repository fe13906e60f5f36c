import type { RecordedEvent } from '#event-store/event-store'
import { Health } from '#backend/health'
import { Policies } from '#commands/policies-in-force'
import { person } from '#domain/person/person'
import { carryOutErasure } from '#processes/erasure'
import { countUnread } from '#processes/postgres/unread'
import { NotYet } from '#processes/work'
import { NotCurrent } from '#projections/declaration'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { listParked } from '#projections/postgres/parking'
import { ReadModels } from '#projections/postgres/read-models'
import { type Compared, compareWithRebuilt, rebuild } from '#projections/postgres/rebuild'
import { dropForgotten } from '#projections/postgres/settle'
import type { Projection, Table } from '#projections/projection'
import { projections } from '#read-models/all'
import { Reading } from '../../apps/api/reading.js'
import { approvedErasure, erasureParts, refer } from '../support/people.js'
import { phoneBook, slowFromTheStart } from '../support/phone-book.js'
import { project, world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}
/** A worker with these read models; `store` in the place of its own. */
function worker(which: readonly Projection[], store = w.store) {
  const stop = new AbortController()
  const running = followLog({ ...w, store }, projecting({ ...w, store }, which), stop.signal)
  return {
    running,
    stop: async () => {
      stop.abort()
      await running
    },
  }
}
const seenBy = (which: readonly Projection[]) => new ReadModels(w.sql, which)
const standing = async (name = 'phone-book') => (await seenBy([phoneBook()]).standings()).find(({ projection }) => projection === name)
const isBuilding = async (past = 0n) => {
  const { state, position = 0n } = (await standing()) ?? {}
  return state === 'building' && position > past
}
const head = async () => (await w.store.head()) as bigint
async function check(projection: Projection): Promise<Compared> {
  for await (const found of compareWithRebuilt([projection], w)) if ('live' in found) return found
  throw new Error('nothing was compared')
}
const isAsTheLogSays = async (projection: Projection) => {
  const { live, rebuilt } = await check(projection)
  expect(live).toBe(rebuilt)
}
const tablesNamed = async (name: string) =>
  (await w.sql<{ schemaname: string }[]>`select schemaname from pg_tables where tablename = ${name}`).map(({ schemaname }) => schemaname)
const eventsOfPeople = async () => {
  const found: RecordedEvent[] = []
  for await (const event of w.store.readAll()) if (event.stream.startsWith('person-')) found.push(event)
  return found
}

describe('a read model that the database does not have', () => {
  test('is built beside while the live ones go on, and is seen once it has caught up; a read of it is told so meanwhile', async () => {
    for (let n = 0; n < 3; n++) await refer(w)
    await project(w)
    const { store, letGo } = slowFromTheStart(w.store, 5)
    const all = [...projections, phoneBook()]
    const { stop } = worker(all, store)
    await until(isBuilding)
    await refer(w)
    const models = seenBy(all)
    for (const { name } of projections) expect(await models.hasPassed(name, await head())).toBe(true)
    expect(await models.hasPassed('phone-book', 1n, 0)).toBe(false)
    const reading = new Reading(w.sql, models, w.folds, w.store, w.clock)
    await expect(reading.upTo('phone-book', undefined)).rejects.toThrow(/phone-book is being built/)
    await expect(reading.lately('phone-book', 0n, () => Promise.resolve('rows'))).rejects.toBeInstanceOf(NotCurrent)
    expect(await reading.lately('case-view', 0n, () => Promise.resolve('rows'))).toBe('rows')
    const health = new Health(w.store, models, w.keys, new Policies(w.folds), w.clock, () => countUnread(w.sql), w.ledger)
    expect((await health.parts()).find(({ part }) => part === 'phone-book')).toMatchObject({
      ready: true,
      why: `it is being built, and is at ${String((await standing())?.position)} of ${await head()}`,
    })
    expect(await tablesNamed('phone_book')).toEqual(['read_model_build'])
    letGo()
    expect(await models.hasPassed('phone-book', await head())).toBe(true)
    await refer(w)
    expect(await models.hasPassed('phone-book', await head())).toBe(true)
    await stop()
    expect(await w.sql`select from read_model.phone_book`).toHaveLength(5)
    await isAsTheLogSays(phoneBook())
  })
  test('goes on where it was cut off, unless it is declared otherwise by then', async () => {
    for (let n = 0; n < 3; n++) await refer(w)
    await project(w)
    const events = await eventsOfPeople()
    for (const revision of [1, 2]) {
      const { store, letGo } = slowFromTheStart(w.store, 5)
      const { stop } = worker([...projections, phoneBook()], store)
      await until(() => isBuilding(events[3]?.position))
      const stopped = stop()
      letGo()
      await stopped
      expect(await standing()).toMatchObject({ state: 'building', position: events[4]?.position })
      const heard: string[] = []
      await project(w, [...projections, phoneBook({ revision }, heard)])
      expect(heard).toEqual((revision === 1 ? events.slice(5) : events).map(({ id }) => id))
      await dropForgotten(w.sql, projections)
    }
  })
  test('is begun again where the log that it was built from is gone', async () => {
    await refer(w)
    await project(w, [...projections, phoneBook()])
    await w.sql`update read_model.checkpoint set building = true, event_id = gen_random_uuid() where projection = 'phone-book'`
    const heard: string[] = []
    await project(w, [...projections, phoneBook({}, heard)])
    expect(heard).toEqual((await eventsOfPeople()).map(({ id }) => id))
    await isAsTheLogSays(phoneBook())
  })
  test('is built once, whichever of two workers does it', async () => {
    for (let n = 0; n < 3; n++) await refer(w)
    const heard: string[] = []
    const workers = [0, 1].map(() => worker([...projections, phoneBook({}, heard)]))
    expect(await seenBy([phoneBook()]).hasPassed('phone-book', await head())).toBe(true)
    for (const { stop } of workers) await stop()
    expect(heard).toEqual((await eventsOfPeople()).map(({ id }) => id))
  })
  test('parks a stream that it cannot go on with, as the live ones do', async () => {
    const [sick, well] = [await refer(w), await refer(w)]
    await project(w, [...projections, phoneBook({}, [], `person-${sick}`)])
    expect((await listParked(w.sql)).map(({ projection, stream }) => [projection, stream])).toEqual([['phone-book', `person-${sick}`]])
    expect(await w.sql`select subject_ref from read_model.phone_book`).toEqual([{ subject_ref: well }])
  })
  test('waits while somebody rebuilds, and is not rebuilt while it is being built', async () => {
    await refer(w)
    await project(w)
    const rebuilding = rebuild(projections, w)[Symbol.asyncIterator]()
    await rebuilding.next()
    const { store, letGo } = slowFromTheStart(w.store, 1)
    const { stop } = worker([...projections, phoneBook()], store)
    expect(await standing()).toBeUndefined()
    for (let next = await rebuilding.next(); next.done !== true;) next = await rebuilding.next()
    await until(isBuilding)
    await expect(check(phoneBook())).rejects.toThrow(/phone-book is being built/)
    letGo()
    await until(async () => (await standing())?.state === 'live')
    await stop()
    await isAsTheLogSays(phoneBook())
  })
})

describe('a read model that is declared otherwise than the database has it', () => {
  test('is built anew, and until then nobody reads it: neither this release nor the one before', async () => {
    const before = phoneBook()
    const now = phoneBook({ revision: 2 })
    await refer(w)
    await project(w, [...projections, before])
    const { store, letGo } = slowFromTheStart(w.store, 1)
    const { stop } = worker([...projections, now], store)
    await until(async () => (await seenBy([now]).standings()).some(({ state }) => state === 'building'))
    for (const release of [before, now])
      await expect(new Reading(w.sql, seenBy([release]), w.folds, w.store, w.clock).upTo('phone-book', undefined)).rejects.toBeInstanceOf(
        NotCurrent,
      )
    expect(await tablesNamed('phone_book')).toEqual(['read_model_build'])
    letGo()
    expect(await seenBy([now]).hasPassed('phone-book', await head())).toBe(true)
    await stop()
    await expect(new Reading(w.sql, seenBy([before]), w.folds, w.store, w.clock).upTo('phone-book', undefined)).rejects.toThrow(
      /not there as this release declares it/,
    )
    await isAsTheLogSays(now)
  })
  test('a read during which another release put its own rows in their place is answered with neither', async () => {
    await project(w, [...projections, phoneBook()])
    const reading = new Reading(w.sql, seenBy([phoneBook()]), w.folds, w.store, w.clock)
    const meanwhile = () => project(w, [...projections, phoneBook({ revision: 2 })])
    await expect(reading.shown('phone-book', meanwhile)).rejects.toBeInstanceOf(NotCurrent)
    await expect(reading.shown('phone-book', () => w.sql`select * from read_model.no_such_table`)).rejects.toBeInstanceOf(NotCurrent)
  })
  test('nor is a list that was asked for in that moment', async () => {
    const old = phoneBook()
    await project(w, [...projections, old])
    let asked = 0
    const sql = new Proxy(w.sql, {
      get: (real, name) =>
        name === 'unsafe'
          ? async (...question: Parameters<typeof w.sql.unsafe>) => {
              asked++
              await project(w, [...projections, phoneBook({ revision: 2 })])
              return real.unsafe(...question)
            }
          : (Reflect.get(real, name) as unknown),
    })
    const list = new Reading(sql, seenBy([old]), w.folds, w.store, w.clock).rows(
      { projection: old, table: old.tables[0] as Table },
      { where: [] },
      undefined,
    )
    await expect(list).rejects.toBeInstanceOf(NotCurrent)
    expect(asked).toBe(1)
  })
  test('one of a release that stored no declaration is taken over as it is, where its tables are as declared', async () => {
    await refer(w)
    await project(w, [...projections, phoneBook()])
    const old = (name = 'phone-book') => w.sql`update read_model.checkpoint set declaration = null where projection = ${name}`
    const builtBy = async (which: Projection, heard: string[]) => {
      await project(w, [...projections, which])
      return heard.length > 0
    }
    const built = async (more: Partial<Projection> = {}) => {
      const heard: string[] = []
      return builtBy(phoneBook(more, heard), heard)
    }
    await old()
    for (const { name } of projections) await old(name)
    expect(await built()).toBe(false)
    for (const { state } of await w.readModels.standings()) expect(['live', 'another']).toContain(state)
    await old()
    await w.sql`alter table read_model.phone_book alter column position type int`
    expect(await built()).toBe(true)
    await old()
    await w.sql`create index on read_model.phone_book (position)`
    expect(await built()).toBe(true)
    await old()
    expect(await built({ revision: 2 })).toBe(true)
    await isAsTheLogSays(phoneBook({ revision: 2 }))
  })
  test('a table that somebody dropped is built anew', async () => {
    await refer(w)
    await project(w, [...projections, phoneBook()])
    await w.sql`drop table read_model.phone_book`
    const { stop } = worker([...projections, phoneBook()])
    await until(async () => (await tablesNamed('phone_book')).includes('read_model'))
    await stop()
    await isAsTheLogSays(phoneBook())
  })
})

test('a read model that no longer exists goes with its tables and its checkpoint, and no other', async () => {
  const sick = await refer(w)
  await project(w, [...projections, phoneBook({}, [], `person-${sick}`)])
  await dropForgotten(w.sql, [...projections, phoneBook()])
  expect(await standing()).toBeDefined()
  await dropForgotten(w.sql, projections)
  expect([await standing(), await tablesNamed('phone_book'), await listParked(w.sql)]).toEqual([undefined, [], []])
  expect((await w.readModels.standings()).map(({ state }) => state)).toEqual(projections.map(() => 'live'))
})

describe('an erasure', () => {
  const sealedNames = (schema: string) => w.sql`select from ${w.sql(schema)}.phone_book where name is not null`
  const certificates = async (subjectRef: Parameters<typeof refer>[1]) =>
    (await w.folds.load(person, String(subjectRef))).state.erasures.certificates.length

  test('waits for a read model that is being built, and nothing of the person is in it once it is certified', async () => {
    const gone = await refer(w)
    await project(w)
    const { store, letGo } = slowFromTheStart(w.store, 5)
    const all = [...projections, phoneBook()]
    const { stop } = worker(all, store)
    const parts = { ...erasureParts(w), readModels: seenBy(all) }
    const work = await approvedErasure(w, gone)
    await until(async () => (await isBuilding()) && (await sealedNames('read_model_build')).length === 1)
    for (let n = 0; n < 3; n++) await expect(carryOutErasure(work, parts)).rejects.toBeInstanceOf(NotYet)
    expect(await certificates(gone)).toBe(0)
    letGo()
    await until(() =>
      carryOutErasure(work, parts).then(
        () => true,
        (error: unknown) => {
          if (error instanceof NotYet) return false
          throw error
        },
      ),
    )
    expect(await certificates(gone)).toBe(1)
    await until(async () => (await standing())?.state === 'live')
    await stop()
    expect(await tablesNamed('phone_book')).toEqual(['read_model'])
    expect(await sealedNames('read_model')).toHaveLength(0)
    await isAsTheLogSays(phoneBook())
  })
  test('what is sealed in a read model that is being built is found by the verification', async () => {
    const subjectRef = await refer(w)
    await project(w)
    const { store, letGo } = slowFromTheStart(w.store, 3)
    const { stop } = worker([...projections, phoneBook()], store)
    await until(async () => (await isBuilding()) && (await sealedNames('read_model_build')).length === 1)
    const kids = [...(await w.folds.load(person, subjectRef)).state.keys.live.keys()]
    const [without, withIt] = [
      await w.readModels.sealedValuesOf(subjectRef, kids),
      await seenBy([...projections, phoneBook()]).sealedValuesOf(subjectRef, kids),
    ]
    expect(withIt - without).toBe(1)
    letGo()
    await stop()
  })
  test('what is sealed in a read model that takes its place during the verification is found there', async () => {
    const subjectRef = await refer(w)
    await project(w)
    const { store, letGo } = slowFromTheStart(w.store, 3)
    const all = [...projections, phoneBook()]
    const { stop } = worker(all, store)
    await until(async () => (await isBuilding()) && (await sealedNames('read_model_build')).length === 1)
    const kids = [...(await w.folds.load(person, subjectRef)).state.keys.live.keys()]
    const without = await w.readModels.sealedValuesOf(subjectRef, kids)
    const waiting = async () =>
      (await w.sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).count
    // Whoever puts it in its place has begun to, and is kept waiting; the verification comes in between.
    const { verification } = await w.sql.begin(async sql => {
      await sql`lock table read_model_build.phone_book in access share mode`
      letGo()
      await until(async () => (await waiting()) === 1)
      const found = seenBy(all).sealedValuesOf(subjectRef, kids)
      found.catch(() => undefined)
      await until(async () => (await waiting()) === 2)
      return { verification: found }
    })
    expect((await verification) - without).toBe(1)
    await stop()
  })
  test('does not wait for one that cannot be built: what it held is gone, and the others go on', async () => {
    const [gone, sick] = [await refer(w), await refer(w)]
    await project(w)
    const all = [...projections, phoneBook({ mixesStreams: true }, [], `person-${sick}`)]
    const { stop } = worker(all)
    const work = await approvedErasure(w, gone)
    const parts = { ...erasureParts(w), readModels: seenBy(all) }
    await until(() =>
      carryOutErasure(work, parts).then(
        () => true,
        () => false,
      ),
    )
    expect(await certificates(gone)).toBe(1)
    await until(async () => (await tablesNamed('phone_book')).length === 0)
    for (const { name } of projections) expect(await w.readModels.hasPassed(name, await head())).toBe(true)
    await stop()
  })
  test('is not certified while rows of a read model that no longer exists are there', async () => {
    const gone = await refer(w)
    await project(w, [...projections, phoneBook()])
    const work = await approvedErasure(w, gone)
    await carryOutErasure(work, erasureParts(w)).catch(() => undefined)
    await project(w)
    await expect(carryOutErasure(work, erasureParts(w))).rejects.toBeInstanceOf(NotYet)
    await dropForgotten(w.sql, projections)
    await carryOutErasure(work, erasureParts(w)).catch(() => undefined)
    await project(w)
    await carryOutErasure(work, erasureParts(w))
    expect(await certificates(gone)).toBe(1)
  })
})
