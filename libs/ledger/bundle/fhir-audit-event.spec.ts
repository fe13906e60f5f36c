import type { LeafHeader } from '#verifier/leaf-header'
import { fhirAuditEvent } from './fhir-audit-event.js'

const digest = { enc: 'jcs', sha256: `${'A'.repeat(43)}=`, len: 2 } as const
const header: LeafHeader = {
  v: 1,
  log: 'ledger.example/1',
  stream: 'person-00000000-0000-4000-8000-000000000001',
  rev: '3',
  id: '00000000-0000-4000-8000-000000000010',
  type: 'DataShared',
  pos: '412',
  created: '2026-11-01T09:00:01.000Z',
  data: digest,
  meta: digest,
  prev: '',
  kids: [],
}
const metadata = '{"actor":{"id":"W-1","role":"ips-worker"},"purpose":"EMPLOYMENT_SUPPORT"}'
const told = (type: string, data: object) =>
  fhirAuditEvent({ index: 17, header: { ...header, type }, data: JSON.stringify(data), metadata })

/** A bundle that is exported twice is the same: so is the order of what its lines say. */
test('a disclosure is an export from a member of staff to a recipient, about a subject', () => {
  expect(told('DataShared', { subjectRef: 'S-1', recipient: 'DWP-JCP', sentAt: '2026-11-01T09:00:00.000Z' })).toBe(
    [
      '{"resourceType":"AuditEvent","id":"00000000-0000-4000-8000-000000000010",',
      '"meta":{"profile":["https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"]},',
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
      '{"what":{"identifier":{"system":"urn:caseledger:event","value":"00000000-0000-4000-8000-000000000010"}},',
      '"type":{"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2","display":"System Object"},',
      '"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"3","display":"Report"},',
      '"detail":[{"type":"ledgerindex","valueString":"17"}]}]}',
    ].join(''),
  )
})
test('a reading has a reader and nobody whom it went to', () => {
  const { agent, recorded, meta } = JSON.parse(told('RecordAccessed', { subjectRef: 'S-1', at: '2026-11-01T09:00:00.000Z' }) ?? '') as {
    readonly agent: readonly { readonly type: { readonly coding: readonly { readonly code: string }[] } }[]
    readonly recorded: string
    readonly meta?: object
  }
  expect(agent.map(({ type }) => type.coding[0]?.code)).toEqual(['IRCP'])
  expect([recorded, meta]).toEqual(['2026-11-01T09:00:00.000Z', undefined])
})
test('what is neither a disclosure nor a reading, or is not in the bundle, is no audit event', () => {
  expect(told('ConsentGranted', { subjectRef: 'S-1' })).toBeUndefined()
  expect(fhirAuditEvent({ index: 17, header, data: undefined, metadata: undefined })).toBeUndefined()
})
