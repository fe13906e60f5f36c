import { type EventOf, defineEvent } from '#event-kit/event'
import {
  code,
  count,
  date,
  group,
  happenedAt,
  id,
  instant,
  list,
  optional,
  personal,
  policyCode,
  position,
  subject,
} from '#event-kit/field'
import { scopes } from '#event-kit/scope'
import { channels } from '../channels.js'

/** Article 17(1)(a) to (f). */
export const erasureGrounds = [
  'NO_LONGER_NECESSARY',
  'CONSENT_WITHDRAWN',
  'OBJECTION',
  'UNLAWFUL',
  'LEGAL_OBLIGATION',
  'CHILD_ISS',
] as const
export type ErasureGround = (typeof erasureGrounds)[number]
/** Article 17(3)(a) to (e). */
export const erasureExemptions = ['EXPRESSION', 'LEGAL_OBLIGATION', 'PUBLIC_HEALTH', 'ARCHIVING', 'LEGAL_CLAIMS'] as const
export type ErasureExemption = (typeof erasureExemptions)[number]

/** C64, C60: the clock starts at receipt, whatever the channel. The words are evidence: DPO and Caldicott Guardian only. */
export const ErasureRequested = defineEvent('ErasureRequested', {
  requestId: id('RequestId'),
  subjectRef: subject('SubjectRef'),
  channel: code(...channels),
  receivedAt: happenedAt(),
  grounds: code(...erasureGrounds),
  regime: code('PRE_12A', 'ART_12A'),
  due: date(),
  rule: policyCode(),
  calendarVersion: policyCode(),
  /** Staff whom the request concerns: they do not decide it. */
  concernsStaff: list(id('StaffRef'), 20),
  words: personal.text('subjectRef', 'EVID'),
})
const perScope = list(
  group({ scope: code(...scopes), decision: code('ERASED', 'RETAINED'), exemption: optional(code(...erasureExemptions)) }),
)
const decided = {
  requestId: id('RequestId'),
  subjectRef: subject('SubjectRef'),
  consequenceExplainedAt: optional(instant()),
  perScope,
  reasons: optional(personal.text('subjectRef', 'EVID')),
}
export const ErasureApproved = defineEvent('ErasureApproved', {
  ...decided,
  erasureId: id('ErasureId'),
  extent: code('ALL', 'SCOPES'),
  scopes: list(code(...scopes)),
})
export const ErasureRefused = defineEvent('ErasureRefused', decided)

const done = code('NOT_APPLICABLE', 'OUTSTANDING', 'DONE')
/** What the certificate rests on: what was looked for after the keys were destroyed, and not found (C64). */
const certificate = {
  erasureId: id('ErasureId'),
  certificateId: id('CertificateId'),
  subjectRef: subject('SubjectRef'),
  scopes: list(code(...scopes)),
  kids: list(id('KeyId'), 1_000),
  verification: group({
    keysFound: count(),
    indexRowsFound: count(),
    sealedValuesFound: count(),
    ciphertextsTried: count(),
    ciphertextsOpened: count(),
  }),
  projections: list(policyCode()),
  purgedTo: position(),
  completedAt: instant(),
}
/** The read models hold nothing of the erased scopes any more, as far as this position. */
export const ProjectionPurgeConfirmed = defineEvent('ProjectionPurgeConfirmed', {
  erasureId: id('ErasureId'),
  subjectRef: subject('SubjectRef'),
  projections: list(policyCode()),
  position: position(),
})
/** Version 2 says until when old copies of the database and the key folder together could still open what was erased. */
const completion = {
  ...certificate,
  requestId: id('RequestId'),
  extent: code('ALL', 'SCOPES'),
  /** Article 19 notices to recipients, and what stands outside the electronic record. */
  notices: done,
  paper: done,
  archive: done,
  processors: done,
}
export const ErasureCompleted = defineEvent('ErasureCompleted', completion)
  .next({ ...completion, copiesUnreadableBy: optional(instant()) })
  .from(old => old)
/** C13: the tombstone of a referral that the person declined. */
const tombstone = {
  ...certificate,
  referralId: id('ReferralId'),
  source: policyCode(),
  receivedAt: instant(),
  declinedAt: instant(),
  rule: code('C13'),
  notices: done,
}
export const ReferralErased = defineEvent('ReferralErased', tombstone)
  .next({ ...tombstone, copiesUnreadableBy: optional(instant()) })
  .from(old => old)

export const erasureEvents = [
  ErasureRequested,
  ErasureApproved,
  ErasureRefused,
  ProjectionPurgeConfirmed,
  ErasureCompleted,
  ReferralErased,
] as const
export type ErasureEvent = EventOf<(typeof erasureEvents)[number]>
