import { randomUUID } from 'node:crypto'
import { StreamFolds } from '#commands/folds'
import { evolveOne } from '#decider/decider'
import type { DecodedEvent } from '#event-codec/codec'
import { examples } from '#domain/person/examples'
import { fenceErasure } from '#domain/person/erasure/carry-out-erasure'
import { type PersonEvent, person } from '#domain/person/person'
import { staffExamples } from '#domain/staff/examples'
import { staff } from '#domain/staff/staff'
import { EventStoreRewound } from '#event-store/event-store'
import { accept } from '#kernel/result'
import { carryOutErasure } from '#processes/erasure'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { ReadModels } from '#projections/postgres/read-models'
import { evolveCase, noCase } from '#read-models/case-view/case'
import { findCase } from '#read-models/case-view/queries'
import { projections } from '#read-models/all'
import { SubjectErased } from '#subject-keys/subject-keys'
import { registerBearer } from '../../apps/cli/registering.js'
import { client } from '../support/database.js'
import { instead } from '../support/instead.js'
import { approveErasure, approvedErasure, erase, erasureParts, live, refer } from '../support/people.js'
import { facts, project, world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(async () => {
  await w.end()
})

const tables = projections.flatMap(projection => projection.tables)
const dump = () =>
  Promise.all(tables.map(async ({ name, key }) => [name, await w.sql.unsafe(`select * from read_model.${name} order by ${key}`)] as const))
async function rebuild() {
  for (const { name } of tables) await w.sql.unsafe(`delete from read_model.${name}`)
  await w.sql`update read_model.checkpoint set position = 0, event_id = null`
  await project(w)
}

test('every column is declared, and says whether it may hold personal data', async () => {
  for (const { name, columns } of tables) {
    const actual = await w.sql<
      { column_name: string }[]
    >`select column_name from information_schema.columns where table_schema = 'read_model' and table_name = ${name}`
    expect(actual.map(({ column_name }) => column_name).sort()).toEqual(Object.keys(columns).sort())
  }
  const known = await w.sql<{ table_name: string }[]>`select table_name from information_schema.tables where table_schema = 'read_model'`
  expect(known.map(({ table_name }) => table_name).sort()).toEqual(['checkpoint', 'parked', ...tables.map(({ name }) => name)].sort())
})
test('rebuilt is live; two runners at once are one; applied again from the start is applied once', async () => {
  for (let n = 0; n < 3; n++) await live(w, await refer(w))
  for (const role of ['auditor', 'dpo'] as const) await registerBearer(w, 'urn:somebody', 'somebody', role)
  const { AccessGranted: granted } = staffExamples
  await w.commands.execute({ aggregate: staff, id: granted.data.staffRef, facts: facts(), decide: () => accept([granted]) })
  await project(w)
  const before = await dump()
  expect(before.filter(([, rows]) => rows.length === 0).map(([name]) => name)).toEqual([
    'hub_register',
    'hub_denied',
    'breach_register',
    'breach_affected',
  ])
  await rebuild()
  expect(await dump()).toEqual(before)
  await w.sql`update read_model.checkpoint set position = 0, event_id = null`
  await Promise.all([project(w), project(w)])
  expect(await dump()).toEqual(before)
})
test('the case view is the fold that answers asOf', async () => {
  const subjectRef = await refer(w)
  await live(w, subjectRef)
  await project(w)
  let state = noCase
  for await (const recorded of w.store.readStream(`person-${subjectRef}`))
    state = evolveOne(evolveCase, state, w.codec.decode(recorded) as DecodedEvent<PersonEvent>)
  const row = await findCase(w.sql, subjectRef)
  expect({ facts: row?.facts, values: row?.values }).toEqual({
    facts: JSON.parse(JSON.stringify(state.facts)) as unknown,
    values: state.values,
  })
})
test('after an erasure no read model holds a sealed value of it, and rebuilt is still live', async () => {
  const [gone, kept] = [await refer(w), await refer(w)]
  await live(w, gone)
  await erase(w, gone)
  const fence = (await w.folds.load(person, gone)).state.keys.fences
  const kids = [...fence.values()].flatMap(one => one.kids)
  expect(kids.length).toBeGreaterThan(3)
  expect(await w.readModels.sealedValuesOf(gone, kids)).toBe(0)
  expect(Object.keys((await findCase(w.sql, kept))?.values ?? {})).toEqual(['ID.name', 'HLT.summary'])
  const before = await dump()
  await rebuild()
  expect(await dump()).toEqual(before)
})
test('a checkpoint that the log does not bear out stops the projection: it never skips', async () => {
  await project(w)
  await w.sql`update read_model.checkpoint set event_id = ${randomUUID()} where projection = 'case-view'`
  await expect(followLog(w, projecting(w, projections), new AbortController().signal)).rejects.toBeInstanceOf(EventStoreRewound)
  await rebuild()
})
test('whoever remembers a stream that the log no longer holds stops for every stream', async () => {
  const [one, other] = [await refer(w), await refer(w)]
  const folds = new StreamFolds(w.store, w.codec)
  const short = await w.store.lastOf(`person-${one}`)
  await folds.load(person, one)
  const admin = client(w.database.admin, 1)
  await admin`delete from event_store.event where stream = ${`person-${one}`} and revision = ${String(short!.revision)}`
  await admin.end()
  expect(folds.rewound.aborted).toBe(false)
  for (const ref of [one, other, one]) await expect(folds.load(person, ref)).rejects.toBeInstanceOf(EventStoreRewound)
  expect(folds.rewound.reason).toBeInstanceOf(EventStoreRewound)
})
test('an erasure that is interrupted after any step is completed, once', async () => {
  for (const failing of ['close', 'remaining', 'probe'] as const) {
    const subjectRef = await refer(w)
    const work = await approvedErasure(w, subjectRef)
    const broken = instead(w.keys, { [failing]: () => Promise.reject(new Error('killed here')) })
    await project(w)
    for (let n = 0; n < 3; n++) {
      await carryOutErasure(work, { ...erasureParts(w), keys: broken }).catch(() => undefined)
      await project(w)
    }
    await carryOutErasure(work, erasureParts(w)).catch(() => undefined)
    await project(w)
    await carryOutErasure(work, erasureParts(w))
    const types: string[] = []
    for await (const { type } of w.store.readStream(`person-${subjectRef}`)) types.push(type)
    expect(types.filter(type => type === 'ErasureFenced' || type === 'ErasureCompleted')).toEqual(['ErasureFenced', 'ErasureCompleted'])
    expect(types.filter(type => type === 'SubjectKeyDestroyed')).toHaveLength(2)
  }
})
test('from the fence on nothing is sealed there, also while the vault has not closed the scope', async () => {
  const subjectRef = await refer(w)
  const erasureId = await approveErasure(w, subjectRef)
  await w.commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: fenceErasure({ subjectRef, erasureId }, w.clock.now()),
  })
  const late = w.commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: () => accept([{ ...examples.HealthDataRecorded, data: { ...examples.HealthDataRecorded.data, subjectRef } }]),
  })
  await expect(late).rejects.toBeInstanceOf(SubjectErased)
})
test('an erasure that left something behind is not certified', async () => {
  const subjectRef = await refer(w)
  const work = await approvedErasure(w, subjectRef)
  const leaky = instead(w.keys, { probe: () => Promise.resolve(1) })
  await carryOutErasure(work, { ...erasureParts(w), keys: leaky }).catch(() => undefined)
  await project(w)
  await expect(carryOutErasure(work, { ...erasureParts(w), keys: leaky })).rejects.toThrow(/could not be verified/)
  expect((await w.folds.load(person, subjectRef)).state.erasures.certificates).toEqual([])
})
test('however many wait for a read model, the database is asked one question at a time, and none when nobody waits', async () => {
  await project(w)
  let [asked, atOnce, most] = [0, 0, 0]
  const counting = new Proxy(w.sql, {
    apply: (sql, self, words: Parameters<typeof w.sql>) => {
      asked++
      most = Math.max(most, ++atOnce)
      return (Reflect.apply(sql, self, words) as Promise<unknown>).finally(() => atOnce--)
    },
  })
  const models = new ReadModels(counting, projections)
  const next = ((await w.store.head()) as bigint) + 1n
  const waiting = Array.from({ length: 100 }, () => models.hasPassed('case-view', next))
  await refer(w)
  await project(w)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]))
  expect([most, asked < 100]).toEqual([1, true])
  const before = asked
  await refer(w)
  expect(asked).toBe(before)
  expect(await models.hasPassed('case-view', next + 1_000n, 0)).toBe(false)
  expect(await models.hasPassed('case-view', next, 0)).toBe(true)
})
