import type { DataOfEvent } from '#event-kit/event'
import type { JsonObject } from '#kernel/json'
import type { Personal, Sealed } from '#kernel/personal'
import type { DataShared, DisclosureRequested } from '#domain/person/disclosure/events'
import { personConcerns } from '#domain/person/person'
import { type Row, type Table, nothing, rowProjection } from '#projections/projection'
import { clear, maybe, sealed } from '#projections/table'
import { envelopeOf } from '#projections/sealed'

export const ledgerTable: Table = {
  name: 'disclosure_ledger',
  key: 'disclosure_id',
  subject: 'subject_ref',
  columns: {
    disclosure_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text'),
    recipient: clear('text'),
    recipient_name: maybe('text'),
    direction: clear('text'),
    purpose: clear('text'),
    art6: clear('text'),
    art9: maybe('text'),
    sch1: maybe('text'),
    provision: maybe('text'),
    consent_event_id: maybe('uuid'),
    consent_form_version: maybe('text'),
    confidentiality_basis: clear('text'),
    categories: clear('text[]'),
    fields: clear('text[]'),
    item_count: maybe('int'),
    sealed_digest: maybe('text'),
    necessity: sealed(),
    recipient_contact: sealed(),
    order_reference: sealed(),
    notification: clear('jsonb'),
    urgency: clear('text'),
    review_items: clear('text[]'),
    method: clear('text'),
    destination_country: maybe('text'),
    matrix_version: clear('text'),
    requested_by: clear('uuid'),
    requested_at: clear('timestamptz(3)'),
    authorised_by: maybe('uuid'),
    authorised_role: maybe('text'),
    authorised_at: maybe('timestamptz(3)'),
    sent_at: maybe('timestamptz(3)'),
    dispatched_at: maybe('timestamptz(3)'),
    transport: maybe('text'),
    cancelled_because: maybe('text'),
    event_id: clear('uuid'),
    position: clear('bigint'),
  },
  indexes: [['subject_ref'], ['recipient', 'sent_at'], ['position']],
}

const sealedOr = (value: Personal<string> | undefined): Sealed | null => (value ? envelopeOf(value) : null)

function requestColumns({
  disclosureId,
  subjectRef,
  recipient,
  purpose,
  basis,
  confidentialityBasis,
  categories,
  fields,
  notification,
  urgency,
  method,
  matrixVersion,
}: Omit<DataOfEvent<typeof DisclosureRequested>, 'necessity'>): Row {
  return {
    disclosure_id: disclosureId,
    subject_ref: subjectRef,
    recipient,
    purpose,
    art6: basis.art6,
    art9: basis.art9 ?? null,
    sch1: basis.sch1 ?? null,
    provision: basis.provision ?? null,
    confidentiality_basis: confidentialityBasis,
    categories,
    fields,
    notification: JSON.parse(JSON.stringify(notification)) as JsonObject,
    urgency,
    method,
    matrix_version: matrixVersion,
    direction: 'OUT',
  }
}

function sharedColumns({
  recipientName,
  consentEventId,
  consentFormVersion,
  itemCount,
  sealedDigest,
  destinationCountry,
  sentAt,
  reviewItems,
}: DataOfEvent<typeof DataShared>): Row {
  return {
    state: 'SENT',
    recipient_name: recipientName,
    consent_event_id: consentEventId ?? null,
    consent_form_version: consentFormVersion ?? null,
    item_count: itemCount,
    sealed_digest: sealedDigest,
    destination_country: destinationCountry,
    sent_at: sentAt,
    review_items: reviewItems,
  }
}

/**
 * Every disclosure, with everything catalogue §3.5 asks for. Its words are sealed: destroying the keys empties them and keeps the facts.
 */
export const disclosureLedger = rowProjection({
  name: 'disclosure-ledger',
  concerns: [personConcerns.disclosure],
  tables: [ledgerTable],
  on: {
    DisclosureRequested: (request, { actor, occurredAt, eventId, position }) => [
      {
        table: ledgerTable,
        put: {
          ...requestColumns(request),
          state: 'REQUESTED',
          necessity: sealedOr(request.necessity),
          recipient_contact: sealedOr(request.recipientContact),
          order_reference: sealedOr(request.orderReference),
          requested_by: actor.id,
          requested_at: occurredAt,
          review_items: [],
          event_id: eventId,
          position,
        },
      },
    ],
    DisclosureAuthorised: ({ disclosureId }, { actor, occurredAt }) => [
      {
        table: ledgerTable,
        patch: { disclosure_id: disclosureId, authorised_by: actor.id, authorised_role: actor.role, authorised_at: occurredAt },
      },
    ],
    DisclosureRefused: ({ disclosureId }, { actor, occurredAt }) => [
      {
        table: ledgerTable,
        patch: {
          disclosure_id: disclosureId,
          state: 'REFUSED',
          authorised_by: actor.id,
          authorised_role: actor.role,
          authorised_at: occurredAt,
        },
      },
    ],
    DataShared: (shared, { actor, occurredAt, eventId, position }) =>
      shared.requested
        ? [{ table: ledgerTable, patch: { disclosure_id: shared.disclosureId, ...sharedColumns(shared), event_id: eventId, position } }]
        : [
            {
              table: ledgerTable,
              put: {
                ...requestColumns(shared),
                ...sharedColumns(shared),
                necessity: sealedOr(shared.necessity),
                recipient_contact: sealedOr(shared.recipientContact),
                order_reference: sealedOr(shared.orderReference),
                requested_by: actor.id,
                requested_at: occurredAt,
                authorised_by: actor.id,
                authorised_role: actor.role,
                authorised_at: occurredAt,
                event_id: eventId,
                position,
              },
            },
          ],
    DisclosureDispatched: ({ disclosureId, transport, at }) => [
      { table: ledgerTable, patch: { disclosure_id: disclosureId, dispatched_at: at, transport } },
    ],
    DisclosureDispatchFailed: nothing,
    PendingDisclosureCancelled: ({ disclosureId, reason }) => [
      { table: ledgerTable, patch: { disclosure_id: disclosureId, state: 'CANCELLED', cancelled_because: reason } },
    ],
  },
})
