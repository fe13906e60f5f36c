import { createHash } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { isBorneOut } from '#event-store/standing'
import { AdvisoryLock, LockLost } from '#locks/advisory-lock'
import { NotCurrent, declarationOf } from '../declaration.js'
import { type Heard, hear } from '../hear.js'
import { type Projection, createTable } from '../projection.js'
import { applyEvents } from './apply.js'
import { type Checkpoint, type Standing, lockStanding, readStanding, writeStanding } from './checkpoints.js'
import { AnotherRebuild, rebuildLock } from './rebuild-lock.js'
import { putInPlace } from './settle.js'

const batchSize = 1_000
const buildSchema = 'read_model_build'
const liveSchema = 'read_model'
const pageSize = 1_000

export type Progress = {
  readonly projections: readonly string[]
  readonly events: number
  readonly position: bigint
  readonly upTo: bigint
}
export type Compared = {
  readonly projection: string
  readonly position: bigint
  readonly rows: number
  readonly live: string
  readonly rebuilt: string
  readonly parked: number
}
type RebuildSources = {
  readonly sql: Sql
  readonly store: EventStore
  readonly codec: EventCodec
  readonly signal?: AbortSignal | undefined
}
type Build = RebuildSources & { readonly under: <T>(work: (tx: TransactionSql) => Promise<T>) => Promise<unknown> }

/**
 * Builds projections anew from the log, in one reading, beside the live tables, and swaps them in together: readers see the old rows
 * until then, and the new ones after. Nothing changes when it fails or is interrupted. Where the store was rewound, a rebuilt one stands
 * where the store now ends.
 * @throws what a projection throws at the first event that it fails on; NotCurrent, AnotherRebuild; LockLost; StoreUnavailable
 */
export async function* rebuild(projections: readonly Projection[], parts: RebuildSources): AsyncIterable<Progress> {
  yield* beside(projections, parts, async (tx, projection, { position, eventId }) => {
    await putInPlace(tx, projection)
    await tx`delete from read_model.parked where projection = ${projection.name}`
    await writeStanding(tx, projection, { position, eventId }, false)
  })
}

/**
 * Builds projections anew beside the live ones, compares the contents of both at the same position, and throws the new ones away. @throws
 * as `rebuild`
 */
export async function* compareWithRebuilt(projections: readonly Projection[], parts: RebuildSources): AsyncIterable<Progress | Compared> {
  const compared: Compared[] = []
  yield* beside(projections, parts, async (tx, projection, { position }) => {
    const [live, rebuilt] = [await contentHash(tx, liveSchema, projection), await contentHash(tx, buildSchema, projection)]
    const [row] = await tx<{ n: number }[]>`select count(*)::int as n from read_model.parked where projection = ${projection.name}`
    compared.push({ projection: projection.name, position, rows: live.rows, live: live.hash, rebuilt: rebuilt.hash, parked: row?.n ?? 0 })
  })
  yield* compared
}

/** SHA-256 over every row, in the order of the key. */
export async function contentHash(
  sql: Sql | TransactionSql,
  schema: string,
  { tables }: Projection,
): Promise<{ readonly rows: number; readonly hash: string }> {
  const hash = createHash('sha256')
  let rows = 0
  for (const { name, key } of tables) {
    hash.update(`${name}\n`)
    for await (const page of sql<
      { text: string }[]
    >`select to_jsonb(t)::text as text from ${sql(schema)}.${sql(name)} t order by ${sql(key)}`.cursor(pageSize)) {
      for (const { text } of page) {
        hash.update(`${text}\n`)
        rows++
      }
    }
  }
  return { rows, hash: hash.digest('base64url') }
}

/** Builds beside, catches up with the live ones while those wait, and hands over each with its double, in one transaction. */
async function* beside(
  projections: readonly Projection[],
  parts: RebuildSources,
  finish: (tx: TransactionSql, projection: Projection, at: Checkpoint) => Promise<void>,
): AsyncIterable<Progress> {
  const lock = await AdvisoryLock.acquire(parts.sql, rebuildLock)
  if (!lock) throw new AnotherRebuild()
  // All of it goes through the session that holds the lock: one that lost it cannot touch what the next rebuild has begun.
  const under = async <T>(work: (tx: TransactionSql) => Promise<T>) => {
    lock.lost.throwIfAborted()
    return lock.session.begin(async tx => {
      await assertHeld(tx)
      return work(tx)
    })
  }
  const build: Build = { ...parts, signal: parts.signal ? AbortSignal.any([parts.signal, lock.lost]) : lock.lost, under }
  let begun = false
  try {
    await under(async tx => {
      for (const projection of projections) await lockRebuildable(tx, projection)
      await dropBuild(tx, projections)
      for (const { tables } of projections) for (const table of tables) await tx.unsafe(createTable(table, buildSchema))
    })
    begun = true
    let built: Checkpoint = { position: 0n, eventId: undefined }
    for await (const progress of buildUpTo(await target(projections, parts), projections, build)) {
      built = progress.at
      yield progress
    }
    await under(async tx => {
      await tx`set local statement_timeout = 0`
      for (const [projection, at] of await catchUp(tx, projections, build, built)) await finish(tx, projection, at)
    })
  } finally {
    // Whoever rebuilds next drops what a lost lock left behind. What the worker is building is not ours.
    try {
      if (begun && !lock.lost.aborted) await under(tx => dropBuild(tx, projections))
    } finally {
      await lock.release()
    }
  }
}

/** Brings each double to where its live one stands, which does not move meanwhile. */
async function catchUp(
  tx: TransactionSql,
  projections: readonly Projection[],
  build: Build,
  built: Checkpoint,
): Promise<ReadonlyMap<Projection, Checkpoint>> {
  const to = new Map<Projection, bigint>()
  for (const projection of projections) {
    const standing = await lockRebuildable(tx, projection)
    to.set(projection, (await isBorneOut(build.store, standing)) ? standing.position : built.position)
  }
  const reached = new Map(projections.map(projection => [projection, built]))
  for await (const batch of batches(build, built.position, [...to.values()].reduce(later))) {
    for (const [projection, end] of to) {
      const mine = batch.filter(({ position }) => position <= end)
      await applyEvents({ sql: tx, schema: buildSchema }, projection, mine)
      reached.set(projection, mine.at(-1) ?? reached.get(projection) ?? built)
    }
  }
  return reached
}
/** What the worker builds, or has built of another release, is not ours to replace. @throws NotCurrent */
async function lockRebuildable(tx: TransactionSql, projection: Projection): Promise<Standing> {
  const standing = await lockStanding(tx, projection.name)
  const madeBefore = standing?.declaration === undefined
  if (!standing || standing.building || !(madeBefore || standing.declaration === declarationOf(projection)))
    throw new NotCurrent(projection.name, standing?.building ?? false)
  return standing
}
const later = (one: bigint, other: bigint) => (one > other ? one : other)
const earlier = (one: bigint, other: bigint) => (one < other ? one : other)

/** Taken again by the session that has it, and free to nobody else. @throws LockLost when the session is not the one that took it. */
async function assertHeld(tx: TransactionSql) {
  const [row] = await tx<{ held: boolean }[]>`
    select exists (select from pg_locks where locktype = 'advisory' and granted and pid = pg_backend_pid() and classid = 0
      and objid = ${rebuildLock} and objsubid = 1) as held`
  if (!row?.held) throw new LockLost()
}

async function* buildUpTo(
  upTo: bigint,
  projections: readonly Projection[],
  build: Build,
): AsyncIterable<Progress & { readonly at: Checkpoint }> {
  let events = 0
  for await (const batch of ahead(batches(build, 0n, upTo))) {
    await build.under(async tx => {
      await tx`set local synchronous_commit = off`
      for (const projection of projections) await applyEvents({ sql: tx, schema: buildSchema }, projection, batch)
    })
    events += batch.length
    const at = batch.at(-1) as Heard
    yield { projections: projections.map(({ name }) => name), events, position: at.position, upTo, at }
  }
}

async function* batches({ store, codec, signal }: RebuildSources, after: bigint, upTo: bigint): AsyncIterable<readonly Heard[]> {
  let batch: Heard[] = []
  for await (const recorded of store.readAll(after === 0n ? {} : { after })) {
    if (recorded.position > upTo) break
    batch.push(hear(codec, recorded))
    if (batch.length < batchSize) continue
    signal?.throwIfAborted()
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Reads and decodes the next batch while the database takes this one. */
async function* ahead<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const items = source[Symbol.asyncIterator]()
  const ask = () => {
    const next = items.next()
    // Whoever stops listening does not hear of a failure any more.
    next.catch(() => undefined)
    return next
  }
  try {
    for (let next = ask(); ;) {
      const item = await next
      if (item.done) return
      next = ask()
      yield item.value
    }
  } finally {
    await items.return?.()
  }
}

/**
 * How far all can be built before anybody waits: where the live ones stand or, where the store does not bear that out, where the store
 * ends.
 */
async function target(projections: readonly Projection[], { sql, store }: RebuildSources): Promise<bigint> {
  const ends = await Promise.all(
    projections.map(async ({ name }) => {
      const standing = (await readStanding(sql, name)) ?? { position: 0n, eventId: undefined }
      return (await isBorneOut(store, standing)) ? standing.position : ((await store.head()) ?? 0n)
    }),
  )
  return ends.reduce(earlier)
}

async function dropBuild(sql: TransactionSql, projections: readonly Projection[]) {
  for (const { tables } of projections) for (const { name } of tables) await sql`drop table if exists ${sql(buildSchema)}.${sql(name)}`
}
