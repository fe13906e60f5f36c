import { rmSync } from 'node:fs'
import { inspect } from 'node:util'
import { Policies } from '#commands/policies-in-force'
import { person } from '#domain/person/person'
import { type Backend, openBackend } from '#backend/backend'
import { sealedValuesIn } from '#event-codec/walk'
import type { EventStore, NewEvent } from '#event-store/event-store'
import { provision } from '#hosting/provision'
import { rolePasswords } from '#hosting/role-passwords'
import { dataDir } from '#hosting/data-dir'
import type { EventStoreChoice } from '#hosting/settings'
import type { SubjectRef } from '#kernel/id'
import { parseVerifierKey } from '#merkle/note-key'
import type { Process } from '#processes/process'
import { ProcessFollower } from '#processes/postgres/process-follower'
import { erasureBegunBy } from '#processes/erasure'
import { carryOutRefusal, refusalBegunBy } from '#processes/refused-referral'
import type { Work } from '#processes/work'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { ReadModels } from '#projections/postgres/read-models'
import { compareWithRebuilt } from '#projections/postgres/rebuild'
import { dropForgotten, settled } from '#projections/postgres/settle'
import { projections } from '#read-models/all'
import { declaredFor } from '#domain/person/details/record'
import { findCase } from '#read-models/case-view/queries'
import { asAdmin, testServer } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { checked, publish, sequence, testSigner } from '../support/ledger.js'
import { carriedOut, erase, refer } from '../support/people.js'
import { phoneBook, slowFromTheStart } from '../support/phone-book.js'
import { type Restored, restoreRelease } from './restore.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
/** Each installation has a log of its own. */
const stores = (): readonly EventStoreChoice[] => [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server) test.skip(`an installation of an older release [eventstoredb]: ${server.none}`, () => undefined)
/** The dumps beside this, and who of their people was erased there. */
const releases = [
  { release: 'v0.1.0', gone: ['erased'] },
  { release: '16c077a', gone: ['erased', 'declined'] },
] as const
const installations = releases.flatMap(one => stores().map(choice => ({ ...one, choice, kind: choice.kind })))

// What the release recorded was recorded long ago.
process.env['CASELEDGER_STANDSTILL_DAYS'] = '36500'
const open = ({ name, dir }: Restored, choice: EventStoreChoice) =>
  provision(testServer(), name, rolePasswords(dataDir({}), testServer())).then(urls => openBackend(urls, dir, choice))

/** The same log in another store: whatever says where in the log it stands begins again, and the vault is told where its log is now. */
async function move({ admin }: Restored, from: EventStore, to: EventStore, namespace: string | undefined) {
  for await (const { stream, revision, id, type, data, metadata } of from.readAll()) {
    const event: NewEvent = { id, type, data, metadata }
    await to.append(stream, revision === 0n ? 'no_stream' : revision - 1n, [event])
  }
  await asAdmin(admin, async sql => {
    await sql`update vault.mark set store = 'eventstoredb', namespace = ${namespace ?? null}`
    await sql`delete from vault.gate`
    await sql`update read_model.checkpoint set position = 0, event_id = null`
    await sql`update process.checkpoint set position = 0, event_id = null`
    // The ledger is only added to, says a trigger: this one is of another log.
    await sql`set session_replication_role = replica`
    await sql`truncate ledger.leaf, ledger.edge, ledger.log, ledger.checkpoint, ledger.cosignature, ledger.tile, ledger.time_stamp`
  })
}

describe.each(installations)('an installation of $release, with this build [$kind]', ({ release, gone, choice }) => {
  let w: Restored
  let backend: Backend
  let rowsBefore: Awaited<ReturnType<typeof rowVersions>>
  /** In the order in which they were referred. */
  const people = () => {
    const { breachId: _, auditId: __, ...all } = w.dump.people
    return Object.entries(all)
  }
  /** Which transaction wrote each row of what there is: a read model that was built anew has none of the old ones. */
  const rowVersions = () =>
    asAdmin(w.admin, async sql => {
      const tables = projections.flatMap(projection =>
        projection.tables.map(({ name, key }) => ({ projection: projection.name, name, key })),
      )
      const there = await sql<{ tablename: string }[]>`select tablename from pg_tables where schemaname = 'read_model'`
      return Promise.all(
        tables
          .filter(({ name }) => there.some(({ tablename }) => tablename === name))
          .map(async ({ projection, name, key }) => {
            const rows = await sql`select ${sql(key)} as key, xmin::text from ${sql(`read_model.${name}`)} order by 1`
            return { projection, name, rows: [...rows] }
          }),
      )
    })
  beforeAll(async () => {
    w = await restoreRelease(release)
    rowsBefore = await rowVersions()
    backend = await open(w, { kind: 'postgres' })
    if (choice.kind === 'eventstoredb') {
      const { EventStoreDbEventStore } = await import('#event-store/eventstoredb/eventstoredb-event-store')
      const there = new EventStoreDbEventStore(choice)
      await move(w, backend.store, there, choice.namespace)
      await there.close()
      await backend.close()
      backend = await open(w, choice)
    }
  }, 120_000)
  afterAll(async () => {
    await backend.close()
    rmSync(w.folder, { recursive: true, force: true })
  })

  test('every event decodes; a word of somebody’s own that stood for a code is not shown', async () => {
    let events = 0
    for await (const recorded of backend.store.readAll()) {
      const { type, data } = backend.codec.decode(recorded)
      expect(type).toBe(recorded.type)
      expect(inspect(data, { depth: 9 })).not.toMatch(/quincewort/i)
      events++
    }
    expect(events).toBeGreaterThan(80)
  })
  test('work that a process had is about the stream of its person', async () => {
    const { shared, erased } = w.dump.people
    const rows = await backend.sql`select process, stream from process.work order by process`
    expect(rows).toEqual(
      expect.arrayContaining([
        { process: 'dispatch', stream: `person-${shared}` },
        { process: 'erasure', stream: `person-${erased}` },
      ]),
    )
    const known = people().map(([, ref]) => `person-${ref}`)
    expect(rows.filter(({ stream }) => !known.includes(String(stream)))).toEqual([])
  })
  test('until its worker has started, nothing is read of a read model; then it is taken over, and a new one appears beside', async () => {
    const all = [...projections, phoneBook()]
    const models = new ReadModels(backend.sql, all)
    await expect(models.assertLive('case-view')).rejects.toThrow(/Start the worker of this release/)
    // What this release declares as that one did is taken over; the others are built anew, as the new one is.
    const taken = (await Promise.all(projections.map(async one => ((await settled(backend.sql, one)) ? [one.name] : [])))).flat()
    expect(taken).toEqual(expect.arrayContaining(['key-register']))
    const { store, letGo } = slowFromTheStart(backend.store, 5)
    const stop = new AbortController()
    const process: Process = { name: 'erasure', begunBy: erasureBegunBy, carryOut: () => Promise.resolve() }
    const parts = { ...backend, store: choice.kind === 'postgres' ? store : backend.store }
    const followers = [...projecting(parts, all), new ProcessFollower(parts.sql, parts.store, process, () => undefined)]
    const running = followLog(parts, followers, stop.signal, { first: () => dropForgotten(backend.sql, all) })
    const subjectRef = await refer(backend)
    const head = (await backend.store.head()) as bigint
    for (const name of taken) expect(await models.hasPassed(name, head)).toBe(true)
    if (choice.kind === 'postgres') await expect(models.assertLive('phone-book')).rejects.toThrow(/is being built/)
    letGo()
    for (const { name } of all) expect(await models.hasPassed(name, head)).toBe(true)
    stop.abort()
    await running
    const known = people().map(([name, ref]) => ({ subject_ref: ref, erased: gone.some(one => one === name) }))
    expect(
      (await backend.sql`select subject_ref, name is null as erased from read_model.phone_book order by position`).map(row => ({ ...row })),
    ).toEqual([...known, { subject_ref: subjectRef, erased: false }])
    if (choice.kind === 'postgres') {
      // Nothing was rebuilt for nothing: what the release wrote is there, row by row.
      const rowsNow = new Map((await rowVersions()).map(({ name, rows }) => [name, rows]))
      for (const { projection, name, rows } of rowsBefore)
        if (taken.includes(projection)) expect(rowsNow.get(name)).toEqual(expect.arrayContaining([...rows]))
    }
  })
  test('every read model is what the log says', async () => {
    const found = []
    for await (const one of compareWithRebuilt([...projections, phoneBook()], backend)) if ('live' in one) found.push(one)
    expect(found.map(({ projection, live }) => [projection, live])).toEqual(found.map(({ projection, rebuilt }) => [projection, rebuilt]))
    // Nobody was accepted, called, heard from, given a grant, or objected to storage in what these releases left, nothing stood, and there
    // was no Hub.
    const person = ['duplicates', 'caseload', 'contact-log', 'inbox', 'grant-register', 'break-glass', 'mis-objections', 'risk-register']
    const empty = [...person, 'hub-register', 'hub-denied-reads']
    expect(found.filter(({ rows }) => rows === 0).map(({ projection }) => projection)).toEqual(empty)
  })
  test('its keys open what is kept, and nothing that was erased', async () => {
    const { shared, erased } = w.dump.people
    const name = (await findCase(backend.sql, shared))?.values['ID.name']
    if (!name) throw new Error('there is no name')
    expect(await backend.keys.open([{ subject: shared, sealed: name, declared: declaredFor('ID.name') }])).toEqual([
      { known: 'Ottoline Shared' },
    ])
    const gone = []
    for await (const recorded of backend.store.readStream(`person-${erased}`))
      gone.push(...sealedValuesIn(backend.codec.decode(recorded).data))
    const kids = [...(await backend.folds.load(person, erased)).state.keys.fences.values()].flatMap(
      fence => fence.kids,
    ) as readonly string[]
    const dead = gone.filter(({ kid }) => kids.includes(kid))
    expect(dead.length).toBeGreaterThan(3)
    expect(await backend.keys.probe(erased, dead)).toBe(0)
    expect(await backend.readModels.sealedValuesOf(erased, kids)).toBe(0)
    expect((await backend.folds.load(person, erased)).state.erasures.certificates).toHaveLength(1)
  })
  test('its audit ledger verifies, and goes on', async () => {
    const signer = await testSigner()
    const key = choice.kind === 'postgres' ? parseVerifierKey(w.dump.vkey) : signer.key
    if (choice.kind === 'eventstoredb') {
      await sequence(backend, signer)
      await publish(backend, signer)
    } else await sequence(backend, { origin: key.name })
    const report = await checked(backend, { key }, true)
    expect([report.verdict, report.findings]).toEqual(['VERIFIED', []])
    expect((await backend.ledger.standing())?.size).toBeGreaterThan(80)
    await signer.stop()
  })
  test('somebody can be erased as ever', async () => {
    // As the worker of a release does that no longer has it.
    await dropForgotten(backend.sql, projections)
    const fresh = w.dump.people.fresh as SubjectRef
    await erase(backend, fresh)
    expect((await backend.folds.load(person, fresh)).state.erasures.certificates).toHaveLength(1)
    expect((await findCase(backend.sql, fresh))?.values).toEqual({})
  })
  test('[C11] a referral that STARS had refused is kept no longer', async () => {
    const { turnedAway } = w.dump.people
    const begun: Work[] = []
    for await (const recorded of backend.store.readAll()) {
      const work = refusalBegunBy(backend.codec.decode(recorded))
      if (work) begun.push(work)
    }
    expect(begun.map(({ stream }) => stream)).toEqual(turnedAway === undefined ? [] : [`person-${turnedAway}`])
    const parts = { ...backend, policies: new Policies(backend.folds) }
    for (const work of begun) {
      await carryOutRefusal(work, parts)
      await carryOutRefusal(work, parts)
      const erasures = [...(await backend.folds.load(person, turnedAway as SubjectRef)).state.keys.fences.keys()]
      expect(erasures).toHaveLength(1)
      await carriedOut(backend, { ...work, workId: String(erasures[0]) })
      const { certificates } = (await backend.folds.load(person, turnedAway as SubjectRef)).state.erasures
      expect(certificates).toMatchObject([{ issued: { rule: 'C11' } }])
    }
  })
})
