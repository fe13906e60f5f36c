import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import type { EventStoreChoice } from '#hosting/settings'
import { DirectorySink } from '#ledger/checkpoint-sink'
import { LedgerAltered } from '#ledger/ledger-altered'
import { Checkpoints } from '#ledger/postgres/checkpoints'
import { fsck } from '#ledger/postgres/fsck'
import { coverage } from '#ledger/postgres/fsck-coverage'
import { LedgerReader } from '#ledger/postgres/ledger-reader'
import { TimeStamps } from '#ledger/postgres/time-stamps'
import { remembered } from '#ledger/remembered'
import { Witnesses } from '#ledger/witnesses'
import { TrustPolicy } from '#merkle/trust-policy'
import { Witness } from '../../apps/witness/witness.js'
import { serveWitness } from '../../apps/witness/witness-server.js'
import { asAdmin } from '../support/database.js'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { sequence, testSigner } from '../support/ledger.js'
import { type Column, asInsider, change, columnsOf, otherValues } from '../support/planted.js'
import { event, storesWith } from '../support/tampering.js'
import { TimeStamping, hasOpenSsl } from '../support/time-stamping.js'
import { world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('every column of the ledger [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

/** A ledger with everything that it can have: two levels, checkpoints, a witness, a stamp, a sink. */
async function fullLedger(choice: EventStoreChoice) {
  const [w, signer, folder, tsa] = [
    await world(choice),
    await testSigner(),
    mkdtempSync(join(tmpdir(), 'caseledger-columns-')),
    hasOpenSsl ? new TimeStamping() : undefined,
  ]
  Witness.initialise(join(folder, 'w'), 'witness.example/w')
  writeFileSync(join(folder, 'w/logs'), `${signer.key.vkey}\n`)
  const witness = Witness.open(join(folder, 'w'), () => Math.floor(Date.parse(w.clock.now()) / 1_000))
  const serving = await serveWitness(witness, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${(serving.address() as AddressInfo).port}`
  const policyText = `log ${signer.key.vkey}\nwitness W ${witness.vkey} ${url}\nquorum W\n`
  writeFileSync(join(folder, 'policy'), policyText)
  const [policy, sink] = [TrustPolicy.parse(policyText), join(folder, 'sink')]
  const publish = () =>
    new Checkpoints(w.sql, w.ledger, signer.client, [signer.key], new Witnesses(policy, () => undefined), new DirectorySink(sink)).publish()
  const stream = `tried-${randomUUID()}`
  const grow = async (to: string, count: number) => {
    const last = await w.store.lastOf(to)
    await w.store.append(to, last?.revision ?? 'no_stream', Array.from({ length: count }, event))
    await sequence(w, signer)
    await publish()
  }
  await grow(stream, 6)
  for (const count of [300, 3, 4]) {
    await grow(`tried-${randomUUID()}`, count)
    if (count === 3 && tsa) await new TimeStamps(w.sql, w.ledger, await tsa.listen(), w.clock).stampDue()
  }
  await w.sql`insert into ledger.halt (part, why) values ('sequencing', 'it was stopped in a test')`
  const rememberers = { signer, policyFile: join(folder, 'policy'), sink }
  return {
    w,
    signer,
    stream,
    publish,
    grow,
    /** By a reader of one's own, such as one in a transaction that is undone. */
    checked: async (ledger = w.ledger, deep = false) => {
      const checking = fsck({ ledger, store: w.store }, [signer.key], {
        deep,
        signal: new AbortController().signal,
        policy,
        remembered: await remembered(rememberers, signer.origin, 'all'),
      })
      let step = await checking.next()
      while (!step.done) step = await checking.next()
      return step.value
    },
    end: async () => {
      await w.end()
      await signer.stop()
      serving.close()
      serving.closeAllConnections()
      tsa?.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The row that is changed: in the middle of the leaves, the last of a stream; the newest but one of what was signed. */
const rowOf: Readonly<Record<string, string>> = {
  leaf: `idx = (select max(idx) from ledger.leaf where stream = 'STREAM')`,
  checkpoint: 'size = (select size from ledger.checkpoint order by size desc offset 1 limit 1)',
  cosignature: 'size = (select size from ledger.checkpoint order by size desc offset 1 limit 1)',
}

describe.each(storesWith(server))('every column of the ledger [$kind]', choice => {
  let full: Awaited<ReturnType<typeof fullLedger>>
  let columns: readonly Column[]
  beforeAll(async () => {
    full = await fullLedger(choice)
    columns = await columnsOf(full.w.database.admin, 'ledger')
  }, 60_000)
  afterAll(() => full.end())
  const undo = new Error('undo')
  /** What is found while something is changed, and it is as before afterwards. */
  async function foundWhile(changing: (tx: postgres.TransactionSql) => Promise<number>): Promise<readonly string[]> {
    let found: readonly string[] = []
    await asInsider(full.w.database.admin, async tx => {
      expect(await changing(tx)).toBeGreaterThan(0)
      found = (await full.checked(new LedgerReader(tx as unknown as postgres.Sql))).findings.map(({ what }) => what)
      throw undo
    }).catch((error: unknown) => {
      if (error !== undo) throw error
    })
    return found
  }
  const foundWith = (statement: string) => foundWhile(async tx => (await tx.unsafe(statement)).count)
  const where = (table: string) => (rowOf[table] ? ` where ${rowOf[table].replace('STREAM', full.stream)}` : '')
  const leftOut = (table: string) => table === 'time_stamp' && !hasOpenSsl

  test('fsck says of each how it is covered, and nothing of what is not there', () => {
    const said = Object.entries(coverage).flatMap(([table, of]) => Object.keys(of).map(column => `${table}.${column}`))
    expect(said.sort()).toEqual(columns.map(({ table, column }) => `${table}.${column}`).sort())
  })
  test('what nobody touched is verified, with signer, witness and sink', async () => {
    expect([(await full.checked(undefined, true)).findings, (await full.checked()).verdict]).toEqual([[], 'VERIFIED'])
  })
  test('what fsck did not look at it says first', async () => {
    const [shallow, deep] = [await full.checked(), await full.checked(undefined, true)]
    const doctor = 'who may do what in the database (caseledger doctor)'
    const unread = choice.kind === 'postgres' ? 'what the event store holds at its positions' : 'the event store'
    expect([shallow.notLookedAt, deep.notLookedAt]).toEqual([[`${unread} (fsck --deep reads it)`, doctor], [doctor]])
    const alone = await remembered({ signer: full.signer, policyFile: undefined, sink: undefined }, full.signer.origin, 'all')
    expect(alone.map(({ by, kind }) => `${by}: ${kind}`)).toEqual(['the signer: remembers', 'witnesses: not asked', 'the sink: not asked'])
  })
  test('another value in any of them is found by fsck, or is said not to be looked at', async () => {
    const found: Record<string, boolean> = {}
    for (const one of columns.filter(({ table }) => !leftOut(table)))
      for (const value of otherValues(one)) {
        const name = `${one.table}.${one.column} = ${value}`
        found[name] = (await foundWhile(tx => change(tx, one, value, where(one.table)))).length > 0
      }
    expect(
      Object.entries(found)
        .filter(([, isFound]) => !isFound)
        .map(([name]) => name.split(' ')[0]),
    ).toEqual(
      columns
        .filter(({ table, column }) => 'not' in coverage[table]![column]!)
        .flatMap(one => otherValues(one).map(() => `${one.table}.${one.column}`)),
    )
  }, 120_000)
  test('nothing in any of them is found, too', async () => {
    const keys = ['log', 'idx', 'level', 'size', 'witness']
    const empty: string[] = []
    for (const { table, column } of columns.filter(one => !leftOut(one.table) && !keys.includes(one.column) && one.table !== 'halt')) {
      const found = await foundWhile(async tx => {
        await tx.unsafe(`alter table ledger.${table} alter column ${column} drop not null`)
        return (await tx.unsafe(`update ledger.${table} set ${column} = null${where(table)}`)).count
      })
      if (found.length > 0) empty.push(`${table}.${column}`)
    }
    expect(empty.sort()).toEqual(
      columns
        .filter(({ table, column }) => !leftOut(table) && !keys.includes(column) && table !== 'halt')
        .map(({ table, column }) => `${table}.${column}`)
        .sort(),
    )
  })
  test('any row of any level that is changed or gone is found', async () => {
    for (const table of ['tile', 'edge'])
      for (const { level } of await full.w.sql<{ level: number }[]>`select distinct level from ${full.w.sql(`ledger.${table}`)}`) {
        expect(
          await foundWith(`update ledger.${table} set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = ${level}`),
        ).not.toEqual([])
        expect(await foundWith(`delete from ledger.${table} where level = ${level}`)).not.toEqual([])
      }
    for (const table of ['leaf', 'checkpoint', 'log']) expect(await foundWith(`delete from ledger.${table}${where(table)}`)).not.toEqual([])
    expect(await foundWith('delete from ledger.checkpoint')).not.toEqual([])
    expect(
      await foundWith(`insert into ledger.edge (log, level, hashes) select log, 5, hashes from ledger.edge where level = 0`),
    ).not.toEqual([])
  })
  test('a checkpoint that is gone with all that was signed of it is named by the sink, also the newest', async () => {
    const sizes = (await full.w.ledger.stored.checkpoints((await full.w.ledger.standing())!.log)).map(({ size }) => size).slice(-2)
    expect(sizes).toHaveLength(2)
    for (const size of sizes)
      expect(
        await foundWhile(async tx => {
          for (const table of ['time_stamp', 'cosignature']) await tx.unsafe(`delete from ledger.${table} where size = ${size}`)
          return (await tx.unsafe(`delete from ledger.checkpoint where size = ${size}`)).count
        }),
      ).toEqual([`The sink keeps a checkpoint of ${size} leaves, and the ledger no longer has it`])
  })
  test('signatures of witnesses that were deleted are missed: by the quorum of the policy, and by the witness that remembers', async () => {
    const quorum = 'have not the signatures that the policy asks for'
    const said = async (which: string) => {
      let [found, missed] = [[] as readonly string[], [] as readonly string[]]
      found = await foundWhile(async tx => {
        const { count } = await tx.unsafe(`delete from ledger.cosignature where size in (select ${which}(size) from ledger.cosignature)`)
        missed = (await full.checked(new LedgerReader(tx as unknown as postgres.Sql))).remarks
          .filter(({ check, what }) => check === 'witnesses' && what.includes(quorum))
          .map(({ what }) => what)
        return count
      })
      return [found.length, found[0]?.slice(0, 13), missed.length, missed[0]?.slice(0, 2)]
    }
    expect((await full.checked()).remarks.filter(({ what }) => what.includes(quorum))).toEqual([])
    expect(await said('min')).toEqual([0, undefined, 1, '1 '])
    expect(await said('max')).toEqual([1, 'The witness W', 1, '1 '])
  })
  test('whatever is changed, nothing is sequenced or signed that does not follow', async () => {
    const { w, signer, stream, grow, publish } = full
    const stopped: string[] = []
    for (const one of columns.filter(({ table }) => ['log', 'leaf', 'tile', 'edge', 'checkpoint'].includes(table)))
      for (const value of otherValues(one)) {
        const name = `${one.table}.${one.column} = ${value}`
        const rows = one.table === 'checkpoint' ? ' where size = (select max(size) from ledger.checkpoint)' : where(one.table)
        const [putBack, signed] = [await copied(w.database.admin, one.table), signer.signer.last]
        await asInsider(w.database.admin, tx => change(tx, one, value, rows))
        const failed = await grow(stream, 1).catch((error: unknown) => error)
        if (failed instanceof LedgerAltered) stopped.push(name)
        if (failed) expect([name, signer.signer.last]).toEqual([name, signed])
        // A full tile, or what beside a note nobody asks for, is not built on where it is not that of the stream or the end.
        if (!['checkpoint', 'tile'].includes(one.table)) expect([name, failed]).toEqual([name, expect.any(Error)])
        await putBack(one.table !== 'checkpoint' || failed !== undefined)
        await sequence(w, signer)
        await publish()
        expect([name, (await full.checked()).findings]).toEqual([name, []])
      }
    // Once, at the end: it reads all that the server holds, which on a shared one is far more than this test's.
    expect((await full.checked(undefined, true)).findings).toEqual([])
    process.stdout.write(`${stopped.length} changes stopped the ledger before anything was sequenced\n`)
    for (const built of ['leaf.entry', 'leaf.leaf_hash', 'leaf.stream', 'leaf.rev', 'edge.hashes', 'log.size', 'log.event_id'])
      expect([built, stopped.some(name => name.startsWith(`${built} `))]).toEqual([built, true])
  }, 240_000)
})

/** A table as it is, to be put back: whole, or beside the rows that came since. */
async function copied(admin: string, table: string): Promise<(whole: boolean) => Promise<void>> {
  await asAdmin(admin, sql => sql.unsafe(`drop table if exists public.kept; create table public.kept as table ledger.${table}`))
  return async whole => {
    await asInsider(admin, async tx => {
      await tx.unsafe(
        whole
          ? `delete from ledger.${table}`
          : `delete from ledger.${table} where size not in (select size from public.kept) and size not between 1 and 1000000
             or size in (select size from public.kept)`,
      )
      await tx.unsafe(`insert into ledger.${table} overriding system value table public.kept`)
    })
  }
}
