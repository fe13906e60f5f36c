import type { AuditEvent, AuditEventAgent, AuditEventEntity, CodeableConcept, Coding, Reference } from 'fhir/r4.js'
import { type ExportedEvent, jsonIn } from './event-lines.js'

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const hl7 = 'http://terminology.hl7.org/CodeSystem'
const balp = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition'
const coding = (system: string, code: string, display: string): Coding => ({ system, code, display })
const ownCode = (kind: string, code: string): CodeableConcept => ({ coding: [{ system: `urn:caseledger:${kind}`, code }] })
const named = (kind: string, value: string): Reference => ({ identifier: { system: `urn:caseledger:${kind}`, value } })

/** What is an audit event to others, by its type: its kind in DICOM, and the profile of IHE's Basic Audit Log Patterns where one fits. */
const kinds = {
  DataShared: {
    type: coding(dicom, '110106', 'Export'),
    subtype: coding(`${hl7}/iso-21089-lifecycle`, 'disclose', 'Disclose Record Lifecycle Event'),
    profile: `${balp}/IHE.BasicAudit.PrivacyDisclosure.Source`,
  },
  RecordAccessed: {
    type: coding(dicom, '110110', 'Patient Record'),
    subtype: coding(`${hl7}/iso-21089-lifecycle`, 'access', 'Access/View Record Lifecycle Event'),
    profile: undefined,
  },
  HistoryRead: {
    type: coding(dicom, '110101', 'Audit Log Used'),
    subtype: coding(`${hl7}/iso-21089-lifecycle`, 'access', 'Access/View Record Lifecycle Event'),
    profile: undefined,
  },
} as const
const isKind = (type: string): type is keyof typeof kinds => Object.hasOwn(kinds, type)

type Stored = { readonly subjectRef?: string; readonly recipient?: string; readonly at?: string; readonly sentAt?: string }
type Actor = { readonly id: string; readonly role: string }
type Said = { readonly actor?: Actor; readonly purpose?: string }

/**
 * A disclosure or a reading as FHIR R4 has it, from what is stored in the clear: references and codes. Undefined for what is neither, or
 * is not in the bundle.
 */
export function fhirAuditEvent(event: ExportedEvent): string | undefined {
  const { index, header } = event
  const json = jsonIn(event)
  if (!isKind(header.type) || !json) return undefined
  const { type, subtype, profile } = kinds[header.type]
  const [{ subjectRef, recipient, at, sentAt }, { actor, purpose }] = [JSON.parse(json.data) as Stored, JSON.parse(json.metadata) as Said]
  // In this order: whoever exports a bundle twice gets the same bytes.
  const audit: AuditEvent = {
    resourceType: 'AuditEvent',
    id: header.id,
    ...(profile === undefined ? {} : { meta: { profile: [profile] } }),
    type,
    subtype: [subtype],
    action: 'R',
    recorded: sentAt ?? at ?? header.created,
    outcome: '0',
    ...(purpose === undefined ? {} : { purposeOfEvent: [ownCode('purpose', purpose)] }),
    agent: recipient === undefined ? [reader(actor)] : [sender(actor), receiver(recipient)],
    source: {
      site: header.log,
      observer: named('log', header.log),
      type: [coding(`${hl7}/security-source-type`, '4', 'Application Server')],
    },
    entity: [...(subjectRef === undefined ? [] : [subjectIn(subjectRef)]), leafIn(header.id, index)],
  }
  return JSON.stringify(audit)
}

const member = (type: Coding, actor: Actor | undefined): AuditEventAgent => ({
  type: { coding: [type] },
  ...(actor ? { who: named('staff', actor.id), role: [ownCode('role', actor.role)] } : {}),
  requestor: true,
})
const sender = (actor: Actor | undefined) => member(coding(dicom, '110153', 'Source Role ID'), actor)
const reader = (actor: Actor | undefined) => member(coding(`${hl7}/v3-ParticipationType`, 'IRCP', 'information recipient'), actor)
const receiver = (recipient: string): AuditEventAgent => ({
  type: { coding: [coding(dicom, '110152', 'Destination Role ID')] },
  who: named('recipient', recipient),
  requestor: false,
})

const subjectIn = (subjectRef: string): AuditEventEntity => ({
  what: named('subject', subjectRef),
  type: coding(`${hl7}/audit-entity-type`, '1', 'Person'),
  role: coding(`${hl7}/object-role`, '1', 'Patient'),
})
const leafIn = (eventId: string, index: number): AuditEventEntity => ({
  what: named('event', eventId),
  type: coding(`${hl7}/audit-entity-type`, '2', 'System Object'),
  role: coding(`${hl7}/object-role`, '3', 'Report'),
  detail: [{ type: 'ledgerindex', valueString: String(index) }],
})
