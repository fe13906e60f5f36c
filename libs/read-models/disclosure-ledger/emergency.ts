import type { Meta } from '#decider/decider'
import type { EmergencyDisclosureMade } from '#domain/person/emergency/events'
import { emergencyPurpose, emergencyRow } from '#domain/person/emergency/make-emergency-disclosure'
import type { DataOfEvent } from '#event-kit/event'
import { envelopeOf } from '#event-codec/sealed'

/** Told by whoever put it on record, at once: nothing was asked for, nothing is on its way. Who was told stands in the place of a name. */
export const toldOf = (told: DataOfEvent<typeof EmergencyDisclosureMade>, { actor, occurredAt, recordedAt, eventId, position }: Meta) => ({
  kind: 'EMERGENCY' as const,
  disclosure_id: told.disclosureId,
  subject_ref: told.subjectRef,
  state: 'SENT' as const,
  recipient: emergencyRow,
  recipient_name: told.recipient,
  direction: 'OUT',
  purpose: emergencyPurpose,
  art6: told.basis.art6,
  art9: told.basis.art9 ?? null,
  sch1: told.basis.sch1 ?? null,
  provision: null,
  consent_event_id: null,
  consent_form_version: null,
  confidentiality_basis: 'OVERRIDING_PUBLIC_INTEREST',
  categories: told.categories,
  fields: told.fields,
  item_count: told.fields.length,
  sealed_digest: null,
  necessity: envelopeOf(told.necessity),
  recipient_contact: told.recipientContact ? envelopeOf(told.recipientContact) : null,
  order_reference: null,
  notification: { decision: told.notification },
  urgency: 'IMMEDIATE',
  review_items: told.reviewItems,
  method: told.method,
  destination_country: 'GB',
  matrix_version: told.matrixVersion,
  requested_by: actor.id,
  requested_at: recordedAt,
  sent_at: occurredAt,
  sent_by: actor.id,
  transport: 'STAFF',
  cancelled_because: null,
  cancelled_rules: null,
  event_id: eventId,
  position,
})
