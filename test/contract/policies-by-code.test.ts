import { staffRoles } from '#kernel/actor'
import { refusals } from '#kernel/refusals'
import { defaultPack } from '#policy/default-pack'
import { policyLists } from '#policy/lists'
import { openDoors } from '../support/doors.js'

type Item = Readonly<Record<string, unknown>>
let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

async function listed(name: string): Promise<readonly Item[]> {
  const { status, body } = await doors.read('ips-worker', `policies/${name}`)
  expect([name, status]).toEqual([name, 200])
  return body['items'] as readonly Item[]
}
const codesOf = (items: readonly Item[], code: string) => items.map(item => item[code])

test('every purpose, recipient, field and form that can be named in a request is listed, with its version and since when', async () => {
  const [purposes, recipients, fields, forms, notices] = await Promise.all(
    ['purposes', 'recipients', 'fields', 'consent-forms', 'notices'].map(listed),
  )
  expect(codesOf(purposes!, 'purpose')).toEqual(defaultPack.purposes.map(({ data }) => (data as Item)['purpose']))
  const [matrix] = defaultPack.recipients as readonly { readonly data: { readonly rows: readonly Item[] } }[]
  const since = { version: 'DEMO-2', effectiveFrom: '2020-01-01T00:00:00.000Z' }
  expect(recipients).toEqual(matrix!.data.rows.map(row => ({ ...row, ...since })))
  expect(recipients).toContainEqual(
    expect.objectContaining({ recipient: 'DWP-JCP', approver: 'NONE', precondition: 'NONE', form: 'SHARING' }),
  )
  expect(purposes).toContainEqual({
    ...since,
    purpose: 'CJ_ORDER_REPORTING',
    words: 'Criminal justice order reporting',
    categories: ['ID', 'ENG'],
  })
  expect(fields).toContainEqual({
    ...since,
    field: 'CON.emergencyContact',
    words: 'Contact: emergency contact',
    kind: 'TEXT',
    maxLength: 500,
  })
  expect(codesOf(forms!, 'version')).toEqual(['SCF-1', 'PHE-1', 'NDTMS-IPS-1'])
  expect(codesOf(notices!, 'version')).toEqual(['DEMO-1'])
  expect(await listed('exemptions')).toContainEqual(expect.objectContaining({ exemption: 'SCH2-2', version: 'DEMO-2' }))
})
test('every code of a row of the matrix has its words', async () => {
  const [recipients, codes] = await Promise.all([listed('recipients'), listed('codes')])
  const known = (kind: string) => codes.filter(code => code['kind'] === kind).map(({ code }) => code)
  for (const [column, kind] of [
    ['categories', 'CATEGORY'],
    ['art6', 'ARTICLE_6'],
    ['precondition', 'PRECONDITION'],
    ['approver', 'APPROVER'],
    ['inform', 'INFORM'],
    ['form', 'CONSENT_FORM'],
    ['fieldsNamedBy', 'FIELDS_NAMED_BY'],
  ] as const) {
    expect([column, ...known(kind)]).toEqual(expect.arrayContaining([column, ...new Set(recipients.flatMap(row => row[column]))]))
  }
})
test('every code by which something is refused is listed, with its rule and its remedy', async () => {
  const items = await listed('refusals')
  expect(codesOf(items, 'code')).toEqual(Object.keys(refusals))
  expect(items.filter(({ rule, remedy, status }) => !rule || !remedy || !status)).toEqual([])
})
test('any member of staff may read every list, an auditor without an audit too, and nobody else', async () => {
  for (const { name } of policyLists) {
    const answers = await Promise.all(staffRoles.map(role => doors.read(role, `policies/${name}`)))
    expect([name, ...answers.map(({ status }) => status)]).toEqual([name, ...staffRoles.map(() => 200)])
    expect((await doors.api.inject({ method: 'GET', url: `/v1/policies/${name}` })).statusCode).toBe(401)
  }
})
