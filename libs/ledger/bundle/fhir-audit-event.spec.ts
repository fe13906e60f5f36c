import type { AuditEvent } from 'fhir/r4.js'
import { FhirAuditEvents } from './fhir-audit-event.js'
import { header } from '#verifier/spec'

const metadata = '{"actor":{"id":"W-1","role":"ips-worker"},"purpose":"SERVICE_PROVISION"}'
/** What is said of these events, in this order. */
function told(...events: readonly (readonly [type: string, data: object])[]) {
  const all = new FhirAuditEvents()
  return events.map(([type, data]) => all.of({ index: 17, header: { ...header, type }, data: JSON.stringify(data), metadata }))
}
const toldOf = (...events: readonly (readonly [type: string, data: object])[]) =>
  told(...events).map(line => JSON.parse(line ?? '') as AuditEvent)
const shared = ['DataShared', { disclosureId: 'D-1', subjectRef: 'S-1', recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }] as const
const agents = ({ agent }: AuditEvent) => agent.map(({ type, who }) => [type?.coding?.[0]?.code, who?.identifier?.value])

/** A bundle that is exported twice is the same: so is the order of what its lines say. */
test('a disclosure that went out is an export from a member of staff to a recipient, for its own purpose, about a subject', () => {
  const [, out] = told(shared, ['DisclosureDispatched', { disclosureId: 'D-1', subjectRef: 'S-1', sentAt: '2026-11-01T09:00:00.000Z' }])
  expect(out).toBe(
    [
      '{"resourceType":"AuditEvent","id":"00000000-0000-4000-8000-000000000010",',
      '"type":{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110106","display":"Export"},',
      '"subtype":[{"system":"http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle","code":"disclose",',
      '"display":"Disclose Record Lifecycle Event"}],"action":"R","recorded":"2026-11-01T09:00:00.000Z","outcome":"0",',
      '"purposeOfEvent":[{"coding":[{"system":"urn:caseledger:purpose","code":"EMPLOYMENT_SUPPORT"}]}],',
      '"agent":[{"type":{"coding":[{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110153","display":"Source Role ID"}]},',
      '"who":{"identifier":{"system":"urn:caseledger:staff","value":"W-1"}},',
      '"role":[{"coding":[{"system":"urn:caseledger:role","code":"ips-worker"}]}],"requestor":true},',
      '{"type":{"coding":[{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"110152","display":"Destination Role ID"}]},',
      '"who":{"identifier":{"system":"urn:caseledger:recipient","value":"DWP-JCP"}},"requestor":false}],',
      '"source":{"site":"ledger.example/1","observer":{"identifier":{"system":"urn:caseledger:log","value":"ledger.example/1"}},',
      '"type":[{"system":"http://terminology.hl7.org/CodeSystem/security-source-type","code":"4","display":"Application Server"}]},',
      '"entity":[{"what":{"identifier":{"system":"urn:caseledger:subject","value":"S-1"}},',
      '"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"1","display":"Person"},',
      '"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"1","display":"Patient"}},',
      '{"what":{"identifier":{"system":"urn:caseledger:disclosure","value":"D-1"}},',
      '"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2","display":"System Object"},',
      '"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"20","display":"Job"}},',
      '{"what":{"identifier":{"system":"urn:caseledger:event","value":"00000000-0000-4000-8000-000000000010"}},',
      '"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2","display":"System Object"},',
      '"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"3","display":"Report"},',
      '"detail":[{"type":"ledgerindex","valueString":"17"}]}]}',
    ].join(''),
  )
})
test('what was recorded and not sent yet is no export, and has no outcome', () => {
  const [recorded] = toldOf(shared)
  expect([recorded?.type.code, recorded?.outcome]).toEqual(['110110', undefined])
})
test('a disclosure that was cancelled is an export that failed, with its reason; one that could not be sent yet failed for now', () => {
  const ends = toldOf(
    shared,
    ['DisclosureDispatchFailed', { disclosureId: 'D-1' }],
    ['PendingDisclosureCancelled', { disclosureId: 'D-1', reason: 'CONSENT_WITHDRAWN' }],
  ).slice(1)
  expect(ends.map(({ type, outcome, outcomeDesc }) => [type.code, outcome, outcomeDesc])).toEqual([
    ['110106', '4', 'not sent yet'],
    ['110106', '8', 'never sent: CONSENT_WITHDRAWN'],
  ])
  expect(ends.map(agents)).toEqual(
    Array.from({ length: 2 }, () => [
      ['110153', 'W-1'],
      ['110152', 'DWP-JCP'],
    ]),
  )
})
test('what was cancelled, and turns out to have been sent, is an export at the time at which it went', () => {
  const [, , found] = toldOf(
    shared,
    ['PendingDisclosureCancelled', { disclosureId: 'D-1', reason: 'CONSENT_WITHDRAWN' }],
    ['DisclosureFoundSent', { disclosureId: 'D-1', sentAt: '2026-11-01T08:00:00.000Z' }],
  )
  expect(found).toMatchObject({ type: { code: '110106' }, outcome: '0', recorded: '2026-11-01T08:00:00.000Z' })
  expect(agents(found!)).toEqual([
    ['110153', 'W-1'],
    ['110152', 'DWP-JCP'],
  ])
})
test('one whose record is not in the bundle has nobody whom it went to', () => {
  expect(toldOf(['DisclosureDispatched', { disclosureId: 'D-1' }]).map(agents)).toEqual([[['110153', 'W-1']]])
})
test('a reading and a search have a reader; a refusal names its command and its rule', () => {
  const events = toldOf(
    ['RecordAccessed', { subjectRef: 'S-1' }],
    ['SearchMade', {}],
    ['CommandRefused', { command: 'Access', code: 'NO_NEED_TO_KNOW' }],
  )
  expect(events.map(({ type, outcome, outcomeDesc }) => [type.code, outcome, outcomeDesc])).toEqual([
    ['110110', '0', undefined],
    ['110112', '0', undefined],
    ['110113', '8', 'Access: NO_NEED_TO_KNOW'],
  ])
  expect(events.map(agents)).toEqual([[['IRCP', 'W-1']], [['IRCP', 'W-1']], [['110150', 'W-1']]])
})
test('a list that was read with names is one event, about everybody in it', () => {
  const [event] = toldOf(['RecordAccessed', { subjectRef: 'S-1', alsoOf: [{ subjectRef: 'S-2' }, { subjectRef: 'S-3' }] }])
  const people = event?.entity?.filter(({ role }) => role?.code === '1').map(({ what }) => what?.identifier?.value)
  expect(people).toEqual(['S-1', 'S-2', 'S-3'])
})
test('no profile is claimed that an event would not keep', () => {
  expect(toldOf(shared, ['RecordAccessed', {}]).map(({ meta }) => meta)).toEqual([undefined, undefined])
})
test('what is none of these, or is not in the bundle, is no audit event', () => {
  expect(told(['ConsentGranted', { subjectRef: 'S-1' }])).toEqual([undefined])
  expect(new FhirAuditEvents().of({ index: 17, header, data: undefined, metadata: undefined })).toBeUndefined()
})
