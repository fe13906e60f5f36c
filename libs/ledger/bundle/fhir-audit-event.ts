import { type ExportedEvent, jsonIn } from './event-lines.js'

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const hl7 = 'http://terminology.hl7.org/CodeSystem'
const balp = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition'
const coding = (system: string, code: string, display: string) => ({ system, code, display })
const named = (kind: string, value: string) => ({ identifier: { system: `urn:caseledger:${kind}`, value } })

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
type Said = { readonly actor?: { readonly id: string; readonly role: string }; readonly purpose?: string }

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
  const isDisclosure = recipient !== undefined
  return JSON.stringify({
    resourceType: 'AuditEvent',
    id: header.id,
    ...(profile === undefined ? {} : { meta: { profile: [profile] } }),
    type,
    subtype: [subtype],
    action: 'R',
    recorded: sentAt ?? at ?? header.created,
    outcome: '0',
    ...(purpose === undefined ? {} : { purposeOfEvent: [{ coding: [{ system: 'urn:caseledger:purpose', code: purpose }] }] }),
    agent: [
      {
        type: {
          coding: [
            isDisclosure
              ? coding(dicom, '110153', 'Source Role ID')
              : coding(`${hl7}/v3-ParticipationType`, 'IRCP', 'information recipient'),
          ],
        },
        ...(actor ? { who: named('staff', actor.id), role: [{ coding: [{ system: 'urn:caseledger:role', code: actor.role }] }] } : {}),
        requestor: true,
      },
      ...(isDisclosure
        ? [{ type: { coding: [coding(dicom, '110152', 'Destination Role ID')] }, who: named('recipient', recipient), requestor: false }]
        : []),
    ],
    source: {
      site: header.log,
      observer: named('log', header.log),
      type: [coding(`${hl7}/security-source-type`, '4', 'Application Server')],
    },
    entity: [
      ...(subjectRef === undefined
        ? []
        : [
            {
              what: named('subject', subjectRef),
              type: coding(`${hl7}/audit-entity-type`, '1', 'Person'),
              role: coding(`${hl7}/object-role`, '1', 'Patient'),
            },
          ]),
      {
        what: named('event', header.id),
        type: coding(`${hl7}/audit-entity-type`, '2', 'System Object'),
        role: coding(`${hl7}/object-role`, '3', 'Report'),
        detail: [{ type: 'ledgerindex', valueString: String(index) }],
      },
    ],
  })
}
