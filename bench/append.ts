import { randomUUID } from 'node:crypto'
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett'
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'
import pg from 'pg'
import postgres, { type Sql } from 'postgres'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { startTestPostgres } from '#hosting/test-postgres'
import { provision } from '#hosting/provision'
import { type Measurement, interleaved, measured, metadata, payload, rate } from './rate.js'
import { databaseBeside } from './rig.js'

const rounds = 5
const seconds = 1.5

/**
 * Appends of one 300-byte event each, every caller on a stream of its own, against a raw single-row INSERT with the same columns and
 * constraints:
 * one connection for one caller, sixteen for the others. Interleaved in one run on one server; the median of the rounds.
 */
export async function* append(): AsyncIterable<Measurement> {
  const server = await startTestPostgres({ durable: true })
  try {
    const urls = await provision(server.url, 'bench', { app: 'bench-app', vault: 'bench-vault' })
    const admin = new URL(server.url)
    admin.pathname = '/bench'
    const raw = await rawTable(admin.href)
    const store = new PostgresEventStore(client(urls.app, 4), client(urls.app, 2))
    try {
      for (const callers of [1, 16, 64]) {
        const connections = callers === 1 ? 1 : 16
        await Promise.all([ours(store, callers, 0.3), baseline(raw, connections, 0.3)])
        yield measured(
          'append',
          String(callers),
          await interleaved(
            rounds,
            () => baseline(raw, connections, seconds),
            () => ours(store, callers, seconds),
          ),
        )
      }
      yield await againstEmmett(store, server.url)
    } finally {
      await store.close()
      await raw.end()
    }
  } finally {
    await server.stop()
  }
}

/** The same layout and the same expected versions through Emmett's store for PostgreSQL, with a pool of sixteen, at sixteen callers. */
async function againstEmmett(store: PostgresEventStore, server: string): Promise<Measurement> {
  const url = await databaseBeside(server, 'emmett')
  const pool = new pg.Pool({ connectionString: url, max: 16 })
  const emmett = getPostgreSQLEventStore(url, { connectionOptions: { pool } })
  await emmett.schema.migrate()
  const theirs = (forSeconds: number) =>
    rate(16, forSeconds, (stream, n) =>
      emmett.appendToStream(stream, [{ type: 'Benched', data: payload, metadata }], {
        expectedStreamVersion: n === 0 ? STREAM_DOES_NOT_EXIST : BigInt(n),
      }),
    )
  await Promise.all([theirs(1), ours(store, 16, 0.3)])
  const pairs = await interleaved(
    rounds,
    () => theirs(seconds),
    () => ours(store, 16, seconds),
  )
  await emmett.close()
  await pool.end()
  return measured('append', '16, Emmett', pairs)
}

const client = (url: string, max: number) => postgres(url, { max, onnotice: () => undefined })

async function rawTable(url: string): Promise<Sql> {
  const sql = client(url, 16)
  await sql.unsafe(`create table raw_event (
    position bigint generated always as identity primary key, stream text collate "C" not null, revision bigint not null,
    id uuid not null, type text not null, data text not null, metadata text not null,
    recorded_at timestamptz(3) not null default clock_timestamp(), unique (stream, revision))`)
  return sql
}

const ours = (store: PostgresEventStore, callers: number, forSeconds: number) =>
  rate(callers, forSeconds, (stream, n) =>
    store.append(stream, n === 0 ? 'no_stream' : BigInt(n - 1), [{ id: randomUUID(), type: 'Benched', data: payload, metadata }]),
  )

const baseline = (sql: Sql, connections: number, forSeconds: number) =>
  rate(
    connections,
    forSeconds,
    (stream, n) => sql`insert into raw_event (stream, revision, id, type, data, metadata)
    values (${stream}, ${n}, ${randomUUID()}, 'Benched', ${JSON.stringify(payload)}, ${JSON.stringify(metadata)})`,
  )
