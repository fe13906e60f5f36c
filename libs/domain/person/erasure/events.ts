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
const firstGrounds = ['NO_LONGER_NECESSARY', 'CONSENT_WITHDRAWN', 'OBJECTION', 'UNLAWFUL', 'LEGAL_OBLIGATION', 'CHILD_ISS'] as const
/**
 * With Article 17(1)(g), of the Victims and Prisoners Act 2024 s.31: what a malicious person alleged. It is what the person says: whether
 * it holds, and was in force by then, is for the decision.
 */
export const erasureGrounds = [...firstGrounds, 'MALICIOUS_ALLEGATION'] as const
export type ErasureGround = (typeof erasureGrounds)[number]
/** Article 17(3)(a) to (e). */
export const erasureExemptions = ['EXPRESSION', 'LEGAL_OBLIGATION', 'PUBLIC_HEALTH', 'ARCHIVING', 'LEGAL_CLAIMS'] as const
export type ErasureExemption = (typeof erasureExemptions)[number]

/** C64, C60: the clock starts at receipt, whatever the channel. The words are evidence: DPO and Caldicott Guardian only. */
const requested = {
  requestId: id('RequestId'),
  subjectRef: subject('SubjectRef'),
  channel: code(...channels),
  receivedAt: happenedAt(),
  grounds: code(...firstGrounds),
  regime: code('PRE_12A', 'ART_12A'),
  due: date(),
  rule: policyCode(),
  calendarVersion: policyCode(),
  /** Staff whom the request concerns: they do not decide it. */
  concernsStaff: list(id('StaffRef'), 20),
  words: personal.text('subjectRef', 'EVID'),
}
/** Version 2 knows the seventh ground. */
export const ErasureRequested = defineEvent('ErasureRequested', requested)
  .next({ ...requested, grounds: code(...erasureGrounds) })
  .from(old => old)
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
/** A request that nobody had decided on when everything it could ask for was erased: by whose erasure, and why it is closed. */
export const ErasureRequestClosed = defineEvent('ErasureRequestClosed', {
  requestId: id('RequestId'),
  subjectRef: subject('SubjectRef'),
  erasureId: id('ErasureId'),
  reason: code('SUBJECT_ERASED'),
  closedAt: happenedAt(),
})

const done = code('NOT_APPLICABLE', 'OUTSTANDING', 'DONE')
/** Also what nobody looked at: that is neither done nor outstanding. */
const known = code('NOT_APPLICABLE', 'OUTSTANDING', 'DONE', 'UNKNOWN')
const outsideTheRecord = { paper: known, archive: known, processors: known }
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
/**
 * Version 2 says until when old copies of the database and the key folder together could still open what was erased; version 3 can say
 * that nobody looked at paper, archive or processors.
 */
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
  .next({ ...completion, ...outsideTheRecord, copiesUnreadableBy: optional(instant()) })
  .from(old => old)
/**
 * C13: the tombstone of a referral that the person declined, or C11: that STARS did not confirm, from version 4 on. Before version 3 it
 * said nothing of what stands outside the record. Version 5 knows C12: that their wish was not to be found out.
 */
const ofReferral = { ...certificate, referralId: id('ReferralId'), source: policyCode(), receivedAt: instant(), notices: done }
const refusable = {
  ...ofReferral,
  ...outsideTheRecord,
  copiesUnreadableBy: optional(instant()),
  rule: code('C13', 'C11'),
  declinedAt: optional(instant()),
  refusedAt: optional(instant()),
}
const tombstone = { ...ofReferral, declinedAt: instant(), rule: code('C13') }
export const ReferralErased = defineEvent('ReferralErased', tombstone)
  .next({ ...tombstone, copiesUnreadableBy: optional(instant()) })
  .from(old => old)
  .next({ ...tombstone, ...outsideTheRecord, copiesUnreadableBy: optional(instant()) })
  .from(old => ({ ...old, paper: 'UNKNOWN', archive: 'UNKNOWN', processors: 'UNKNOWN' }))
  .next(refusable)
  .from(old => old)
  .next({ ...refusable, rule: code('C13', 'C11', 'C12'), unresolvedAt: optional(instant()) })
  .from(old => old)

export const erasureEvents = [
  ErasureRequested,
  ErasureApproved,
  ErasureRefused,
  ErasureRequestClosed,
  ProjectionPurgeConfirmed,
  ErasureCompleted,
  ReferralErased,
] as const
export type ErasureEvent = EventOf<(typeof erasureEvents)[number]>
