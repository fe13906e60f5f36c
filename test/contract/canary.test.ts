import { randomInt, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { audit } from '#domain/audit/audit'
import { breach } from '#domain/breach/breach'
import { incident } from '#domain/incident/incident'
import { person } from '#domain/person/person'
import { staff } from '#domain/staff/staff'
import { sealedValuesIn } from '#event-codec/walk'
import type { Typed } from '#decider/decider'
import { rotateKeys } from '#key-keeping/rotate-keys'
import type { EventStoreChoice } from '#hosting/settings'
import { communicationNeeds } from '#domain/person/contact/events'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { declaredPlace } from '#subject-keys/envelope'
import { backUpVault } from '#subject-keys/postgres/vault-backup'
import { allExamples } from '../support/all-examples.js'
import { canaryWord, filesHolding, found } from '../support/canary.js'
import { client, testServer } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { erase } from '../support/people.js'
import { facts, project, world } from '../support/world.js'

const server = await eventStoreDbServer()
if ('none' in server) test.skip(`the canaries on EventStoreDB: ${server.none}`, () => undefined)
else afterAll(() => server.stop())
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
/** Written by the machinery itself, in the course of the erasure. */
const byTheMachinery = [
  'SubjectKeyCreated',
  'BreachKeyCreated',
  'AuditKeyCreated',
  'StaffKeyCreated',
  'IncidentKeyCreated',
  'InvolvementKeyCreated',
  'ErasureFenced',
  'SubjectKeyDestroyed',
  'ErasureCompleted',
  'ReferralErased',
  'ProjectionPurgeConfirmed',
]

/** The same data with a word of its own in every personal value; the words that were planted. */
function planted(type: string, data: unknown): { readonly data: unknown; readonly words: readonly string[] } {
  const words: string[] = []
  const word = (was: string) => {
    // Of a closed list: no word of somebody’s own fits there.
    if ((communicationNeeds as readonly string[]).includes(was)) return was
    const one = /^\d{4}-\d\d-\d\d$/.test(was)
      ? `${1_600 + randomInt(200)}-${String(1 + randomInt(12)).padStart(2, '0')}-${String(1 + randomInt(28)).padStart(2, '0')}`
      : /^[A-Z]{3} \d\d:\d\d-\d\d:\d\d$/.test(was)
        ? `SUN 0${randomInt(10)}:${10 + randomInt(50)}-2${randomInt(4)}:${10 + randomInt(50)}`
        : canaryWord(`${type}${words.length}xq${randomUUID().slice(0, 8)}`)
    words.push(one)
    return one
  }
  const deep = (value: unknown): unknown =>
    typeof value === 'string'
      ? word(value)
      : Array.isArray(value)
        ? value.map(deep)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner)]))
          : value
  const walk = (value: unknown): unknown => {
    if (value instanceof Personal)
      return Personal.of(
        deep(
          Personal.look<unknown, unknown>(value, {
            fresh: fresh => fresh,
            sealed: () => {
              throw new Error('an example is sealed')
            },
          }),
        ),
      )
    if (Array.isArray(value)) return value.map(walk)
    return value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]))
      : value
  }
  return { data: walk(data), words }
}

describe.each(stores)('a word in every personal field of every event, then an erasure, on $kind', choice => {
  let w: Awaited<ReturnType<typeof world>>
  const subjectRef = randomUUID() as SubjectRef
  const words: string[] = []
  const written: string[] = []

  beforeAll(async () => {
    w = await world(choice)
    const ids = { incidentId: randomUUID(), breachId: randomUUID(), auditId: randomUUID(), staffRef: randomUUID(), subjectRef }
    const homes = { incidentId: incident, breachId: breach, auditId: audit, staffRef: staff, subjectRef: person }
    for (const [type, example] of Object.entries(allExamples)) {
      if (byTheMachinery.includes(type)) continue
      const plant = planted(type, example.data)
      if (plant.words.length === 0) continue
      const of = (['incidentId', 'breachId', 'auditId', 'staffRef'] as const).find(one => one in example.data) ?? 'subjectRef'
      const event = {
        type,
        data: {
          ...(plant.data as object),
          [of]: ids[of],
          ...('disclosureId' in example.data ? { disclosureId: subjectRef } : {}),
          ...('requestId' in example.data ? { requestId: randomUUID() } : {}),
          ...('erasureId' in example.data ? { erasureId: randomUUID() } : {}),
        },
      }
      const decide = () => accept([event as unknown as Typed])
      const outcome = await w.commands.execute({ aggregate: homes[of] as never, id: ids[of], facts: facts(), decide: decide })
      expect([type, outcome.kind]).toEqual([type, 'accepted'])
      words.push(...plant.words)
      written.push(type)
    }
    await project(w)
  }, 60_000)
  afterAll(async () => {
    await w.end()
  })

  test('every personal field was planted, and opens while it lives', async () => {
    const personal = Object.entries(allExamples).filter(
      ([type, { data }]) => !byTheMachinery.includes(type) && planted(type, data).words.length > 0,
    )
    expect(written).toEqual(personal.map(([type]) => type))
    for (const type of byTheMachinery) expect([type, planted(type, allExamples[type]!.data).words]).toEqual([type, []])
    expect(words.length).toBeGreaterThan(20)
    const opened: string[] = []
    for await (const recorded of w.store.readStream(`person-${subjectRef}`)) {
      for (const sealed of sealedValuesIn(w.codec.decode(recorded).data)) {
        const [value] = await w.keys.open([{ subject: subjectRef, sealed, declared: [declaredPlace(sealed.at)] }])
        opened.push(JSON.stringify(value))
      }
    }
    const ofThePerson = words.filter(word => !/^CanaryWord(Breach|Audit|Staff|HealthOverseer|HubIncident|PersonAddedToIncident)/.test(word))
    expect(ofThePerson.filter(word => !opened.some(value => value.includes(word)))).toEqual([])
  })

  test('none stands in a table, a stream, an error, the database’s files or its WAL; nor after the erasure and a rotation', async () => {
    await backUpVault(w.vault.sql, join(w.folder, 'vault-before.jsonl'), w.clock.now())
    for (const when of ['before', 'after'] as const) {
      if (when === 'after') {
        await erase(w, subjectRef)
        for await (const _ of rotateKeys(w, w.dir));
      }
      expect([when, 'tables', found(await everyTable(), words)]).toEqual([when, 'tables', []])
      expect([when, 'streams', found(await everyEvent(), words)]).toEqual([when, 'streams', []])
      expect([when, 'files', await inFiles(words)]).toEqual([when, 'files', []])
      expect([when, 'errors', found(await everyError(), words)]).toEqual([when, 'errors', []])
    }
  }, 120_000)

  test('the search finds what there is: a clear code is everywhere, and a planted word in a file and a table', async () => {
    const leaked = words.findLast(word => word.startsWith(canaryWord(''))) ?? ''
    writeFileSync(join(w.folder, 'leak.txt'), `xx${Buffer.from(`..${words[0] ?? ''}`).toString('base64')}xx`)
    await w.sql`create table read_model.leak (t text)`
    await w.sql`insert into read_model.leak values (${leaked})`
    expect(found(await everyTable(), words)).toEqual([leaked])
    expect((await inFiles([words[0] ?? '', leaked])).length).toBeGreaterThan(1)
    expect(found(await everyEvent(), ['EMPLOYMENT_SUPPORT'])).toEqual(['EMPLOYMENT_SUPPORT'])
  }, 60_000)

  async function everyTable(): Promise<Buffer> {
    const sql = client(w.database.admin, 1)
    try {
      const tables = await sql<{ s: string; t: string }[]>`
        select table_schema as s, table_name as t from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
      expect(tables.length).toBeGreaterThan(15)
      const texts: string[] = []
      for (const { s, t } of tables)
        for (const { text } of await sql<{ text: string }[]>`select x::text as text from ${sql(s)}.${sql(t)} x`) texts.push(text)
      return Buffer.from(texts.join('\n'))
    } finally {
      await sql.end()
    }
  }
  async function everyEvent(): Promise<Buffer> {
    const texts: string[] = []
    for await (const { position: _, revision: _1, ...event } of w.store.readAll()) texts.push(JSON.stringify(event))
    return Buffer.from(texts.join('\n'))
  }
  async function inFiles(what: readonly string[]): Promise<readonly string[]> {
    const sql = client(testServer(), 1)
    try {
      await sql`checkpoint`
      const [row] = await sql<
        { dir: string; oid: string }[]
      >`select current_setting('data_directory') as dir, (select oid from pg_database where datname = ${w.database.name})::text as oid`
      const folders = [join(row!.dir, 'base', row!.oid), join(row!.dir, 'pg_wal'), w.folder]
      return filesHolding(folders, what)
    } finally {
      await sql.end()
    }
  }
  /** What is thrown when things go wrong with these very values. */
  async function everyError(): Promise<Buffer> {
    const thrown: unknown[] = []
    const personal = Personal.of(words[0] ?? '')
    const attempts: (() => unknown)[] = [
      () => JSON.stringify({ personal }),
      () =>
        w.codec.encode([
          { id: randomUUID(), type: 'HealthDataRecorded', data: { summary: personal, unknown: personal }, metadata: facts() as never },
        ]),
      () => w.store.append('person-x', 'no_stream', [{ id: 'none', type: 'X', data: { words: words[0] ?? '' }, metadata: {} }]),
      () =>
        w.keys.open([
          { subject: subjectRef, sealed: { v: 1, kid: randomUUID(), iv: 'AAAA', ct: 'AAAA', at: 'a|B.v1|c' }, declared: ['B|c'] },
        ]),
      () => w.keys.reserve(randomUUID(), 'no-uuid', [{ field: 'phone', value: words[0] ?? '', scope: 'CON' }]),
      () =>
        w.keys.find({
          field: 'phone',
          value: {
            toString: () => {
              throw new Error('unreadable')
            },
          } as never,
        }),
    ]
    for (const attempt of attempts) {
      try {
        await attempt()
      } catch (error) {
        thrown.push(error)
      }
    }
    expect(thrown.length).toBe(attempts.length)
    return Buffer.from(
      thrown
        .map(
          error =>
            `${inspect(error, { depth: 12, showHidden: true })}${(error as Error).stack ?? ''}`
            + JSON.stringify(error, Object.getOwnPropertyNames(error as object)),
        )
        .join('\n'),
    )
  }
})
