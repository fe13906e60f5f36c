import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant, keyedDigest, list, optional, personal, subject } from '#event-kit/field'
import { IncidentKeyCreated, InvolvementErased, InvolvementKeyCreated } from '#event-kit/key-events'
import { scopes } from '#event-kit/scope'
import { breachKinds } from '#kernel/breach-kinds'
import { incidentTypes } from '#kernel/incident-types'

export const severities = ['LOW', 'MODERATE', 'SEVERE'] as const
export type Severity = (typeof severities)[number]
/** What somebody had to do with it. Whoever had nothing to do with it is not in it (C39). */
export const involvementRoles = ['AFFECTED', 'WITNESS', 'REPORTED_IT', 'ALLEGED_RESPONSIBLE'] as const
export type InvolvementRole = (typeof involvementRoles)[number]
/** Why somebody was let read it: an interested party; or by their role, as incidents of this type are. */
const readGrounds = ['PARTY', 'ROLE'] as const
export type ReadGround = (typeof readGrounds)[number]

const ofIncident = { incidentId: subject('IncidentId') }
const ofInvolvement = { ...ofIncident, involvementId: subject('InvolvementId') }

/** C39. What happened is sealed under the incident's own key. Of one about information, also the breach whose triage it opens. */
export const HubIncidentRaised = defineEvent('HubIncidentRaised', {
  ...ofIncident,
  type: code(...incidentTypes),
  severity: code(...severities),
  occurredAt: happenedAt(),
  breachId: optional(id('BreachId')),
  breachKind: optional(code(...breachKinds)),
  narrative: personal.text('incidentId', 'NARR'),
})
/**
 * C39: somebody was in it, and as what. Who it was is sealed, under a key of this person in this incident; of staff, their reference
 * stands, because rules ask for it.
 */
export const PersonAddedToIncident = defineEvent('PersonAddedToIncident', {
  ...ofInvolvement,
  role: code(...involvementRoles),
  staffRef: optional(id('StaffRef')),
  personRef: optional(personal.text('involvementId', 'ID')),
  name: optional(personal.text('involvementId', 'ID')),
  words: optional(personal.text('involvementId', 'NARR')),
})
const ofParty = { ...ofIncident, staffRef: id('StaffRef') }
/** C40: whoever is let at it. */
export const InterestedPartyAdded = defineEvent('InterestedPartyAdded', ofParty)
export const InterestedPartyRemoved = defineEvent('InterestedPartyRemoved', ofParty)
export const HubIncidentClosed = defineEvent('HubIncidentClosed', {
  ...ofIncident,
  closedAt: instant(),
  conclusion: optional(personal.text('incidentId', 'NARR')),
})
/** Appended before anything is opened, on the incident's own stream: so the order says that whoever read it was let at it then (INV-8). */
export const HubIncidentRead = defineEvent('HubIncidentRead', {
  ...ofIncident,
  ground: code(...readGrounds),
  scopes: list(code(...scopes)),
  at: instant(),
  sourceAddress: optional(keyedDigest()),
})
/** What was destroyed of what was held of one person, and when. */
export const InvolvementKeysDestroyed = defineEvent('InvolvementKeysDestroyed', {
  ...ofInvolvement,
  kids: list(id('KeyId'), 1_000),
  destroyedAt: instant(),
})

export const incidentEvents = [
  HubIncidentRaised,
  PersonAddedToIncident,
  InterestedPartyAdded,
  InterestedPartyRemoved,
  HubIncidentClosed,
  HubIncidentRead,
  InvolvementErased,
  InvolvementKeysDestroyed,
  IncidentKeyCreated,
  InvolvementKeyCreated,
] as const
export const incidentConcerns = concernsOf('incident', { incident: incidentEvents })
export type IncidentEvent = EventOf<(typeof incidentEvents)[number]>
