import { readFileSync, writeFileSync } from 'node:fs'
import { apiDocument } from '../../apps/api/openapi.js'

const file = 'docs/openapi.json'

test('docs/openapi.json is what the API says of itself: npm run openapi writes it', async () => {
  const said = `${JSON.stringify(await apiDocument(), null, 1)}\n`
  if (process.env['CASELEDGER_WRITE_DOCUMENTS'] === '1') writeFileSync(file, said)
  // As JSON first: then a difference is shown where it is.
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(said))
  expect(readFileSync(file, 'utf8') === said).toBe(true)
})

/** They stand in HistoryRead events for ever: an auditor's read is looked for by them. A release adds its new ones. */
const doorsOnRecord = [
  ...['AuditFindings.close', 'AuditFindings.raise', 'AuditLedger.entries', 'AuditLedger.proof', 'AuditSamples.draw', 'AuditSamples.fix'],
  ...['AuditSamples.sheet', 'Audits.get', 'Breaches.list', 'Breaches.one', 'CaseView.get', 'DisclosureLedger.all', 'DisclosureLedger.of'],
  ...['DisclosureReceipt.read', 'ErasureReads.certificate', 'ErasureReads.list', 'KeyRegister.of', 'ReadHistory.read'],
  ...['ReferralQueue.list', 'SearchPeople.search'],
]
test('a door that an auditor uses under an audit keeps the name by which that is on record', async () => {
  type Operations = Record<string, { readonly operationId: string; readonly parameters: readonly { readonly name: string }[] }>
  const { paths } = JSON.parse(JSON.stringify(await apiDocument())) as { readonly paths: Record<string, Operations> }
  const audited = Object.values(paths).flatMap(methods =>
    Object.values(methods).filter(({ parameters }) => parameters.some(({ name }) => name === 'Audit-Id')),
  )
  expect(audited.map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(doorsOnRecord))
})

type Schema = Readonly<Record<string, unknown>> & { readonly type?: string; readonly properties?: Readonly<Record<string, Schema>> }
/** swc tells the generator of an optional string that it is an object. */
test('a property that is an object says of what', async () => {
  const { components } = JSON.parse(JSON.stringify(await apiDocument())) as {
    readonly components: { readonly schemas: Record<string, Schema> }
  }
  const bare = Object.entries(components.schemas).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, { type, ...more }]) => type === 'object' && Object.keys(more).every(key => key === 'description' || key === 'example'))
      .map(([property]) => `${name}.${property}`),
  )
  expect(bare).toEqual([])
})
test('no door is without its tag in words, and every answer names its request', async () => {
  type Operation = { readonly tags: readonly string[]; readonly responses: Readonly<Record<string, { readonly headers?: object }>> }
  const { tags, paths } = JSON.parse(JSON.stringify(await apiDocument())) as {
    readonly tags: readonly { readonly name: string }[]
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  const operations = Object.values(paths).flatMap(methods => Object.values(methods))
  expect([...new Set(operations.flatMap(operation => operation.tags))].sort()).toEqual(tags.map(({ name }) => name).sort())
  for (const { responses } of operations)
    for (const { headers } of Object.values(responses)) expect(headers).toHaveProperty('X-Correlation-Id')
})
