import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { examples } from '#domain/person/examples'
import { person } from '#domain/person/person'
import { recordDetails } from '#domain/person/details/record-details'
import { type KeyPlace, reconcileKeys } from '#key-keeping/reconcile-keys'
import { reindex, reindexPerson } from '#key-keeping/reindex'
import { NotReplaceable, replaceSubjectKey } from '#key-keeping/replace-key'
import { drillRestore } from '#key-keeping/restore-drill'
import { openBackend } from '#backend/backend'
import { rolePasswords } from '#hosting/role-passwords'
import { dataDir } from '#hosting/data-dir'
import { localDatabase } from '#hosting/local-database'
import { startTestPostgres } from '#hosting/test-postgres'
import { rotateKeys } from '#key-keeping/rotate-keys'
import { AnotherRotation, type RotationStep } from '#subject-keys/postgres/rotation'
import type { SubjectRef } from '#kernel/id'
import { Personal, type Sealed } from '#kernel/personal'
import { carryOutRetirement, retirementBegunBy } from '#processes/retirement'
import { compareWithRebuilt, rebuild } from '#projections/postgres/rebuild'
import { envelopeOf } from '#event-codec/sealed'
import { projections } from '#read-models/all'
import { findCase } from '#read-models/case-view/queries'
import { sealedValuesIn } from '#event-codec/walk'
import { FileRevocationJournal, JournalDamaged } from '#subject-keys/file-revocation-journal'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import { BackupDamaged, backUpVault, proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import { KeyMissing, type Opened, SealBroken, WrongKeyProvider } from '#subject-keys/subject-keys'
import { instead } from '../support/instead.js'
import { asAdmin as asAdminOf, client, testDatabase, testServer } from '../support/database.js'
import { erase, refer, words } from '../support/people.js'
import { facts, project, world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

async function sealedOf(subjectRef: SubjectRef): Promise<readonly Sealed[]> {
  const found: Sealed[] = []
  for await (const event of w.store.readStream(`person-${subjectRef}`)) found.push(...sealedValuesIn(w.codec.decode(event).data))
  return found
}
const placeOf = ({ at }: Sealed) => {
  const [, type = '', path = ''] = at.split('|')
  return [`${type.replace(/\.v\d+$/, '')}|${path}`]
}
/** The values of the referral and the health data. */
async function openAll(subjectRef: SubjectRef): Promise<readonly Opened[]> {
  return w.keys.open((await sealedOf(subjectRef)).slice(0, 3).map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })))
}
/** What it reserved is settled. */
const recordedCommand = async (subjectRef: SubjectRef) => [...(await w.folds.load(person, subjectRef)).commands.keys()][0] as string
const readable = [{ known: words }, { known: words }, { known: words }]
const gone = ['erased', 'erased', 'erased']
const file = (name: string) => join(w.folder, name)
async function rotate() {
  const steps: string[] = []
  for await (const { step } of rotateKeys(w, w.dir)) steps.push(step)
  return steps
}
const asAdmin = <T>(work: (sql: ReturnType<typeof client>) => Promise<T>) => asAdminOf(w.database.admin, work)
/** The vault comes back from a back-up, under the feet of the running service. */
async function restoreOver(backup: string) {
  await asAdmin(
    sql =>
      sql`truncate vault.data_key, vault.closed_scope, vault.destroyed_key, vault.blind_index, vault.lost_key, vault.gate, vault.epoch`,
  )
  await restoreVault(w.vault.sql, backup)
  w.keys.doubt()
}
/** How many keys of each person are lost, undead or orphans; the evidence of a request has a retention of its own and is left out. */
async function reconciled() {
  const found = await reconcileKeys(w)
  const counted = (keys: readonly KeyPlace[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...new Set(keys.map(({ subject }) => subject))]
        .map(subject => [subject, keys.filter(key => key.subject === subject && key.scope !== 'EVID').length] as const)
        .filter(([, n]) => n !== 0),
    )
  return {
    lost: counted(found.lost),
    undead: counted(found.undead),
    orphans: counted(found.orphans),
    erased: found.erased,
    fencesLost: found.fencesLost.length,
  }
}
const rewindLogTo = (position: bigint) => asAdmin(sql => sql`delete from event_store.event where position > ${String(position)}`)

describe('keys rotate', () => {
  test('everything live still opens; the old epoch’s key is gone, and an old copy opens nothing with today’s key folder', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    expect((await proveBackup(file('before'), w.vault.provider)).keys).toBe(4)
    await erase(w, erased)
    const keysBefore = readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))
    expect(await rotate()).toEqual(['opened', 'rewrapped', 'rewrapped', 'backed-up', 'destroyed'])
    expect(await openAll(kept)).toEqual(readable)
    expect(await openAll(erased)).toEqual(gone)
    expect(existsSync(join(w.dir.keys, keysBefore[0] as string))).toBe(false)
    await expect(proveBackup(file('before'), w.vault.provider)).rejects.toBeInstanceOf(WrongKeyProvider)
    expect(readdirSync(w.dir.backups)).toHaveLength(1)
  })
  test('it says what it does, and how much; a second one beside it does not begin', async () => {
    await refer(w)
    await w.keys.reserve(randomUUID(), randomUUID(), [{ field: 'phone', value: 'a phone', scope: 'CON' }])
    const [[count], [live]] = [
      await w.vault.sql<
        { keys: number; tokens: number }[]
      >`select (select count(*)::int from vault.data_key) as keys, (select count(*)::int from vault.blind_index) as tokens`,
      await w.vault.sql<{ epoch: number }[]>`select max(epoch)::int as epoch from vault.epoch`,
    ]
    const steps: RotationStep[] = []
    const refused: unknown[] = []
    for await (const step of rotateKeys(w, w.dir)) {
      if (step.step === 'rewrapped')
        await rotate().catch((error: unknown) => {
          refused.push(error)
        })
      steps.push(step)
    }
    const [epoch, all] = [live!.epoch, { step: 'rewrapped', keys: count!.keys, tokens: count!.tokens }]
    expect(all.keys * all.tokens).toBeGreaterThan(0)
    expect(steps).toEqual([{ step: 'opened', epoch: epoch + 1 }, all, all, { step: 'backed-up' }, { step: 'destroyed', epoch }])
    expect([refused.length, refused[0]]).toEqual([2, expect.any(AnotherRotation)])
    expect((refused[0] as Error).message).toContain('Another rotation is going on')
  })
  test('another process that knows nothing of it mints, opens, reserves and finds all the while', async () => {
    const other = await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    const entry = (n: number) => ({ field: 'phone' as const, value: `0770090000${n}`, scope: 'CON' as const })
    const [before, after] = [randomUUID(), randomUUID()]
    await other.reserve(randomUUID(), before, [entry(1)])
    const subject = randomUUID()
    const {
      sealed: [early],
    } = await other.seal([{ subject, scope: 'REF', at: 'e|T.v1|f', plaintext: '"early"' }])
    let n = 0
    for await (const { step } of rotateKeys(w, w.dir)) {
      const { sealed } = await other.seal([{ subject: randomUUID(), scope: 'REF', at: 'e|T.v1|f', plaintext: '"x"' }])
      expect(sealed).toHaveLength(1)
      expect([step, (await other.find(entry(1))).map(match => match.subject)[0]]).toEqual([step, before])
      expect((await other.reserve(randomUUID(), after, [entry(1), entry(2 + n++)])).map(match => match.subject)).toEqual([before])
    }
    expect((await w.keys.find(entry(2))).map(match => match.subject)).toEqual([after])
    expect(await w.keys.open([{ subject, sealed: early!, declared: ['T|f'] }])).toEqual([{ known: 'early' }])
  })
  test('interrupted at any step it is finished by the next run, and nothing is destroyed before the back-up was proven', async () => {
    const person_ = await refer(w)
    for (const at of ['opened', 'rewrapped', 'backed-up', 'destroyed']) {
      for await (const { step } of rotateKeys(w, w.dir)) if (step === at) break
      expect(await openAll(person_)).toEqual(readable)
      const steps = await rotate()
      expect([at, steps.at(-1)]).toEqual([at, 'destroyed'])
      expect(await openAll(person_)).toEqual(readable)
    }
    const live = await w.vault.sql<{ n: number }[]>`select count(*)::int as n from vault.epoch where state <> 'DESTROYED'`
    expect(live[0]?.n).toBe(1)
    expect(readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))).toHaveLength(1)
  })
  test('the back-up that it took is one that can be restored afterwards', async () => {
    const kept = await refer(w)
    await rotate()
    const [backup = ''] = readdirSync(w.dir.backups).map(name => join(w.dir.backups, name))
    expect((await proveBackup(backup, w.vault.provider)).keys).toBe(2)
    expect(await drillRestore(w, testServer(), rolePasswords(w.dir, testServer()), backup)).toMatchObject({
      keysRestored: 2,
      liveTried: 3,
      liveOpened: 3,
    })
    await restoreOver(backup)
    const again = await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    const [first] = await sealedOf(kept)
    expect(await again.open([{ subject: kept, sealed: first!, declared: placeOf(first!) }])).toEqual([{ known: words }])
  })
  test('a crash between the decision to destroy and the destruction is finished at the next start', async () => {
    await rotate()
    const [row] = await w.vault.sql<{ provider_key_id: string }[]>`select provider_key_id from vault.epoch where state = 'DESTROYED'`
    writeFileSync(join(w.dir.keys, `epoch-${row!.provider_key_id}.key`), 'left over')
    await w.vault.sql`update vault.epoch set destroyed_at = null where state = 'DESTROYED'`
    await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    expect(existsSync(join(w.dir.keys, `epoch-${row!.provider_key_id}.key`))).toBe(false)
  })
  test('a key that does not unwrap stops it, and the old epoch stays', async () => {
    const subjectRef = await refer(w)
    await asAdmin(
      sql =>
        sql`update vault.data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject = ${subjectRef} and scope = 'HLT'`,
    )
    await expect(rotate()).rejects.toBeInstanceOf(SealBroken)
    expect(readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))).toHaveLength(2)
  })
})

describe('restored', () => {
  test('yesterday’s vault with today’s log: what was erased since stays erased, what was made since is lost and said to be', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
    await erase(w, erased)
    const young = await refer(w)
    await restoreOver(file('yesterday'))
    expect(await reconciled()).toEqual({ erased: 0, lost: { [young]: 2 }, undead: { [erased]: 2 }, orphans: {}, fencesLost: 0 })
    expect(await openAll(erased)).toEqual(gone)
    expect(await openAll(kept)).toEqual(readable)
    await expect(openAll(young)).rejects.toBeInstanceOf(KeyMissing)
    await expect(w.keys.seal([{ subject: young, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"a second key"' }])).rejects.toBeInstanceOf(
      KeyMissing,
    )
    expect(await reconciled()).toEqual({ erased: 2, lost: { [young]: 2 }, undead: {}, orphans: {}, fencesLost: 0 })
  })
  test('yesterday’s log with today’s vault: the fence is put back, and what the log never announced is an orphan', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    const yesterday = (await w.store.head()) as bigint
    await w.keys.passGate()
    await erase(w, erased)
    w.keys.doubt()
    await w.keys.passGate()
    const young = await refer(w)
    await rewindLogTo(yesterday)
    w.keys.doubt()
    w.folds.forget()
    expect(await reconciled()).toEqual({ erased: 2, lost: {}, undead: {}, orphans: { [young]: 2 }, fencesLost: 2 })
    expect(await w.keys.passGate()).toMatchObject({ rewound: true, refenced: 1, lost: [] })
    expect(await openAll(erased)).toEqual(gone)
    expect(await openAll(kept)).toEqual(readable)
    expect([...(await w.folds.load(person, erased)).state.keys.closed].length).toBeGreaterThan(10)
    expect((await reconciled()).fencesLost).toBe(0)
    w.keys.doubt()
    expect(await w.keys.passGate()).toMatchObject({ refenced: 0 })
  })
  test('both old: the journal alone knows, and that is enough', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    const yesterday = (await w.store.head()) as bigint
    await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
    await erase(w, erased)
    await rewindLogTo(yesterday)
    w.folds.forget()
    await restoreOver(file('yesterday'))
    expect(await openAll(erased)).toEqual(gone)
    expect(await openAll(kept)).toEqual(readable)
    expect(await reconciled()).toEqual({ erased: 2, lost: {}, undead: {}, orphans: {}, fencesLost: 0 })
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

test('PostgreSQL restored into a new cluster, from a dump: everything is found again, in its order, and the erased stays erased', async () => {
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
          (await sealedOf(subjectRef)).slice(0, 3).map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })),
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
          await tx`insert into ${tx(schema)}.${tx(name)} select * from jsonb_populate_recordset(null::${tx(schema)}.${tx(name)}, ${tx.json(rows.map(({ row }) => row) as never)})`
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
        await asAdmin(sql => sql`select from pg_stat_activity where application_name = 'caseledger other' and datname = current_database()`)
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
  await w.keys.reserve(await recordedCommand(subjectRef), subjectRef, [{ field: 'phone', value: '07700900999', scope: 'CON' }])
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

describe('a key that is replaced', () => {
  test('what stays is sealed again under the next generation; what was sealed before opens nothing any more, also in an old vault', async () => {
    const subjectRef = await refer(w)
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    const [old] = (await sealedOf(subjectRef)).slice(2)
    const { kept, kid } = await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
    expect([kept, kid]).toEqual([1, old?.kid])
    const field = (await w.folds.load(person, subjectRef)).state.held.get('HLT.summary')
    const fresh = envelopeOf(field!.value)
    const open = () => w.keys.open([old!, fresh].map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })))
    expect([fresh.kid === old!.kid, field!.provenance, await open()]).toEqual([false, 'PERSON', ['erased', { known: words }]])
    await project(w)
    expect((await findCase(w.sql, subjectRef))?.values['HLT.summary']?.kid).toBe(fresh.kid)
    expect((await reconciled()).erased).toBe(1)
    await restoreOver(file('before'))
    await expect(open()).rejects.toBeInstanceOf(KeyMissing)
    expect((await w.keys.open([{ subject: subjectRef, sealed: old!, declared: placeOf(old!) }]))[0]).toBe('erased')
  })
  test('a field that is left out is erased, and the others stay', async () => {
    const subjectRef = await refer(w)
    await w.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: facts(),
      decide: recordDetails.decide(
        { subjectRef, category: 'HLT', provenance: 'STARS', items: { needs: Personal.of('large print') } },
        { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
      ),
    })
    await w.keys.reserve(await recordedCommand(subjectRef), subjectRef, [{ field: 'phone', value: '07700900998', scope: 'CON' }])
    await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.needs' })
    expect(await w.keys.find({ field: 'phone', value: '07700900998' })).toEqual([])
    await project(w)
    const found = await findCase(w.sql, subjectRef)
    expect([
      found?.facts.fields['HLT.needs']?.erased,
      found?.facts.fields['HLT.summary']?.erased,
      Object.keys(found?.values ?? {}).sort(),
    ]).toEqual([true, false, ['HLT.summary', 'ID.name']])
    expect([...(await w.folds.load(person, subjectRef)).state.held.keys()]).toEqual(['ID.name', 'HLT.summary'])
    for (const projection of projections)
      for await (const compared of compareWithRebuilt([projection], w))
        if ('live' in compared) expect([projection.name, compared.live]).toEqual([projection.name, compared.rebuilt])
  })
  test('an old vault brings the key of an erased field back, and with it the field’s search token: both go before anything is opened or found', async () => {
    const subjectRef = await refer(w)
    const told = facts()
    await w.keys.reserve(told.commandId, subjectRef, [{ field: 'phone', value: '07700900995', scope: 'CON' }])
    await w.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: told,
      decide: recordDetails.decide(
        {
          subjectRef,
          category: 'CON',
          provenance: 'PERSON',
          items: { phone: Personal.of('07700900995'), email: Personal.of('a@example.invalid') },
        },
        { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
      ),
    })
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    await replaceSubjectKey(w, { subjectRef, scope: 'CON', cause: 'FIELD_ERASED', without: 'CON.phone' })
    expect(await w.keys.find({ field: 'phone', value: '07700900995' })).toEqual([])
    await restoreOver(file('before'))
    expect(await w.keys.find({ field: 'phone', value: '07700900995' })).toEqual([])
    expect((await reconciled()).lost).toEqual({ [subjectRef]: 1 })
  })
  test('not one that seals texts which would be lost with it', async () => {
    const subjectRef = await refer(w)
    await expect(replaceSubjectKey(w, { subjectRef, scope: 'REF', cause: 'COMPROMISED' })).rejects.toBeInstanceOf(NotReplaceable)
    expect(await openAll(subjectRef)).toEqual(readable)
  })
  test('not one that sealed such a text while it was being replaced', async () => {
    const subjectRef = await refer(w)
    const [, , value] = await sealedOf(subjectRef)
    const {
      keys: [key],
    } = await w.keys.seal([{ subject: subjectRef, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"x"' }])
    const raced = instead(w.keys, {
      renew: async (...of: Parameters<typeof w.keys.renew>) => {
        const id = randomUUID()
        const {
          events: [event],
        } = await w.codec.encode([
          {
            id,
            type: 'DisclosureRequested',
            data: { ...examples.DisclosureRequested.data, subjectRef },
            metadata: { ...facts(), occurredAt: w.clock.now() },
          },
        ])
        const {
          sealed: [necessity],
        } = await w.keys.seal([{ subject: subjectRef, scope: 'HLT', at: `${id}|DisclosureRequested.v1|necessity`, plaintext: '"late"' }])
        const last = await w.store.lastOf(`person-${subjectRef}`)
        await w.store.append(`person-${subjectRef}`, last!.revision, [{ ...event!, data: { ...event!.data, necessity } as never }])
        await w.keys.renew(...of)
      },
    })
    await expect(replaceSubjectKey({ ...w, keys: raced }, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })).rejects.toBeInstanceOf(
      NotReplaceable,
    )
    expect(key?.kid).toBe(value?.kid)
    expect(await openAll(subjectRef)).toEqual(readable)
  })
  describe('and whose replacement is then lost, because an older log came back', () => {
    /** A key replaced after a back-up of the vault and at a known place in the log. */
    async function replacedAfterBackUp(cause: 'COMPROMISED' | 'FIELD_ERASED') {
      const subjectRef = await refer(w)
      await w.keys.passGate()
      const yesterday = (await w.store.head()) as bigint
      await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause, without: cause === 'FIELD_ERASED' ? 'HLT.summary' : undefined })
      w.keys.doubt()
      await w.keys.passGate()
      await rewindLogTo(yesterday)
      w.folds.forget()
      w.keys.doubt()
      return subjectRef
    }
    const toReplace = async () => (await reconcileKeys(w)).toReplace.map(({ scope }) => scope)

    test('with an old vault too, a key that others may know goes on, and is to be replaced again', async () => {
      const subjectRef = await replacedAfterBackUp('COMPROMISED')
      await restoreOver(file('yesterday'))
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 1, undead: 0, refenced: 0, lost: [] })
      expect(await openAll(subjectRef)).toEqual(readable)
      expect([await toReplace(), await reconciled()]).toEqual([['HLT'], { erased: 0, lost: {}, undead: {}, orphans: {}, fencesLost: 0 }])
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
      expect([await toReplace(), (await openAll(subjectRef))[2]]).toEqual([[], 'erased'])
      w.keys.doubt()
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 0, undead: 0 })
    })
    test('with an old vault too, a key that sealed an erased field opens nothing, and what else it sealed is lost, not erased', async () => {
      const subjectRef = await replacedAfterBackUp('FIELD_ERASED')
      await restoreOver(file('yesterday'))
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 1, refenced: 0 })
      await expect(openAll(subjectRef)).rejects.toBeInstanceOf(KeyMissing)
      await expect(
        w.keys.seal([{ subject: subjectRef, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"a second key"' }]),
      ).rejects.toBeInstanceOf(KeyMissing)
      expect(await reconciled()).toEqual({ erased: 0, lost: { [subjectRef]: 1 }, undead: {}, orphans: {}, fencesLost: 0 })
    })
    test('with today’s vault it is lost: nobody has it any more, and nothing was erased', async () => {
      const subjectRef = await replacedAfterBackUp('COMPROMISED')
      expect(await w.keys.passGate()).toMatchObject({ rewound: true, reinstated: 1, refenced: 0 })
      await expect(openAll(subjectRef)).rejects.toBeInstanceOf(KeyMissing)
      expect(await reconciled()).toMatchObject({ erased: 0, lost: { [subjectRef]: 1 }, fencesLost: 0 })
      expect([...(await w.folds.load(person, subjectRef)).state.keys.closed]).toEqual([])
    })
    test('an erasure that came after it is put back over the key that this log still takes for live', async () => {
      const subjectRef = await refer(w)
      const yesterday = (await w.store.head()) as bigint
      await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.summary' })
      await erase(w, subjectRef)
      await rewindLogTo(yesterday)
      w.folds.forget()
      await restoreOver(file('yesterday'))
      expect(await openAll(subjectRef)).toEqual(gone)
      expect(await reconciled()).toMatchObject({ lost: {}, undead: {}, fencesLost: 0 })
      for await (const _ of rebuild(projections, w));
      expect((await findCase(w.sql, subjectRef))?.values).toEqual({})
    })
    test('a wrong old log that is put right again leaves nothing behind', async () => {
      const subjectRef = await refer(w)
      const yesterday = (await w.store.head()) as bigint
      await w.keys.reserve(await recordedCommand(subjectRef), subjectRef, [{ field: 'phone', value: '07700900996', scope: 'HLT' }])
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
      w.keys.doubt()
      await w.keys.passGate()
      await asAdmin(sql => sql`create table public.kept as select * from event_store.event`)
      await rewindLogTo(yesterday)
      w.folds.forget()
      w.keys.doubt()
      expect((await w.keys.passGate())?.lost).toHaveLength(1)
      await asAdmin(
        sql => sql`insert into event_store.event overriding system value select * from public.kept where position > ${String(yesterday)}`,
      )
      w.folds.forget()
      w.keys.doubt()
      expect(await w.keys.passGate()).toMatchObject({ lost: [] })
      expect(await w.keys.find({ field: 'phone', value: '07700900996' })).toHaveLength(1)
      expect((await reconciled()).lost).toEqual({})
    })
    test('an erasure afterwards is an erasure', async () => {
      const subjectRef = await replacedAfterBackUp('FIELD_ERASED')
      await restoreOver(file('yesterday'))
      await project(w).catch(() => undefined)
      for await (const _ of rebuild(projections, w));
      await erase(w, subjectRef)
      expect(await openAll(subjectRef)).toEqual(gone)
    })
  })
  test('interrupted after its record, it is finished by the worker, and the erased field’s search token goes too', async () => {
    const subjectRef = await refer(w)
    const [old] = (await sealedOf(subjectRef)).slice(2)
    await w.keys.reserve(await recordedCommand(subjectRef), subjectRef, [{ field: 'phone', value: '07700900997', scope: 'CON' }])
    await replaceSubjectKey(
      { ...w, keys: instead(w.keys, { close: () => Promise.reject(new Error('killed here')) }) },
      { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.summary' },
    ).catch(() => undefined)
    expect(await w.keys.probe(subjectRef, [old!])).toBe(1)
    for await (const recorded of w.store.readStream(`person-${subjectRef}`)) {
      const work = retirementBegunBy(w.codec.decode(recorded))
      if (work) await carryOutRetirement(work, { ...w, reindex: ref => reindexPerson(w, ref) })
    }
    expect(await w.keys.probe(subjectRef, [old!])).toBe(0)
    expect(await w.keys.find({ field: 'phone', value: '07700900997' })).toEqual([])
  })
})
