import type { AuditEvent, AuditEventAgent, AuditEventEntity, CodeableConcept, Coding, Reference } from 'fhir/r4.js'
import { type ExportedEvent, jsonIn } from '#verifier/event-lines'

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const hl7 = 'http://terminology.hl7.org/CodeSystem'
const coding = (system: string, code: string, display: string): Coding => ({ system, code, display })
const ownCode = (kind: string, code: string): CodeableConcept => ({ coding: [{ system: `urn:caseledger:${kind}`, code }] })
const named = (kind: string, value: string): Reference => ({ identifier: { system: `urn:caseledger:${kind}`, value } })

const lifecycle = (code: string, display: string) => coding(`${hl7}/iso-21089-lifecycle`, code, display)
/**
 * What is an audit event to others: its kind in DICOM, and how it ended. No profile is claimed: IHE's Basic Audit Log Patterns want the
 * network address of both sides of a disclosure, and a letter or a call has none.
 */
type Kind = {
  readonly type: Coding
  readonly subtype: Coding
  readonly action: AuditEvent['action']
  readonly outcome?: AuditEvent['outcome']
  readonly says?: string
}
const disclosure = {
  type: coding(dicom, '110106', 'Export'),
  subtype: lifecycle('disclose', 'Disclose Record Lifecycle Event'),
  action: 'R',
} as const
const reading = lifecycle('access', 'Access/View Record Lifecycle Event')
const failedForGood = '8'
const failedForNow = '4'
const kinds = {
  // Recorded before anything is sent: it has no outcome of its own.
  DataShared: {
    ...disclosure,
    type: coding(dicom, '110110', 'Patient Record'),
    says: 'recorded; whether it went out is told by a later event of this disclosure',
  },
  // Told by a person, in an emergency: it is out.
  EmergencyDisclosureMade: { ...disclosure, type: coding(dicom, '110110', 'Patient Record'), outcome: '0', says: 'in an emergency' },
  DisclosureDispatched: { ...disclosure, outcome: '0' },
  DisclosureFoundSent: { ...disclosure, outcome: '0', says: 'sent, and told only when its ground was gone' },
  DisclosureDispatchFailed: { ...disclosure, outcome: failedForNow, says: 'not sent yet' },
  PendingDisclosureCancelled: { ...disclosure, outcome: failedForGood, says: 'never sent' },
  RecordAccessed: { type: coding(dicom, '110110', 'Patient Record'), subtype: reading, action: 'R', outcome: '0' },
  SearchMade: { type: coding(dicom, '110112', 'Query'), subtype: reading, action: 'E', outcome: '0' },
  HistoryRead: { type: coding(dicom, '110101', 'Audit Log Used'), subtype: reading, action: 'R', outcome: '0' },
  CommandRefused: {
    type: coding(dicom, '110113', 'Security Alert'),
    subtype: coding(dicom, '110132', 'Use of Restricted Function'),
    action: 'E',
    outcome: failedForGood,
  },
} as const satisfies Readonly<Record<string, Kind>>
const isKind = (type: string): type is keyof typeof kinds => Object.hasOwn(kinds, type)

type Clear = 'subjectRef' | 'disclosureId' | 'recipient' | 'purpose' | 'at' | 'sentAt' | 'reason' | 'command' | 'code'
type Stored = { readonly [C in Clear]?: string | undefined } & { readonly alsoOf?: readonly { readonly subjectRef: string }[] }
type Actor = { readonly id: string; readonly role: string }
type Said = { readonly actor?: Actor; readonly purpose?: string }

/** The audit events of a bundle as FHIR R4 has them, asked in the order of the ledger. */
export class FhirAuditEvents {
  /** To whom and for what, of the disclosures that did not go out yet: the events that follow name only the disclosure. */
  readonly #open = new Map<string, Pick<Stored, 'recipient' | 'purpose'>>()

  /**
   * A disclosure, a reading, a search or a refusal, from what is stored in the clear: references and codes. Undefined for what is none
   * of them, or is not in the bundle.
   */
  of(event: ExportedEvent): string | undefined {
    const { index, header } = event
    const json = jsonIn(event)
    if (!isKind(header.type) || !json) return undefined
    const { type, subtype, action, outcome, says }: Kind = kinds[header.type]
    const [stored, { actor, purpose }] = [JSON.parse(json.data) as Stored, JSON.parse(json.metadata) as Said]
    const shared = this.#sharedBy(header.type, stored)
    const forWhat = shared?.purpose ?? purpose
    const told = [says, stored.reason, stored.command, stored.code].filter(one => one !== undefined).join(': ')
    // In this order: whoever exports a bundle twice gets the same bytes.
    const audit: AuditEvent = {
      resourceType: 'AuditEvent',
      id: header.id,
      type,
      subtype: [subtype],
      action,
      recorded: stored.sentAt ?? stored.at ?? header.created,
      ...(outcome === undefined ? {} : { outcome }),
      ...(told === '' ? {} : { outcomeDesc: told }),
      ...(forWhat === undefined ? {} : { purposeOfEvent: [ownCode('purpose', forWhat)] }),
      agent: agentsOf(subtype, actor, shared?.recipient),
      source: {
        site: header.log,
        observer: named('log', header.log),
        type: [coding(`${hl7}/security-source-type`, '4', 'Application Server')],
      },
      entity: [
        ...(stored.subjectRef === undefined ? [] : [subjectIn(stored.subjectRef)]),
        ...(stored.alsoOf ?? []).map(({ subjectRef }) => subjectIn(subjectRef)),
        ...(stored.disclosureId === undefined ? [] : [disclosureIn(stored.disclosureId)]),
        leafIn(header.id, index),
      ],
    }
    return JSON.stringify(audit)
  }

  #sharedBy(type: keyof typeof kinds, { disclosureId, recipient, purpose }: Stored) {
    if (disclosureId === undefined) return undefined
    if (type === 'DataShared') this.#open.set(disclosureId, { recipient, purpose })
    const shared = this.#open.get(disclosureId)
    if (type === 'DisclosureDispatched' || type === 'DisclosureFoundSent') this.#open.delete(disclosureId)
    return shared
  }
}

const agentsOf = (subtype: Coding, actor: Actor | undefined, recipient: string | undefined): AuditEventAgent[] => {
  if (subtype === disclosure.subtype) return [sender(actor), ...(recipient === undefined ? [] : [receiver(recipient)])]
  return [subtype === reading ? reader(actor) : member(coding(dicom, '110150', 'Application'), actor)]
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
const disclosureIn = (disclosureId: string): AuditEventEntity => ({
  what: named('disclosure', disclosureId),
  type: coding(`${hl7}/audit-entity-type`, '2', 'System Object'),
  role: coding(`${hl7}/object-role`, '20', 'Job'),
})
const leafIn = (eventId: string, index: number): AuditEventEntity => ({
  what: named('event', eventId),
  type: coding(`${hl7}/audit-entity-type`, '2', 'System Object'),
  role: coding(`${hl7}/object-role`, '3', 'Report'),
  detail: [{ type: 'ledgerindex', valueString: String(index) }],
})
