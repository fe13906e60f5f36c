import { randomUUID } from 'node:crypto'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let subjectRef: string
beforeAll(async () => {
  doors = await openDoors()
  subjectRef = String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
})
afterAll(() => doors.close())

type Wrong = { readonly field?: string; readonly rule: string }
const form = {
  formVersion: 'SCF-1',
  completedAt: '2026-11-20T10:00:00Z',
  method: 'WET_SIGNATURE',
  rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
}
const consentForm = () => `subjects/${subjectRef}/consent-forms`
const details = () => `subjects/${subjectRef}/details`
const decision = () => `subjects/${subjectRef}/erasure-requests/${randomUUID()}/decision`
const many = (length: number) => Array.from({ length }, (_, n) => n)
const unknownFields = (length: number) => Object.fromEntries(many(length).map(n => [n.toString(36), 0]))
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) })

async function refusalOf(role: Parameters<typeof doors.tell>[0], url: string, body: object) {
  const { status, body: answer } = await doors.tell(role, url, body)
  const size = JSON.stringify(answer).length
  return { status, code: answer['code'], errors: (answer['errors'] ?? []) as readonly Wrong[], small: size < 4_000 }
}
const refused = (...errors: readonly Wrong[]) => ({ status: 400, code: 'INVALID_REQUEST', errors, small: true })

describe('more than a request can need is refused before it is looked into, in a few words', () => {
  test.each<readonly [string, () => object, readonly Wrong[]]>([
    ['75,000 unknown fields', () => unknownFields(75_000), [{ rule: 'an object must have at most 200 fields' }]],
    [
      '75,000 of them deeper in',
      () => ({ ...aReferral, person: unknownFields(75_000) }),
      [{ rule: 'an object must have at most 200 fields' }],
    ],
    ['200 unknown fields', () => unknownFields(200), [{ rule: 'has a field that the API does not know' }]],
    [
      '150 unknown fields in each of 100 objects',
      () => ({ ...aReferral, more: many(100).map(() => unknownFields(150)) }),
      [{ rule: 'has a field that the API does not know' }],
    ],
    [
      '201 fields in each of many objects',
      () => ({ ...aReferral, more: many(100).map(() => unknownFields(201)) }),
      [{ rule: 'an object must have at most 200 fields' }],
    ],
    [
      '400,000 items',
      () => ({ ...aReferral, more: many(400_000).map(() => 1) }),
      [{ rule: 'there must be at most 20000 fields and list items in all' }],
    ],
    [
      'lists in lists without end',
      () => ({ ...aReferral, more: many(20_000).map(() => []) }),
      [{ rule: 'there must be at most 20000 fields and list items in all' }],
    ],
    ['17 levels', () => nested(17), [{ rule: 'nesting must be at most 16 levels deep' }]],
  ])('%s', async (_, body, errors) => {
    expect(await refusalOf('back-office', 'referrals', body())).toEqual(refused(...errors))
  })
  test('a list that is longer than its field takes is not walked: none of its items is said to be wrong', async () => {
    const rows = many(5_000).map(() => ({ recipient: 5 }))
    expect(await refusalOf('ips-worker', consentForm(), { ...form, rows })).toEqual(
      refused({ field: 'rows', rule: 'must hold at most 50 items' }),
    )
    const affected = many(10_001).map(() => randomUUID())
    const breach = { kind: 'LOSS', discoveredAt: '2026-11-20T10:00:00Z', summary: 'A letter went astray', categories: ['ID'], affected }
    expect((await refusalOf('breach-responder', 'breaches', breach)).errors).toContainEqual({
      field: 'affected',
      rule: 'must hold at most 10000 items',
    })
  })
  test('however much is wrong, twenty problems are listed', async () => {
    const rows = many(50).map(() => ({ recipient: 5, purpose: 5, categories: 5, decision: 5 }))
    const { status, errors, small } = await refusalOf('ips-worker', consentForm(), { ...form, rows })
    expect([status, errors.length, small]).toEqual([400, 20, true])
    const values = many(50).map(() => ({ recipient: '', purpose: '', categories: [], decision: '' }))
    expect((await refusalOf('ips-worker', consentForm(), { ...form, rows: values })).errors).toHaveLength(20)
  })
  test('a query of hundreds of unknown parameters is one problem', async () => {
    const query = new URLSearchParams(
      many(700)
        .map(n => `k${n}=${n}`)
        .join('&'),
    )
    const list = await doors.read('back-office', `referrals?${query.toString()}`)
    expect([list.status, list.body['errors']]).toEqual([400, [{ rule: 'has a field that the API does not know' }]])
  })
})

describe('a list where an object belongs, and an object where a list does, is 400 with the place', () => {
  const object = (field: string): Wrong => ({ field, rule: 'must be an object' })
  const list = (field: string): Wrong => ({ field, rule: 'must be a list' })
  test.each<readonly [string, () => object, Wrong]>([
    ['rows: [[…]]', () => ({ ...form, rows: [form.rows] }), object('rows.0')],
    ['rows: [{…}, [{…}]]', () => ({ ...form, rows: [form.rows[0], form.rows] }), object('rows.1')],
    ['rows: [[[]]]', () => ({ ...form, rows: [[[]]] }), object('rows.0')],
    ['rows: [null]', () => ({ ...form, rows: [null] }), object('rows.0')],
    ['rows: ["…"]', () => ({ ...form, rows: ['a row'] }), object('rows.0')],
    ['rows: {…}', () => ({ ...form, rows: form.rows[0] }), list('rows')],
    ['rows: {"0": {…}, length: 1}', () => ({ ...form, rows: { 0: form.rows[0], length: 1 } }), list('rows')],
    ['contactPreferences: [[…]]', () => ({ ...form, contactPreferences: [[{ channel: 'PHONE' }]] }), object('contactPreferences.0')],
    ['contactPreferences: ["…"]', () => ({ ...form, contactPreferences: ['by telephone'] }), object('contactPreferences.0')],
    ['contactPreferences: {…}', () => ({ ...form, contactPreferences: { channel: 'PHONE' } }), list('contactPreferences')],
    ['contactPreferences: null', () => ({ ...form, contactPreferences: null }), list('contactPreferences')],
  ])('a consent form with %s', async (_, body, wrong) => {
    expect(await refusalOf('ips-worker', consentForm(), body())).toEqual(refused(wrong))
  })
  test('a consent form with categories: [[…]]', async () => {
    const rows = [{ ...form.rows[0], categories: [['EMP']] }]
    const { status, errors } = await refusalOf('ips-worker', consentForm(), { ...form, rows })
    expect([status, errors[0]?.field]).toEqual([400, 'rows.0.categories'])
  })
  test.each<readonly [string, unknown, Wrong]>([
    ['perScope: [[…]]', [[{ scope: 'EMP', decision: 'ERASED' }]], object('perScope.0')],
    ['perScope: ["EMP"]', ['EMP'], object('perScope.0')],
    ['perScope: {…}', { scope: 'EMP', decision: 'ERASED' }, list('perScope')],
  ])('an erasure decision with %s', async (_, perScope, wrong) => {
    expect(await refusalOf('dpo', decision(), { decision: 'PARTLY', reasons: 'It is evidence', perScope })).toEqual(refused(wrong))
  })
  test.each<readonly [string, () => string, object, Wrong]>([
    ['person: [{…}]', () => 'referrals', { ...aReferral, person: [aReferral.person] }, object('person')],
    ['person: "…"', () => 'referrals', { ...aReferral, person: 'a name' }, object('person')],
    ['items: [{…}]', details, { category: 'EMP', provenance: 'PERSON', items: [{ status: 'UNEMPLOYED' }] }, object('items')],
    ['items: [[]]', details, { category: 'EMP', provenance: 'PERSON', items: [[]] }, object('items')],
  ])('%s', async (_, url, body, wrong) => {
    expect(await refusalOf('back-office', url(), body)).toEqual(refused(wrong))
  })
  test.each([[[]], [[[]]], [{}], [{ a: [[]] }], [null], [1e308]])(
    'a value of a field that is %j is 400 or 422 with the field, and kept by nobody',
    async value => {
      const { status, errors } = await refusalOf('back-office', details(), {
        category: 'EMP',
        provenance: 'PERSON',
        items: { status: value },
      })
      expect([[400, 422].includes(status), errors]).toEqual([true, expect.anything()])
    },
  )
  test('contact preferences that are objects are taken', async () => {
    const { status } = await doors.tell('ips-worker', consentForm(), { ...form, contactPreferences: [{ channel: 'PHONE' }] })
    expect(status).toBe(201)
  })
})
