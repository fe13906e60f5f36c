import { randomUUID } from 'node:crypto'
import { Policies } from '#commands/policies-in-force'
import { accept } from '#kernel/result'
import { defaultPack } from '#policy/default-pack'
import { RecipientMatrixPublished } from '#policy/events'
import { type MatrixRowPublished, policy } from '#policy/policy'
import { dispatchDisclosure } from '#processes/dispatch'
import { aReferral, aSharingForm, openDoors } from '../support/doors.js'
import { facts } from '../support/world.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeEach(async () => {
  doors = await openDoors()
})
afterEach(() => doors.close())

const toDwp = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
  necessity: 'To plan the next step.',
  method: 'SECURE_EMAIL',
}
const toPolice = {
  ...toDwp,
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  categories: ['ID'],
  fields: ['ID.name'],
  confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
  urgency: 'IMMEDIATE',
}
type Row = (typeof aSharingForm.rows)[number]
const sign = (to: string, change: Partial<Record<keyof Row, unknown>> = {}) =>
  doors.tell('ips-worker', `${to}/consent-forms`, {
    ...aSharingForm,
    completedAt: new Date().toISOString(),
    rows: [{ ...aSharingForm.rows[0], ...change }],
  })
/** Somebody of whom work is held, and who agreed that the Jobcentre hears of it. */
async function agreed() {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  const to = `subjects/${String(body['subjectRef'])}`
  const work = { category: 'EMP', items: { status: 'EMPLOYED' }, provenance: 'PERSON' }
  expect((await doors.tell('ips-worker', `${to}/details`, work)).status).toBe(200)
  expect((await sign(to)).status).toBe(201)
  return to
}
async function shared(to: string, what: object = toDwp) {
  const { status, body } = await doors.tell('ips-worker', `${to}/disclosures`, what)
  expect(status).toBe(201)
  return String(body['disclosureId'])
}
/** What a worker with a transport of its own does: answers what left. */
async function send(to: string, disclosureId: string) {
  const { w } = doors
  const left: string[] = []
  const handOver = ({ disclosureId: id }: { readonly disclosureId: string }) => Promise.resolve(void left.push(id))
  const work = { workId: disclosureId, stream: `person-${to.slice(9)}`, sourceEventId: randomUUID() }
  await dispatchDisclosure(work, { ...w, policies: new Policies(w.folds), transport: { name: 'SPEC', handOver } })
  return left
}
async function listed(to: string) {
  await doors.shown()
  return (await doors.read('auditor', `${to}/disclosures`)).body['items']
}
/** From now on, by what a decision of the DPO would publish. */
const matrixWithout = (change: (row: MatrixRowPublished) => MatrixRowPublished | undefined) =>
  doors.w.commands.execute({
    aggregate: policy,
    id: 'recipients',
    facts: facts(),
    decide: () => {
      const [before] = defaultPack.recipients
      const { rows } = before?.data as { readonly rows: readonly MatrixRowPublished[] }
      const version = { version: 'DEMO-2', effectiveFrom: '2020-01-01T00:00:00.000Z' }
      return accept([RecipientMatrixPublished.of({ ...version, rows: rows.flatMap(row => change(row) ?? []) })])
    },
  })

describe('[C32] everything that a disclosure rests on is looked at again before it is sent', () => {
  test('what still holds is sent', async () => {
    const to = await agreed()
    const disclosureId = await shared(to)
    expect(await send(to, disclosureId)).toEqual([disclosureId])
  })
  test('a consent that was narrowed since stops what it no longer covers, and the ledger says why', async () => {
    const to = await agreed()
    const disclosureId = await shared(to)
    expect((await sign(to, { categories: ['OUT'] })).status).toBe(201)
    expect(await send(to, disclosureId)).toEqual([])
    expect(await listed(to)).toMatchObject([
      { disclosureId, state: 'CANCELLED', cancelledBecause: 'CONSENT_NARROWED', cancelledRules: ['CONSENT_SCOPE_EXCEEDED'] },
    ])
  })
  test.each<readonly [string, string, (row: MatrixRowPublished) => MatrixRowPublished | undefined]>([
    ['a recipient that left the matrix', 'RECIPIENT_NOT_IN_MATRIX', () => undefined],
    ['one that is disputed since', 'RECIPIENT_DISPUTED', row => ({ ...row, disputed: true })],
    ['a field that it may not have any more', 'MINIMUM_NECESSARY_EXCEEDED', row => ({ ...row, fields: ['ID.name'] })],
    ['a category', 'MINIMUM_NECESSARY_EXCEEDED', row => ({ ...row, categories: ['ID'] })],
    ['a purpose', 'PURPOSE_INCOMPATIBLE', row => ({ ...row, purposes: [] })],
    ['a custody that it needs now', 'NO_CUSTODY_TRIGGER', row => ({ ...row, precondition: 'CUSTODY' })],
  ])('%s', async (_, code, change) => {
    const to = await agreed()
    const disclosureId = await shared(to)
    await matrixWithout(row => (row.recipient === 'DWP-JCP' ? change(row) : row))
    expect(await send(to, disclosureId)).toEqual([])
    expect(await listed(to)).toMatchObject([{ state: 'CANCELLED', cancelledRules: [code] }])
  })
  test('what went ahead of its paperwork goes: a report to the police is not stopped by an approver', async () => {
    const to = await agreed()
    const work = { category: 'ID', items: { name: 'Marigold Penhaligon' }, provenance: 'PERSON' }
    await doors.tell('ips-worker', `${to}/details`, work)
    const disclosureId = await shared(to, toPolice)
    await matrixWithout(row => (row.recipient === 'POL-CRIME' ? { ...row, precondition: 'RISK' } : row))
    expect(await send(to, disclosureId)).toEqual([disclosureId])
  })
})
