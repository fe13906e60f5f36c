import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import {
  getPostgreSQLEventStore,
  postgreSQLEventStoreConsumer,
  postgreSQLRawSQLProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql'
import { SQL } from '@event-driven-io/dumbo'
import { count, id } from '#event-kit/field'
import { defineEvent } from '#event-kit/event'
import { concernsOf } from '#event-kit/concern'
import { EventCatalog } from '#event-kit/catalog'
import { EventCodec } from '#event-codec/codec'
import { type Evolve } from '#decider/decider'
import { type Projection, type Table, documentProjection } from '#projections/projection'
import { clear } from '#projections/table'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { ReadModels } from '#projections/postgres/read-models'
import { rebuild } from '#projections/postgres/rebuild'
import { makeLive } from '#projections/postgres/settle'
import { type Measurement, type Pair, measured } from './rate.js'
import { type Rig, databaseBeside, onItsOwn, secondsOf, standAtHead } from './rig.js'
import { metadata } from './synthetic-log.js'

const streams = 1_000
const eventsOfEach = 100
/**
 * Emmett takes one statement an event: its rate is taken from a fifth of the streams, so that three rounds of both fit into the time of a
 * bench.
 */
const theirStreams = 200
const rounds = 3
const atOnce = 1_000

const Counted = defineEvent('Counted', { thingId: id('ThingId'), n: count() })
const { counting } = concernsOf('thing', { counting: [Counted] })
type CountedEvent = { readonly type: 'Counted'; readonly data: { readonly thingId: string; readonly n: number } }
const evolve: Evolve<number, CountedEvent> = { Counted: counted => counted + 1 }
const table: Table = { name: 'counter', key: 'thing_id', subject: undefined, columns: { thing_id: clear('uuid'), counted: clear('int') } }
const counter: Projection = documentProjection({
  name: 'counter',
  concerns: [counting],
  table,
  fold: {
    initial: 0,
    evolve,
    toRow: (counted: number, thingId) => ({ thing_id: thingId, counted }),
    fromRow: row => Number(row['counted']),
  },
})
const codec = new EventCodec(new EventCatalog([Counted]), { seal: () => Promise.reject(new Error('nothing personal is counted')) })

/**
 * One counter per stream, 100,000 events on 1,000 streams: built from the start, and caught up with live, against Emmett's own of the
 * same on the same server.
 */
export const counters = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const connectionString = await databaseBeside(rig.server, 'emmett')
    await Promise.all([fillOurs(rig), fillEmmett(connectionString)])
    const {
      backend: { sql, store },
    } = rig
    const parts = { sql, store, codec }
    await makeLive(sql, [counter])
    const [total, theirTotal] = [streams * eventsOfEach, theirStreams * eventsOfEach]
    const theirs = postgres(connectionString, { max: 1, onnotice: () => undefined })
    await theirs`create table counter (thing_id uuid primary key, counted int not null)`
    const emmetts = async (work: () => Promise<void>) => {
      await theirs`truncate counter`
      const seconds = await secondsOf(work)
      const [row] = await theirs<{ counted: number }[]>`select coalesce(sum(counted), 0)::int as counted from counter`
      if (row?.counted !== theirTotal) throw new Error(`Emmett counted ${row?.counted ?? 0} of ${theirTotal}`)
      return seconds
    }
    const oursRebuilt = async () => {
      await standAtHead(rig.backend, [counter])
      const seconds = await secondsOf(async () => {
        for await (const _ of rebuild([counter], parts));
      })
      const [row] = await sql<{ counted: number }[]>`select coalesce(sum(counted), 0)::int as counted from read_model.counter`
      if (row?.counted !== total) throw new Error(`${row?.counted ?? 0} of ${total} were counted`)
      return seconds
    }
    const [rebuilds, catchUps]: [Pair[], Pair[]] = [[], []]
    for (let n = 0; n < rounds; n++) {
      rebuilds.push({
        baseline: theirTotal / (await emmetts(() => emmettRebuild(connectionString, n))),
        ours: total / (await oursRebuilt()),
      })
      await sql`truncate read_model.counter`
      await sql`update read_model.checkpoint set position = 0, event_id = null where projection = ${counter.name}`
      catchUps.push({
        baseline: theirTotal / (await emmetts(() => emmettCatchUp(connectionString, n))),
        ours: total / (await secondsOf(() => catchUp(rig))),
      })
    }
    await theirs.end()
    yield measured('rebuild', 'counter per stream', rebuilds)
    yield measured('catch-up', 'counter per stream', catchUps)
  })

async function fillOurs({ backend: { store } }: Rig) {
  const writer = async (from: number) => {
    for (let n = from; n < streams; n += 16) {
      const thingId = randomUUID()
      const { events } = await codec.encode(
        Array.from({ length: eventsOfEach }, (_, m) => ({
          id: randomUUID(),
          ...Counted.of({ thingId: thingId as never, n: m }),
          metadata: metadata(),
        })),
      )
      await store.append(`thing-${thingId}`, 'no_stream', events)
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, n) => writer(n)))
}

async function fillEmmett(connectionString: string) {
  const store = getPostgreSQLEventStore(connectionString)
  await store.schema.migrate()
  for (let n = 0; n < theirStreams; n++) {
    const thingId = randomUUID()
    await store.appendToStream(
      `thing-${thingId}`,
      Array.from({ length: eventsOfEach }, (_, m): CountedEvent => ({ type: 'Counted', data: { thingId, n: m } })),
    )
  }
  await store.close()
}

/** As Emmett's own documentation has it: one statement an event, run by its batch. */
const emmettCounter = (name: string) =>
  postgreSQLRawSQLProjection<CountedEvent>({
    name,
    canHandle: ['Counted'],
    init: () => SQL`create table if not exists counter (thing_id uuid primary key, counted int not null)`,
    evolve: ({ data: { thingId } }) =>
      SQL`
        insert into counter (thing_id, counted) values (${thingId}, 1) on conflict (thing_id) do update set counted = counter.counted + 1`,
  })

async function emmettRebuild(connectionString: string, round: number) {
  const consumer = rebuildPostgreSQLProjections({
    connectionString,
    projections: [{ projection: emmettCounter(`rebuilt-${round}`), processorId: `rebuilt-${round}`, startFrom: 'BEGINNING' }],
    pulling: { batchSize: atOnce },
  })
  try {
    await consumer.start()
  } finally {
    await consumer.close()
  }
}

async function emmettCatchUp(connectionString: string, round: number) {
  const consumer = postgreSQLEventStoreConsumer({ connectionString, stopWhen: { noMessagesLeft: true }, pulling: { batchSize: atOnce } })
  consumer.projector({ projection: emmettCounter(`counter-${round}`), processorId: `counter-${round}`, startFrom: 'BEGINNING' })
  try {
    await consumer.start()
  } finally {
    await consumer.close()
  }
}

async function catchUp({ backend: { sql, store } }: Rig) {
  const readModels = new ReadModels(sql, [counter])
  const stop = new AbortController()
  const running = followLog({ sql, store, codec }, projecting({ sql, store }, [counter]), stop.signal)
  const head = (await store.head()) ?? 0n
  const passed = (async () => {
    while (!(await readModels.hasPassed(counter.name, head)));
  })()
  try {
    await Promise.race([passed, running])
  } finally {
    stop.abort()
  }
  await running
}
