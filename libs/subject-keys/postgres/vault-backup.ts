import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Sql, TransactionSql } from 'postgres'
import { z } from 'zod'
import type { KeyProvider } from '../key-provider.js'
import { type EpochRow, unwrapEpoch } from './epochs.js'
import { type KeyRow, reaching, unwrapDataKey } from './key-rows.js'

/** The vault's tables in the order in which they can be filled. Everything in them is wrapped, pseudonymous or public. */
const tables = ['epoch', 'data_key', 'closed_scope', 'destroyed_key', 'blind_index', 'lost_key', 'gate', 'mark'] as const
type TableName = (typeof tables)[number]
const header = z.object({ caseledgerVault: z.literal(1), madeAt: z.iso.datetime() })
const row = z.object({ table: z.enum(tables), row: z.record(z.string(), z.unknown()) })
const footer = z.object({ rows: z.int(), sha256: z.string() })
const pageSize = 1_000

/** The file is no back-up of a vault, was cut short, or was changed. */
export class BackupDamaged extends Error {
  constructor(why: string) {
    super(`This is not a whole back-up of a vault: ${why}`)
  }
}
export type ProvenVault = { readonly madeAt: string; readonly keys: number; readonly rows: number }

/**
 * Writes a consistent copy of the vault to a file (mode 0600): JSON lines with a count and a SHA-256 at the end. It holds wrapped keys,
 * so it opens nothing without the key folder, and nothing at all once the epochs in it are destroyed.
 */
export async function backUpVault(sql: Sql, file: string, now: string): Promise<number> {
  const draft = `${file}.part`
  const out = createWriteStream(draft, { mode: 0o600 })
  const hash = createHash('sha256')
  let rows = 0
  const write = async (line: object) => {
    const text = `${JSON.stringify(line)}\n`
    hash.update(text)
    if (!out.write(text)) await once(out, 'drain')
  }
  await write({ caseledgerVault: 1, madeAt: now })
  await reaching(() =>
    sql.begin('isolation level repeatable read read only', async tx => {
      for (const table of tables) {
        for await (const page of tx<{ row: unknown }[]>`select to_jsonb(t) as row from ${tx(`vault.${table}`)} t`.cursor(pageSize)) {
          for (const one of page) {
            await write({ table, row: one.row })
            rows++
          }
        }
      }
    }),
  )
  out.end(`${JSON.stringify({ rows, sha256: hash.digest('hex') })}\n`)
  await once(out, 'finish')
  const written = await open(draft, 'r+')
  try {
    await written.sync()
  } finally {
    await written.close()
  }
  await rename(draft, file)
  return rows
}

/** Reads a back-up to its end. @throws BackupDamaged */
async function* rowsOf(file: string): AsyncIterable<{ readonly madeAt: string } | z.infer<typeof row>> {
  const hash = createHash('sha256')
  let rows = 0
  let ended = false
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const json: unknown = parsed(line)
    if (ended) throw new BackupDamaged('something follows its end')
    const end = footer.safeParse(json)
    if (end.success) {
      if (end.data.rows !== rows || end.data.sha256 !== hash.digest('hex')) throw new BackupDamaged('its checksum does not fit')
      ended = true
      continue
    }
    hash.update(`${line}\n`)
    const first = rows === 0 ? header.safeParse(json) : undefined
    if (first?.success) {
      yield { madeAt: first.data.madeAt }
      continue
    }
    const one = row.safeParse(json)
    if (!one.success) throw new BackupDamaged('a line of it is none of a vault')
    rows++
    yield one.data
  }
  if (!ended) throw new BackupDamaged('its end is missing')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new BackupDamaged('a line of it is not JSON')
  }
}

/**
 * Proves that every key in the back-up unwraps under the key folder and keeps its commitment. @throws BackupDamaged, WrongKeyProvider,
 * SealBroken
 */
export async function proveBackup(file: string, provider: KeyProvider): Promise<ProvenVault> {
  const epochs = new Map<number, EpochRow>()
  const wrapping = new Map<number, Buffer>()
  let [madeAt, keys, rows] = ['', 0, 0]
  for await (const one of rowsOf(file)) {
    if ('madeAt' in one) {
      madeAt = one.madeAt
      continue
    }
    rows++
    if (one.table === 'epoch' && one.row['state'] !== 'DESTROYED') {
      const epoch = {
        ...one.row,
        wrapped_key: bytesOf(one.row['wrapped_key']),
        wrapped_index_key: bytesOf(one.row['wrapped_index_key']),
        canary: bytesOf(one.row['canary']),
      } as unknown as EpochRow
      epochs.set(epoch.epoch, epoch)
    }
    if (one.table === 'data_key') {
      const key = { ...one.row, wrapped: bytesOf(one.row['wrapped']) } as unknown as KeyRow
      const epoch = epochs.get(key.epoch)
      if (!epoch) throw new BackupDamaged(`key ${key.kid} belongs to an epoch that is not in it`)
      // Only an epoch that something is wrapped under is needed: one that a rotation was about to destroy may be gone by now.
      const under = wrapping.get(epoch.epoch) ?? (await unwrapEpoch(epoch, provider)).wrapping
      wrapping.set(epoch.epoch, under)
      unwrapDataKey(under, key).fill(0)
      keys++
    }
  }
  return { madeAt, keys, rows }
}

/** @throws Error for a vault that is not empty, or on whose database another process of ours works. */
export async function assertRestorable(sql: Sql | TransactionSql): Promise<void> {
  const [others] = await sql<{ n: number }[]>`
    select count(distinct application_name)::int as n from pg_stat_activity
    where datname = current_database() and application_name like 'caseledger %' and application_name <> current_setting('application_name')`
  if (others?.n !== 0) throw new Error('Somebody works on this database: stop every API and worker of it first')
  const [used] = await sql<{ n: number }[]>`select count(*)::int as n from vault.data_key`
  if (used?.n !== 0) throw new Error('The vault is not empty: restore into a new database, then point the service at it')
}

/**
 * Fills an empty vault from a back-up, all or nothing. @throws BackupDamaged; Error for a vault that is not empty, or on whose database
 * another process of ours works.
 */
export async function restoreVault(sql: Sql, file: string): Promise<number> {
  return sql.begin(async tx => {
    await assertRestorable(tx)
    // A new vault has an epoch of its own, under which there is nothing.
    await tx`delete from vault.epoch`
    // Nor is it bound to a log any more.
    await tx`delete from vault.mark`
    let rows = 0
    let [table, page]: [TableName | undefined, Record<string, unknown>[]] = [undefined, []]
    const flush = async () => {
      if (table && page.length > 0) await insert(tx, table, page)
    }
    for await (const one of rowsOf(file)) {
      if ('madeAt' in one) continue
      rows++
      if (one.table !== table || page.length === pageSize) {
        await flush()
        ;[table, page] = [one.table, []]
      }
      page.push(one.row)
    }
    await flush()
    // A back-up from before there were marks brings none: it was never bound.
    await tx`insert into vault.mark default values on conflict do nothing`
    return rows
  })
}

async function insert(sql: TransactionSql, table: TableName, rows: readonly Record<string, unknown>[]) {
  const target = sql(`vault.${table}`)
  await sql`insert into ${target} select * from jsonb_populate_recordset(null::${target}, ${sql.json(rows as never)})`
}

/** A byte string as PostgreSQL writes it in JSON. */
const bytesOf = (text: unknown) => Buffer.from(String(text).replace(/^\\x/, ''), 'hex')
