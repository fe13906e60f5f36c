import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { CqrsModule } from '@nestjs/cqrs'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { ConsentGranted } from '#domain/person/consent/events'
import { person } from '#domain/person/person'
import { concernsOf } from '#event-kit/concern'
import type { StaffRef } from '#kernel/id'
import type { PolicyFacts } from '#policy/policy'
import { nothing, rowProjection, type Table } from '#projections/projection'
import type { Question, RowsOf } from '#projections/question'
import { type RowOf, clear, declareTable, maybe } from '#projections/table'
import { OneOf } from './fields.js'
import { Lists, OpenRecords, type Source, before, equals, listOf } from './list-of.js'
import { Names, whenNamed } from './names-in-lists.js'
import { ProblemFilter, refusedAs } from './problems.js'
import type { AuthenticatedRequest } from './request.js'
import { bodyValidation } from './validation.js'

const columns = {
  consent_id: clear('uuid'),
  subject_ref: clear('uuid', { hidden: true }),
  state: clear('text', { oneOf: ['GIVEN', 'REFUSED'] }),
  ended_at: maybe('timestamptz(3)', { description: 'When it ended.' }),
  position: clear('bigint', { hidden: true }),
}
const table = declareTable({
  name: 'consent_list',
  item: 'ConsentItem',
  names: 'ID.name',
  key: 'consent_id',
  subject: 'subject_ref',
  columns,
})
const on = { ConsentGranted: nothing }
/** A concern as it may be: the real one grows. */
const { consent } = concernsOf('person', { consent: [ConsentGranted] })
const projection = rowProjection({ name: 'consent-list', concerns: [consent], tables: [table], on })
const list = {
  operation: 'Consents.list',
  tag: 'consent',
  path: 'consents',
  summary: 'The consents',
  capability: 'READ_LEDGER',
  projection,
  table,
} as const

const [known, stranger, closed] = [1, 2, 3].map(n => `00000000-0000-4000-8000-00000000000${n}`) as [string, string, string]
const asOf = { position: '5', at: '2026-11-29T09:00:00.000Z' }
/** Rows in memory, and what was asked of them. */
class ListsInMemory extends Lists {
  readonly asked: (Question<Table> & { readonly shows: string | undefined; readonly of?: string })[] = []
  rows<T extends Table>(source: Source<T>, question: Question<T>, shows: string | undefined) {
    this.asked.push({ ...question, shows })
    const all = [1, 2, 3, 4, 5].map(n => ({ consent_id: `c-${n}`, subject_ref: known, state: 'GIVEN', ended_at: null, position: `${n}` }))
    const after = all.filter(({ position }) => BigInt(position) > (question.after ?? 0n))
    const rows = (source.projection === projection ? after.slice(0, question.limit) : []) as unknown as readonly RowOf<T>[]
    return Promise.resolve({ rows, asOf })
  }
  together() {
    return Promise.reject(new Error('No list asks several questions'))
  }
  policiesInForce() {
    return Promise.resolve({ noticeVersion: 'N-1' } as PolicyFacts)
  }
  rowsOf<T extends Table>({ id }: { readonly id: string }, source: Source<T>, question: Question<T>, shows: string | undefined) {
    return id === known ? this.rows(source, question, shows) : Promise.reject(refusedAs('NOT_FOUND'))
  }
}

const openRows: RowsOf<Table> = { table, column: 'subject_ref', where: [] }
const open = { column: 'subject_ref', is: 'in', rows: openRows }
/** The stranger's record is closed. */
class RecordsInMemory extends OpenRecords {
  readonly asked: unknown[] = []
  openTo(...[{ actor }, capability, after]: Parameters<OpenRecords['openTo']>) {
    this.asked.push([actor.role, capability, after])
    return Promise.resolve(openRows)
  }
  assertOpen(...[, , subjectRef]: Parameters<OpenRecords['assertOpen']>) {
    return subjectRef === closed ? Promise.reject(refusedAs('CONFLICT_OF_INTEREST')) : Promise.resolve()
  }
}

/** Nobody but the known is named. */
class NamesInMemory extends Names {
  readonly asked: unknown[] = []
  of(...[{ actor }, purpose, field, subjectRefs]: Parameters<Names['of']>) {
    this.asked.push([actor.role, purpose, field, subjectRefs])
    return Promise.resolve(new Map([[known, 'Perpetua Vantongeren']]))
  }
}

const names = new NamesInMemory()
const lists = new ListsInMemory()
const records = new RecordsInMemory()
let app: NestFastifyApplication
beforeAll(async () => {
  const filters = {
    state: equals('state', OneOf(columns.state.oneOf, { optional: true })),
    until: before('ended_at', OneOf(['2027'], { optional: true })),
  }
  const doors = [
    listOf({ ...list, filters }),
    listOf({
      ...list,
      operation: 'Consents.mine',
      path: 'consents/mine',
      opens: 'RECORD_BASICS',
      forReader: ({ role }, { noticeVersion }) => [[{ column: 'state', is: 'among', values: [role, noticeVersion] }]],
    }),
    listOf({ ...list, operation: 'Consents.of', path: 'subjects/:subjectRef/consents', of: person, whole: true }),
  ]
  class Doors {}
  Module({
    imports: [CqrsModule.forRoot()],
    controllers: doors.flatMap(({ controllers }) => [...controllers]),
    providers: [
      ...doors.flatMap(({ providers }) => [...providers]),
      { provide: Lists, useValue: lists },
      { provide: OpenRecords, useValue: records },
      { provide: Names, useValue: names },
    ],
  })(Doors)
  app = await NestFactory.create<NestFastifyApplication>(Doors, new FastifyAdapter(), { logger: false })
  app.useGlobalPipes(bodyValidation())
  app.useGlobalFilters(new ProblemFilter({ error: () => undefined }, { failed: () => undefined }))
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _, done) => {
      ;(request as unknown as AuthenticatedRequest).actor = { id: stranger as StaffRef, role: 'dpo' }
      done()
    })
  await app.init()
})
afterAll(() => app.close())
const ask = async (path: string) => {
  const { statusCode, body } = await app.inject({ url: path })
  return { status: statusCode, ...(JSON.parse(body) as { items?: { consentId: string }[]; next?: string; code?: string; field?: string }) }
}
const asked = () => lists.asked.at(-1)

test('a list is answered in pages, each of which says where the next one begins', async () => {
  const first = await ask('/consents?limit=2')
  expect(first).toEqual({
    status: 200,
    items: [
      { consentId: 'c-1', state: 'GIVEN' },
      { consentId: 'c-2', state: 'GIVEN' },
    ],
    next: '2',
    asOf,
  })
  const last = await ask('/consents?limit=3&cursor=2')
  expect([last.items?.map(({ consentId }) => consentId), last.next]).toEqual([['c-3', 'c-4', 'c-5'], undefined])
})
test('its parameters ask of the columns that they name, and it waits for what is to be seen', async () => {
  await ask('/consents?state=REFUSED&until=2027&after=17')
  expect(asked()).toEqual({
    where: [{ column: 'state', is: '=', value: 'REFUSED' }, { column: 'ended_at', is: '<', value: '2027' }, open],
    after: undefined,
    limit: 51,
    shows: '17',
  })
})
test('a list can be what is for its reader, by their role and the policies in force', async () => {
  await ask('/consents/mine?limit=2')
  expect(asked()).toMatchObject({ where: [open], oneOf: [[{ column: 'state', is: 'among', values: ['dpo', 'N-1'] }]] })
  await ask('/consents')
  expect(asked()).not.toHaveProperty('oneOf')
})
test('[C37] [C38] a list that says whom its rows are about asks whose records are open to its reader, and by which row', async () => {
  await ask('/consents?after=17')
  expect(records.asked.at(-1)).toEqual(['dpo', 'READ_LEDGER', '17'])
  await ask('/consents/mine')
  expect(records.asked.at(-1)).toEqual(['dpo', 'RECORD_BASICS', undefined])
  expect(await ask(`/subjects/${closed}/consents`)).toMatchObject({ status: 403, code: 'CONFLICT_OF_INTEREST' })
})
test('[C37] whoever says for what they have to know is told who the people are, each asked for once', async () => {
  const { items } = await ask('/consents?limit=2&purpose=SERVICE_PROVISION')
  expect(items).toMatchObject([{ name: 'Perpetua Vantongeren' }, { name: 'Perpetua Vantongeren' }])
  expect(names.asked).toEqual([['dpo', 'SERVICE_PROVISION', 'ID.name', [known]]])
  await ask('/consents')
  expect(names.asked).toHaveLength(1)
})
test('a parameter that is wrong, or that it does not have, is refused', async () => {
  expect(await ask('/consents?state=PERHAPS')).toMatchObject({ status: 400, code: 'INVALID_REQUEST', field: 'state' })
  expect(await ask('/consents?colour=red')).toMatchObject({ status: 400, code: 'INVALID_REQUEST' })
  expect(await ask(`/subjects/${known}/consents?limit=2`)).toMatchObject({ status: 400 })
})
test('a list of one person is of them alone, and of somebody who is known', async () => {
  expect((await ask(`/subjects/${known}/consents`)).items).toHaveLength(5)
  expect(asked()).toEqual({ where: [{ column: 'subject_ref', is: '=', value: known }], after: undefined, shows: undefined })
  expect(await ask(`/subjects/${stranger}/consents`)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect(await ask('/subjects/somebody/consents')).toMatchObject({ status: 400, field: 'subjectRef' })
})
test('the document describes it as the table does', () => {
  const { components, paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    operationIdFactory: (door, method) => `${door}.${method}`,
  })
  expect(components?.schemas?.['ConsentItem']).toEqual({
    type: 'object',
    properties: {
      name: {
        description: whenNamed,
        oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/MaskedValue' }, { $ref: '#/components/schemas/ErasedValue' }],
      },
      consentId: { type: 'string' },
      state: { type: 'string', enum: ['GIVEN', 'REFUSED'] },
      endedAt: { type: 'string', description: 'When it ended.' },
    },
    required: ['consentId', 'state'],
  })
  expect(components?.schemas?.['ConsentPage']).toMatchObject({ required: ['items', 'asOf'] })
  expect(paths['/consents']?.get).toMatchObject({
    operationId: 'ConsentsController.list',
    tags: ['consent'],
    'x-capability': ['READ_LEDGER'],
  })
  expect(paths['/subjects/{subjectRef}/consents']?.get?.responses['404']).toBeDefined()
})
test('a declaration that contradicts itself keeps the process from starting', () => {
  const other = declareTable({ name: 'other', item: 'OtherItem', key: 'consent_id', subject: undefined, columns })
  expect(() => listOf({ ...list, table: other })).toThrow('consent-list does not write')
  expect(() => listOf({ ...list, path: 'subjects/:subjectRef/consents' })).toThrow('names a stream where the list is of one')
  const subjectless = rowProjection({ name: 'other', concerns: [consent], tables: [other], on })
  expect(() => listOf({ ...list, path: 'subjects/:subjectRef/others', of: person, projection: subjectless, table: other })).toThrow(
    'do not say of which',
  )
  const lost = declareTable({
    name: 'lost',
    item: 'LostItem',
    key: 'consent_id',
    subject: undefined,
    columns: { ...columns, law: clear('text', { in: 'basis' }) },
  })
  const losing = rowProjection({ name: 'lost', concerns: [consent], tables: [lost], on })
  expect(() => listOf({ ...list, projection: losing, table: lost })).toThrow('lost.law stands in basis')
})
