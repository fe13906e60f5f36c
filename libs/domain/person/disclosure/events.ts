import { z } from 'zod'
import { type EventOf, defineEvent } from '#event-kit/event'
import {
  category,
  code,
  count,
  date,
  digestOfSealed,
  fieldCode,
  flag,
  group,
  happenedAt,
  id,
  instant,
  list,
  notPersonal,
  optional,
  personal,
  policyCode,
  subject,
} from '#event-kit/field'
import { protectivePurposes } from '#kernel/protective-purposes'
import { citationField } from './citation.js'

/** C44: bases in the common law of confidentiality. */
export const confidentialityBases = ['IMPLIED_DIRECT_CARE', 'CONSENT', 'OVERRIDING_PUBLIC_INTEREST', 'LEGAL_DUTY'] as const
export type ConfidentialityBasis = (typeof confidentialityBases)[number]
export const disclosureMethods = ['SECURE_EMAIL', 'PHONE', 'PORTAL', 'POST', 'IN_PERSON'] as const
export type DisclosureMethod = (typeof disclosureMethods)[number]
/** C23 */
export const notificationDecisions = ['INFORM_BEFORE', 'INFORM_AFTER', 'WITHHOLD'] as const
export type NotificationDecision = (typeof notificationDecisions)[number]
export const urgencies = ['ROUTINE', 'URGENT', 'IMMEDIATE'] as const
export type Urgency = (typeof urgencies)[number]

/** A law as it was cited in words until version 2: it has a year, a section or the name of its kind in it. Clear by ADR-0004. */
const namesLaw = [
  '1[0-9]{3}',
  '20[0-9]{2}',
  'act',
  'order',
  'regulations?',
  'rules?',
  'gdpr',
  'dpa',
  'section',
  'para',
  'sch(edule)?',
  'art(icle)?',
  String.raw`s\.? ?[0-9]+`,
].join('|')
const citationPattern = new RegExp(String.raw`^(?=.*\b(${namesLaw})\b)[A-Za-z][A-Za-z0-9 .,:;()[\]/&'’§¶–-]*$`, 'i')
const citedAsText = () => notPersonal(z.string().max(120).regex(citationPattern), 'ADR-4')

const requestV1 = {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  recipient: policyCode(),
  purpose: policyCode(),
  categories: list(category()),
  fields: list(fieldCode()),
  method: code(...disclosureMethods),
  confidentialityBasis: code(...confidentialityBases),
  urgency: code(...urgencies),
  notification: group({
    decision: code(...notificationDecisions),
    exemption: optional(policyCode()),
    approver: optional(policyCode()),
    reviewOn: optional(date()),
  }),
  /** The basis by the matrix row. */
  basis: group({ art6: policyCode(), art9: optional(policyCode()), sch1: optional(policyCode()), provision: optional(citedAsText()) }),
  matrixVersion: policyCode(),
}
/** Version 2 cites the law part by part, and names what a recognised interest, a withholding, a court or the police rest on. */
const request = {
  ...requestV1,
  notification: group({
    decision: code(...notificationDecisions),
    /** Of the list that `exemptions` is the version of. Without that it was named before there was a list. */
    exemption: optional(policyCode()),
    exemptions: optional(policyCode()),
    /** Whom the asker named as the approver, until version 2. It approves nothing: that is a command of its own. */
    approver: optional(policyCode()),
    reviewOn: optional(date()),
  }),
  basis: group({
    art6: policyCode(),
    /** Of (ea), which condition of Annex 1 it is. */
    annex1: optional(policyCode()),
    art9: optional(policyCode()),
    sch1: optional(policyCode()),
    citation: optional(citationField()),
    /** As it was cited until version 2. */
    provision: optional(citedAsText()),
  }),
  /** What a court’s order or a provision names: no more than that is shared. */
  requiredFields: optional(list(fieldCode())),
  /** What the police have to say of a victim whose data they ask for: PCSC Act 2022 ss.44A to 44F. */
  victimPeriod: optional(group({ from: date(), until: date() })),
  victimForm: optional(personal.text('subjectRef', 'EVID')),
  victimReason: optional(personal.text('subjectRef', 'EVID')),
  probativeValue: optional(personal.text('subjectRef', 'EVID')),
  /** C25, C26: made to protect somebody or because the law or a court says so, by the row of the matrix: an erasure waits for it. */
  protects: flag(),
}
type RequestBefore = { readonly purpose: string; readonly basis: { readonly art6: string } }
/** The matrix did not say yet which of its rows protect somebody: by what it was for, and on which basis. */
const protectedBefore = <T extends RequestBefore>(old: T) => ({
  ...old,
  protects: protectivePurposes.includes(old.purpose) || ['c', 'd', 'ea'].includes(old.basis.art6),
})

const words = {
  necessity: personal.text('subjectRef', 'NARR'),
  recipientContact: optional(personal.text('subjectRef', 'NARR')),
  /** A court's own reference names a case of the person: kept as evidence, sealed. */
  orderReference: optional(personal.text('subjectRef', 'EVID')),
}

export const DisclosureRequested = defineEvent('DisclosureRequested', { ...requestV1, ...words })
  .next({ ...request, ...words })
  .from(protectedBefore)
export const DisclosureAuthorised = defineEvent('DisclosureAuthorised', {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  /** Who had to approve by the matrix: NONE where the decision on the form is enough. */
  approver: code('NONE', 'TEAM_LEADER', 'CALDICOTT', 'DPO'),
  reasons: optional(personal.text('subjectRef', 'EVID')),
})
export const DisclosureRefused = defineEvent('DisclosureRefused', {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  reasons: optional(personal.text('subjectRef', 'EVID')),
})
const sharing = {
  recipientName: notPersonal(z.string().max(200), 'ADR-4'),
  necessity: optional(words.necessity),
  recipientContact: words.recipientContact,
  orderReference: words.orderReference,
  destinationCountry: code('GB'),
  itemCount: count(),
  /** SHA-256 over the sealed envelopes of what was shared. */
  sealedDigest: digestOfSealed(),
  consentEventId: optional(id('EventId')),
  consentFormVersion: optional(policyCode()),
  /** True where the request stands in an earlier DisclosureRequested. */
  requested: flag(),
  /** Rules that `urgency: IMMEDIATE` went ahead of: each a review item for the Caldicott Guardian. */
  reviewItems: list(policyCode()),
}
/** It was the time of the record: when something went is said by whoever sends it. */
const recordedAsSent = { sentAt: happenedAt() }
/**
 * What was shared, with whom, on which basis: never the values. `necessity` stands here unless a request holds it. Whether and when it
 * went, other events say. C24, C43.
 */
export const DataShared = defineEvent('DataShared', { ...requestV1, ...sharing, ...recordedAsSent })
  .next({ ...request, ...sharing, ...recordedAsSent })
  .from(protectedBefore)
  .next({ ...request, ...sharing })
  .from(({ sentAt: _, ...old }) => old)

const ofDisclosure = { disclosureId: id('DisclosureId'), subjectRef: subject('SubjectRef') }
const dispatch = { ...ofDisclosure, transport: policyCode(), at: instant() }
/** Everything that is to be reviewed of it from now on, where that changed. */
const reviewItems = list(policyCode())
/**
 * C32: at this revision nothing stood in its way, and a transport hands it over now. Until its outcome is on record, nothing that it says
 * is erased.
 */
export const DisclosureReleased = defineEvent('DisclosureReleased', dispatch)
/** It went out. Version 1 was written by the worker at once, also for what staff were to hand over. */
export const DisclosureDispatched = defineEvent('DisclosureDispatched', dispatch)
  .next({
    ...ofDisclosure,
    /** STAFF: whoever says so handed it over. */
    transport: policyCode(),
    method: optional(code(...disclosureMethods)),
    sentAt: happenedAt(),
    reviewItems: optional(reviewItems),
  })
  .from(({ at, ...old }) => ({ ...old, sentAt: at }))
/** Staff had sent it when its ground was gone, or say so only now that it is: it is on record as it was, and is reviewed. */
export const DisclosureFoundSent = defineEvent('DisclosureFoundSent', {
  ...ofDisclosure,
  method: code(...disclosureMethods),
  sentAt: happenedAt(),
  reviewItems,
})
/** K2: what was said before it was sent came to be known only afterwards. It was sent, and somebody looks at it. */
export const SentDisclosureFlagged = defineEvent('SentDisclosureFlagged', { ...ofDisclosure, reviewItems, at: instant() })
/** It could not be sent; it is looked at and tried again. */
export const DisclosureDispatchFailed = defineEvent('DisclosureDispatchFailed', dispatch)
const PendingDisclosureCancelledV1 = defineEvent('PendingDisclosureCancelled', {
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  reason: code('CONSENT_WITHDRAWN', 'CONSENT_EXPIRED', 'SUBJECT_ERASED'),
  at: instant(),
})
export const reasonsToCancel = [
  'SUBJECT_ERASED',
  'PROCESSING_RESTRICTED',
  'CONSENT_WITHDRAWN',
  'CONSENT_EXPIRED',
  'CONSENT_NARROWED',
  'GROUND_GONE',
] as const
export type ReasonToCancel = (typeof reasonsToCancel)[number]
/** C32: between the record and the sending the ground was gone: nothing was sent. */
export const PendingDisclosureCancelled = PendingDisclosureCancelledV1.next({
  disclosureId: id('DisclosureId'),
  subjectRef: subject('SubjectRef'),
  reason: code(...reasonsToCancel),
  /** Every rule that now stood in its way, by the code with which a request would be refused. */
  because: list(policyCode()),
  at: instant(),
}).from(old => ({ ...old, because: [old.reason] }))

export const disclosureEvents = [
  DisclosureRequested,
  DisclosureAuthorised,
  DisclosureRefused,
  DataShared,
  DisclosureReleased,
  DisclosureDispatched,
  DisclosureFoundSent,
  SentDisclosureFlagged,
  DisclosureDispatchFailed,
  PendingDisclosureCancelled,
] as const
export type DisclosureEvent = EventOf<(typeof disclosureEvents)[number]>
