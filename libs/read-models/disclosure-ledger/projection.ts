import type { DataOfEvent } from '#event-kit/event'
import type { Actor } from '#kernel/actor'
import type { JsonObject } from '#kernel/json'
import type { Personal, Sealed } from '#kernel/personal'
import { lawfulBasisOf } from '#domain/person/disclosure/basis-rules'
import type { DataShared, DisclosureRequested } from '#domain/person/disclosure/events'
import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { envelopeOf } from '#event-codec/sealed'
import { toldOf } from './emergency.js'
import { ledgerTable } from './table.js'

const { put, patch } = ledgerTable
type Requested = DataOfEvent<typeof DisclosureRequested>
type Shared = DataOfEvent<typeof DataShared>

const sealedOr = (value: Personal<string> | undefined): Sealed | null => (value ? envelopeOf(value) : null)

const wordsOf = ({ necessity, recipientContact, orderReference }: Requested | Shared) => ({
  necessity: sealedOr(necessity),
  recipient_contact: sealedOr(recipientContact),
  order_reference: sealedOr(orderReference),
})

/** What a request says, and a sharing that nobody had to ask for. */
const requestOf = (request: Requested | Shared) => ({
  ...wordsOf(request),
  kind: 'BY_MATRIX' as const,
  disclosure_id: request.disclosureId,
  subject_ref: request.subjectRef,
  recipient: request.recipient,
  direction: 'OUT',
  purpose: request.purpose,
  art6: request.basis.art6,
  art9: request.basis.art9 ?? null,
  sch1: request.basis.sch1 ?? null,
  provision: lawfulBasisOf(request.basis).provision ?? null,
  confidentiality_basis: request.confidentialityBasis,
  categories: request.categories,
  fields: request.fields,
  notification: JSON.parse(JSON.stringify(request.notification)) as JsonObject,
  urgency: request.urgency,
  method: request.method,
  matrix_version: request.matrixVersion,
})

const sharedOf = (shared: Shared) => ({
  state: 'QUEUED' as const,
  awaits: null,
  recipient_name: shared.recipientName,
  consent_event_id: shared.consentEventId ?? null,
  consent_form_version: shared.consentFormVersion ?? null,
  item_count: shared.itemCount,
  sealed_digest: shared.sealedDigest,
  destination_country: shared.destinationCountry,
  review_items: shared.reviewItems,
})

const notDecided = { authorised_by: null, authorised_role: null, authorised_at: null }
const notShared = {
  recipient_name: null,
  consent_event_id: null,
  consent_form_version: null,
  item_count: null,
  sealed_digest: null,
  destination_country: null,
  review_items: [],
}
const notReviewed = { review_due: null, review_outcome: null, reviewed_by: null, reviewed_at: null }
const notSent = { sent_at: null, sent_by: null, transport: null, cancelled_because: null, cancelled_rules: null }

const sentBy = (actor: Actor, sentAt: string) => ({ state: 'SENT' as const, sent_at: sentAt, sent_by: actor.id })

export const disclosureLedger = rowProjection({
  name: 'disclosure-ledger',
  /** 2: says what waits for an approval, and has what was told in emergencies. 3: tells what waits to be sent from what went out. */
  revision: 3,
  concerns: [personConcerns.disclosure, personConcerns.emergency],
  tables: [ledgerTable],
  on: {
    DisclosureRequested: (request, { actor, occurredAt, eventId, position }) =>
      put({
        ...requestOf(request),
        ...notDecided,
        ...notShared,
        ...notReviewed,
        ...notSent,
        state: 'REQUESTED',
        awaits: request.notification.decision === 'WITHHOLD' ? 'APPROVAL_OF_WITHHOLDING' : 'APPROVAL',
        requested_by: actor.id,
        requested_at: occurredAt,
        event_id: eventId,
        position,
      }),
    DisclosureAuthorised: ({ disclosureId }, { actor, occurredAt }) =>
      patch(disclosureId, { authorised_by: actor.id, authorised_role: actor.role, authorised_at: occurredAt }),
    DisclosureRefused: ({ disclosureId }, { actor, occurredAt }) =>
      patch(disclosureId, {
        state: 'REFUSED',
        awaits: null,
        authorised_by: actor.id,
        authorised_role: actor.role,
        authorised_at: occurredAt,
      }),
    DataShared: (shared, { actor, occurredAt, eventId, position }) =>
      shared.requested
        ? patch(shared.disclosureId, { ...sharedOf(shared), event_id: eventId, position })
        : put({
            ...requestOf(shared),
            ...sharedOf(shared),
            ...notReviewed,
            ...notSent,
            requested_by: actor.id,
            requested_at: occurredAt,
            authorised_by: actor.id,
            authorised_role: actor.role,
            authorised_at: occurredAt,
            event_id: eventId,
            position,
          }),
    // Nobody can say yet whether it left.
    DisclosureReleased: nothing,
    DisclosureDispatched: ({ disclosureId, transport, method, sentAt, reviewItems }, { actor }) =>
      patch(disclosureId, {
        ...sentBy(actor, sentAt),
        transport,
        ...(method ? { method } : {}),
        ...(reviewItems ? { review_items: reviewItems } : {}),
      }),
    DisclosureFoundSent: ({ disclosureId, method, sentAt, reviewItems }, { actor }) =>
      patch(disclosureId, { ...sentBy(actor, sentAt), transport: 'STAFF', method, review_items: reviewItems }),
    SentDisclosureFlagged: ({ disclosureId, reviewItems }) => patch(disclosureId, { review_items: reviewItems }),
    DisclosureDispatchFailed: ({ disclosureId, transport }) => patch(disclosureId, { state: 'FAILED', transport }),
    PendingDisclosureCancelled: ({ disclosureId, reason, because }) =>
      patch(disclosureId, { state: 'CANCELLED', awaits: null, cancelled_because: reason, cancelled_rules: because }),
    EmergencyDisclosureMade: (told, meta) =>
      put({ ...toldOf(told, meta), ...notDecided, ...notReviewed, awaits: 'REVIEW', review_due: told.reviewDue }),
    EmergencyDisclosureReviewed: ({ disclosureId, outcome, reviewedAt }, { actor }) =>
      patch(disclosureId, { awaits: null, review_outcome: outcome, reviewed_by: actor.id, reviewed_at: reviewedAt }),
  },
})
