import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { person } from '#domain/person/person'
import { recordDetails } from '#domain/person/details/record-details'
import { reindex, reindexPerson } from '#key-keeping/reindex'
import { drillRestore } from '#key-keeping/restore-drill'
import { openBackend } from '#backend/backend'
import { rolePasswords } from '#hosting/role-passwords'
import { dataDir } from '#hosting/data-dir'
import { localDatabase } from '#hosting/local-database'
import { startTestPostgres } from '#hosting/test-postgres'
import type { SubjectRef } from '#kernel/id'
import { Personal, type Sealed } from '#kernel/personal'
import { findCase } from '#read-models/case-view/queries'
import { FileRevocationJournal, JournalDamaged } from '#subject-keys/file-revocation-journal'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import { BackupDamaged, backUpVault, proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import { KeyMissing } from '#subject-keys/subject-keys'
import { instead } from '../support/instead.js'
import { client, testDatabase, testServer } from '../support/database.js'
import { erase, refer, words } from '../support/people.js'
import {
  type World,
  asAdmin,
  gone,
  openAll,
  placeOf,
  readable,
  reconciled,
  recordedCommand,
  restoreOver,
  rewindLogTo,
  sealedOf,
} from '../support/vault-life.js'
import { facts, project, world } from '../support/world.js'

let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const file = (name: string) => join(w.folder, name)

describe('restored', () => {
  test('yesterday’s vault with today’s log: what was erased since stays erased, what was made since is lost and said to be', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
    await erase(w, erased)
    const young = await refer(w)
    await restoreOver(w, file('yesterday'))
    expect(await reconciled(w)).toEqual({ erased: 0, lost: { [young]: 2 }, undead: { [erased]: 2 }, orphans: {}, fencesLost: 0 })
    expect(await openAll(w, erased)).toEqual(gone)
    expect(await openAll(w, kept)).toEqual(readable)
    await expect(openAll(w, young)).rejects.toBeInstanceOf(KeyMissing)
    await expect(w.keys.seal([{ subject: young, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"a second key"' }])).rejects.toBeInstanceOf(
      KeyMissing,
    )
    expect(await reconciled(w)).toEqual({ erased: 2, lost: { [young]: 2 }, undead: {}, orphans: {}, fencesLost: 0 })
  })
  test('yesterday’s log with today’s vault: the fence is put back, and what the log never announced is an orphan', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    const yesterday = (await w.store.head()) as bigint
    await w.keys.passGate()
    await erase(w, erased)
    w.keys.doubt()
    await w.keys.passGate()
    const young = await refer(w)
    await rewindLogTo(w, yesterday)
    w.keys.doubt()
    w.folds.forget()
    expect(await reconciled(w)).toEqual({ erased: 2, lost: {}, undead: {}, orphans: { [young]: 2 }, fencesLost: 2 })
    expect(await w.keys.passGate()).toMatchObject({ rewound: true, refenced: 1, lost: [] })
    expect(await openAll(w, erased)).toEqual(gone)
    expect(await openAll(w, kept)).toEqual(readable)
    expect([...(await w.folds.load(person, erased)).state.keys.closed].length).toBeGreaterThan(10)
    expect((await reconciled(w)).fencesLost).toBe(0)
    w.keys.doubt()
    expect(await w.keys.passGate()).toMatchObject({ refenced: 0 })
  })
  test('both old: the journal alone knows, and that is enough', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    const yesterday = (await w.store.head()) as bigint
    await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
    await erase(w, erased)
    await rewindLogTo(w, yesterday)
    w.folds.forget()
    await restoreOver(w, file('yesterday'))
    expect(await openAll(w, erased)).toEqual(gone)
    expect(await openAll(w, kept)).toEqual(readable)
    expect(await reconciled(w)).toEqual({ erased: 2, lost: {}, undead: {}, orphans: {}, fencesLost: 0 })
  })
  test('a back-up restored into a new database beside: the drill passes, and would not without the gate', async () => {
    const [, erased] = [await refer(w), await refer(w)]
    await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
    await erase(w, erased)
    await refer(w)
    const drill = (backend: World) => drillRestore(backend, testServer(), rolePasswords(w.dir, testServer()), file('yesterday'))
    expect(await drill(w)).toMatchObject({
      keysRestored: 4,
      undead: 2,
      younger: 3,
      erasedTried: 3,
      erasedOpened: 0,
      liveTried: 3,
      liveOpened: 3,
    })
    let heard = 0
    const deaf = instead(w.history, {
      since: async function* (from: bigint | undefined) {
        const gate = heard++ === 0
        for await (const record of w.history.since(from)) if (!gate || record.kind !== 'fenced') yield record
      },
    })
    expect((await drill({ ...w, history: deaf, journal: instead(w.journal, { since: () => Promise.resolve([]) }) })).erasedOpened).toBe(3)
  })
})

test('PostgreSQL restored from a dump into a new cluster: all is found again, in its order, and the erased stays erased', async () => {
  const [kept, erased] = [await refer(w), await refer(w)]
  await erase(w, erased)
  const cluster = await startTestPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-cluster-'))
  try {
    const url = new URL(cluster.url)
    url.pathname = '/restored'
    const { urls } = await localDatabase(dataDir({ CASELEDGER_DATA_DIR: folder }), url.href)
    await copyTables(w.database.admin, url.href)
    const other = await openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: folder, CASELEDGER_KEYS_DIR: w.dir.keys }))
    try {
      const eventsOf = async ({ store }: Pick<World, 'store'>) => {
        const found: unknown[] = []
        for await (const event of store.readAll()) found.push(event)
        return found
      }
      expect(await eventsOf(other)).toEqual(await eventsOf(w))
      const open = async (subjectRef: SubjectRef) =>
        other.keys.open(
          (await sealedOf(w, subjectRef)).slice(0, 3).map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })),
        )
      expect([await open(kept), await open(erased)]).toEqual([readable, gone])
      const young = await refer(other)
      await project(other)
      expect((await findCase(other.sql, young))?.values['ID.name']).toBeDefined()
    } finally {
      await other.close()
    }
  } finally {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** What a dump and its restore do: every row of every table of ours, into tables that were made anew. */
async function copyTables(fromUrl: string, toUrl: string) {
  const [from, to] = [client(fromUrl, 1), client(toUrl, 1)]
  try {
    await to.begin(async tx => {
      await tx`set local session_replication_role = replica`
      for (const schema of ['event_store', 'vault', 'command', 'read_model', 'process']) {
        for (const { name } of await from<
          { name: string }[]
        >`select table_name as name from information_schema.tables where table_schema = ${schema}`) {
          const rows = await from<{ row: unknown }[]>`select to_jsonb(t) as row from ${from(schema)}.${from(name)} t`
          await tx`delete from ${tx(schema)}.${tx(name)}`
          await tx`
            insert into ${tx(schema)}.${tx(name)}
            select * from jsonb_populate_recordset(null::${tx(schema)}.${tx(name)}, ${tx.json(rows.map(({ row }) => row) as never)})`
        }
      }
    })
  } finally {
    await Promise.all([from.end(), to.end()])
  }
}

describe('the revocation journal', () => {
  const revocation = {
    subject: randomUUID(),
    scopes: ['HLT' as const],
    kids: [randomUUID()],
    fenceEventId: randomUUID(),
    cause: 'ERASURE' as const,
  }
  test('a record torn by a crash is passed over; a damaged one stops everything', async () => {
    const path = file('journal')
    const journal = new FileRevocationJournal(path, () => new Date().toISOString())
    await journal.append(revocation)
    const whole = readFileSync(path)
    appendFileSync(path, '\n{"v":1,"subject":"4b')
    expect((await journal.since(0)).map(({ revocation: { kids } }) => kids)).toEqual([revocation.kids])
    await journal.append(revocation)
    expect(await journal.since(0)).toHaveLength(2)
    expect(await journal.since((await journal.since(0))[0]!.end)).toHaveLength(1)
    writeFileSync(path, Buffer.concat([whole.subarray(0, 10), Buffer.from('~'), whole.subarray(11)]))
    await expect(journal.since(0)).rejects.toBeInstanceOf(JournalDamaged)
  })
  test('one that was lost, too, is read from its start again', async () => {
    const path = file('journal')
    const journal = new FileRevocationJournal(path, () => new Date().toISOString())
    await journal.append(revocation)
    expect(await journal.since(1_000_000)).toHaveLength(1)
  })
})

describe('a back-up of the vault', () => {
  test('that was cut short or changed is refused', async () => {
    await refer(w)
    await backUpVault(w.vault.sql, file('backup'), w.clock.now())
    const text = readFileSync(file('backup'), 'utf8')
    writeFileSync(file('cut'), text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1))
    writeFileSync(file('changed'), text.replace('"generation":1', '"generation":2'))
    for (const damaged of ['cut', 'changed'])
      await expect(proveBackup(file(damaged), w.vault.provider)).rejects.toBeInstanceOf(BackupDamaged)
    expect(text).not.toContain(words)
  })
  test('does not go into a database that somebody else works on', async () => {
    await backUpVault(w.vault.sql, file('backup'), w.clock.now())
    const other = postgres(w.database.urls.app, { max: 1, connection: { application_name: 'caseledger other' } })
    await other`select 1`
    await expect(restoreVault(w.vault.sql, file('backup'))).rejects.toThrow(/Somebody works on this database/)
    await other.end()
    for (let left = 1; left > 0;)
      left = (
        await asAdmin(
          w,
          sql => sql`select from pg_stat_activity where application_name = 'caseledger other' and datname = current_database()`,
        )
      ).length
    await restoreVault(w.vault.sql, file('backup'))
  })
  test('that brings another epoch under a number that is known: nothing is sealed under the one that is gone', async () => {
    const elsewhere = await testDatabase()
    const sql = client(elsewhere.urls.vault, 2)
    const subject = randomUUID()
    const at = `e|T.v1|f`
    const open = async (keys: PostgresSubjectKeys, sealed: Sealed) => keys.open([{ subject, sealed, declared: ['T|f'] }])
    await PostgresSubjectKeys.start(sql, { provider: w.vault.provider, journal: w.journal })
    await backUpVault(sql, file('elsewhere'), w.clock.now())
    await sql.end()
    await asAdmin(
      w,
      admin =>
        admin`truncate vault.data_key, vault.closed_scope, vault.destroyed_key, vault.blind_index, vault.lost_key, vault.gate, vault.epoch`,
    )
    await restoreVault(w.vault.sql, file('elsewhere'))
    const {
      sealed: [sealed],
    } = await w.keys.seal([{ subject, scope: 'HLT', at, plaintext: '"x"' }])
    const fresh = await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    expect([await open(w.keys, sealed!), await open(fresh, sealed!)]).toEqual([[{ known: 'x' }], [{ known: 'x' }]])
  })
  test('does not go over a vault that is in use', async () => {
    await refer(w)
    await backUpVault(w.vault.sql, file('backup'), w.clock.now())
    await expect(restoreVault(w.vault.sql, file('backup'))).rejects.toThrow(/not empty/)
  })
})

test('vault reindex: found by what is known now, each opening on record', async () => {
  const subjectRef = await refer(w)
  await project(w)
  await w.keys.reserve(await recordedCommand(w, subjectRef), subjectRef, [{ field: 'phone', value: '07700900999', scope: 'CON' }])
  const progress: number[] = []
  for await (const { done } of reindex(w)) progress.push(done)
  expect(progress).toEqual([1])
  expect(await w.keys.find({ field: 'phone', value: '07700900999' })).toEqual([])
  const read: string[] = []
  for await (const { type } of w.store.readAll()) read.push(type)
  expect(read.at(-1)).toBe('RecordAccessed')
})

test('vault reindex beside a change of the same number: the new one is found, the old one is not', async () => {
  const subjectRef = await refer(w)
  const phone = (value: string) => ({ field: 'phone' as const, value, scope: 'CON' as const })
  const change = async (value: string) => {
    const told = facts()
    await w.keys.reserve(told.commandId, subjectRef, [phone(value)])
    await w.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: told,
      decide: recordDetails.decide(
        { subjectRef, category: 'CON', provenance: 'PERSON', items: { phone: Personal.of(value) } },
        { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
      ),
    })
  }
  await change('07700900111')
  let changed = false
  const opening = instead(w.keys, {
    open: async (...of: Parameters<typeof w.keys.open>) => {
      const opened = await w.keys.open(...of)
      if (!changed) {
        changed = true
        await change('07700900222')
      }
      return opened
    },
  })
  await reindexPerson({ ...w, keys: opening }, subjectRef)
  const found = async (value: string) => (await w.keys.find(phone(value))).map(({ subject }) => subject)
  expect([changed, await found('07700900111'), await found('07700900222')]).toEqual([true, [], [subjectRef]])
})
