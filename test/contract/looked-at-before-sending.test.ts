import { accept } from '#kernel/result'
import { defaultPack } from '#policy/default-pack'
import { RecipientMatrixPublished } from '#policy/events'
import { type MatrixRowPublished, policy } from '#policy/policy'
import { openDoors } from '../support/doors.js'
import { agreed, dispatched, ledgerOf, shared, sign, toDwp } from '../support/sharing.js'
import { facts } from '../support/world.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeEach(async () => {
  doors = await openDoors()
})
afterEach(() => doors.close())

const toPolice = {
  ...toDwp,
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  categories: ['ID'],
  fields: ['ID.name'],
  confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
  urgency: 'IMMEDIATE',
}
/** From now on, by what a decision of the service would publish. */
const publishMatrix = (change: (row: MatrixRowPublished) => MatrixRowPublished | undefined) =>
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
const send = (to: string, disclosureId: string, body: object = {}) =>
  doors.tell('ips-worker', `${to}/disclosures/${disclosureId}/sending`, body)

describe('[C32] everything that a disclosure rests on is looked at again before it is sent', () => {
  test('what still holds is sent, by a transport or by staff', async () => {
    const to = await agreed(doors)
    const [first, second] = [await shared(doors, to), await shared(doors, to)]
    expect(await dispatched(doors, to, first)).toEqual([first])
    expect(await send(to, second)).toMatchObject({ status: 200, body: { state: 'SENT', reviewItems: [] } })
  })
  test('a consent that was narrowed since stops what it no longer covers, and the ledger says why', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    expect((await sign(doors, to, { categories: ['OUT'] })).status).toBe(201)
    expect(await send(to, disclosureId)).toMatchObject({ status: 422, body: { code: 'CONSENT_SCOPE_EXCEEDED' } })
    expect(await dispatched(doors, to, disclosureId)).toEqual([])
    expect(await ledgerOf(doors, to)).toMatchObject([
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
    const to = await agreed(doors)
    const [first, second] = [await shared(doors, to), await shared(doors, to)]
    await publishMatrix(row => (row.recipient === 'DWP-JCP' ? change(row) : row))
    expect(await dispatched(doors, to, first)).toEqual([])
    expect(await send(to, second)).toMatchObject({ body: { code } })
    expect(await ledgerOf(doors, to)).toMatchObject([first, second].map(() => ({ state: 'CANCELLED', cancelledRules: [code] })))
  })
  test('what went ahead of its paperwork goes: a report to the police is not stopped by it', async () => {
    const to = await agreed(doors)
    await doors.tell('ips-worker', `${to}/details`, { category: 'ID', items: { name: 'Marigold Penhaligon' }, provenance: 'PERSON' })
    const [first, second] = [await shared(doors, to, toPolice), await shared(doors, to, toPolice)]
    await publishMatrix(row => (row.recipient === 'POL-CRIME' ? { ...row, precondition: 'RISK' } : row))
    expect(await dispatched(doors, to, first)).toEqual([first])
    expect(await send(to, second)).toMatchObject({ status: 200 })
  })
})
