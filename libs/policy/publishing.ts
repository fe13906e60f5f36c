import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent, EventDef } from '#event-kit/event'
import type { Clause } from '#kernel/clauses'
import { isEarlier, laterOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Capability } from './capabilities.js'
import {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  ContactsUpdated,
  ExemptionsPublished,
  FieldSchemasPublished,
  HealthOversightSet,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  type PolicyEvent,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
  StaffPolicyPublished,
  policyOf,
} from './events.js'
import { type Dated, type Published, policy } from './policy.js'

/** The versions of the notice that were ever published, also those whose time has not come (C53). */
export type PublishFacts = At & { readonly notices: Published['notice'] }
/** What is to be in force: from when it is published on unless told. */
export type ToPublish = { readonly version: string; readonly effectiveFrom?: string | undefined }

/* eslint-disable @typescript-eslint/no-explicit-any -- ADR-0002: the field types are invariant; a definition may have any of them */
type AnyPolicy = EventDef<PolicyEvent['type'], any>
type Says<D extends AnyPolicy, K extends Capability> = {
  readonly name: string
  readonly clauses: readonly Clause[]
  readonly says: string
  readonly capability: K
  /** Where its versions stand in the fold. */
  readonly versions: (published: Published) => readonly unknown[]
  /** Of what it is a version, where one policy says several things side by side. */
  readonly of?: (data: DataOfEvent<D>) => string
  /** What nobody is asked for. */
  readonly fixed?: Partial<DataOfEvent<D>>
  /** C53: whether the notice has to say so first. */
  readonly needsNotice?: (data: DataOfEvent<D>, before: DataOfEvent<D>) => boolean
}

/**
 * C03, C04: each version of a policy says from when it holds, and what held at a time stays so: none begins before it was published, or
 * before one of the same that was published already.
 */
function publishing<D extends AnyPolicy, const K extends Capability>(
  event: D,
  { name, clauses, says, capability, versions, of = () => '', fixed, needsNotice }: Says<D, K>,
) {
  return Object.assign(
    command({
      name,
      clauses,
      says,
      aggregate: policy,
      streamId: (_: ToPublish) => policyOf[event.type],
      capability,
      may: 'APPROVE',
      purpose: 'LEGAL_OBLIGATION',
      basis: { art6: 'c' },
      categories: noCategories,
      exemptFrom: [],
      refusals: ['POLICY_VERSION_TAKEN', 'POLICY_NOT_AHEAD', 'NOTICE_NOT_UPDATED'],
      decide:
        (asked: ToPublish, { now, notices }: PublishFacts) =>
        (published: Published) => {
          const data = { ...asked, effectiveFrom: asked.effectiveFrom ?? now, ...fixed } as DataOfEvent<D> & Dated
          const before = (versions(published) as readonly (DataOfEvent<D> & Dated)[]).filter(one => of(one) === of(data))
          if (before.some(({ version }) => version === data.version)) return refused('POLICY_VERSION_TAKEN')
          const last = before.at(-1)
          if (isEarlier(data.effectiveFrom, laterOf(last?.effectiveFrom ?? now, now))) return refused('POLICY_NOT_AHEAD')
          const isAnnounced = (since: Dated) =>
            notices.some(one => isEarlier(since.effectiveFrom, one.effectiveFrom) && !isEarlier(data.effectiveFrom, one.effectiveFrom))
          if (last && needsNotice?.(data, last) && !isAnnounced(last)) return refused('NOTICE_NOT_UPDATED')
          return accept([event.of(data) as PolicyEvent])
        },
    }),
    { event, fixed: Object.keys(fixed ?? {}) },
  )
}
export type Publishing = ReturnType<typeof publishing>
/* eslint-enable @typescript-eslint/no-explicit-any */

export const publishNotice = publishing(NoticeVersionPublished, {
  name: 'PublishNotice',
  clauses: ['C03'],
  says: 'Publish a version of the privacy notice',
  capability: 'PUBLISH_POLICY',
  versions: ({ notice }) => notice,
})
export const publishRetentionPolicy = publishing(RetentionPolicyPublished, {
  name: 'PublishRetentionPolicy',
  clauses: ['C51', 'C53'],
  says: 'Publish how long data is kept after the end of the service',
  capability: 'DECIDE_RETENTION_POLICY',
  versions: ({ retention }) => retention,
  needsNotice: (data, before) => data.yearsAfterServiceEnd !== before.yearsAfterServiceEnd,
})
export const publishRecipientMatrix = publishing(RecipientMatrixPublished, {
  name: 'PublishRecipientMatrix',
  clauses: ['C02', 'C24'],
  says: 'Publish with whom data may be shared, for what, on which basis, and what of it',
  capability: 'DECIDE_RECIPIENT_MATRIX',
  versions: ({ matrix }) => matrix,
})
export const approveInterestsAssessment = publishing(LegitimateInterestAssessmentApproved, {
  name: 'ApproveInterestsAssessment',
  clauses: ['C15'],
  says: 'Approve an assessment of legitimate interests for its purposes',
  capability: 'APPROVE_INTERESTS_ASSESSMENT',
  versions: ({ assessments }) => assessments,
  of: ({ purposes }) => purposes.join(' '),
  fixed: { demo: false, everything: false },
})
export const approvePolicyDocument = publishing(AppropriatePolicyDocumentApproved, {
  name: 'ApprovePolicyDocument',
  clauses: ['C08', 'C09'],
  says: 'Approve an appropriate policy document for each purpose and condition that it covers',
  capability: 'DECIDE_POLICY_DOCUMENT',
  versions: ({ policyDocuments }) => policyDocuments,
  of: ({ covers }) => covers.map(({ purpose, condition }) => `${purpose} ${condition}`).join(', '),
  fixed: { demo: false, everything: false },
})
export const registerPurpose = publishing(PurposeRegistered, {
  name: 'RegisterPurpose',
  clauses: ['C04'],
  says: 'Register a purpose, and the categories that it may need',
  capability: 'PUBLISH_POLICY',
  versions: ({ purposes }) => purposes,
  of: ({ purpose }) => purpose,
})
export const publishFieldSchemas = publishing(FieldSchemasPublished, {
  name: 'PublishFieldSchemas',
  clauses: ['C07', 'C24'],
  says: 'Publish what may be recorded about a person, and in what form',
  capability: 'PUBLISH_POLICY',
  versions: ({ fields }) => fields,
})
export const publishConsentForm = publishing(ConsentFormPublished, {
  name: 'PublishConsentForm',
  clauses: ['C31'],
  says: 'Publish a version of a consent form',
  capability: 'PUBLISH_POLICY',
  versions: ({ forms }) => forms,
  of: ({ form }) => form,
})
export const publishHolidays = publishing(HolidayCalendarPublished, {
  name: 'PublishHolidays',
  clauses: ['C70'],
  says: 'Publish the days that are no working days',
  capability: 'PUBLISH_POLICY',
  versions: ({ calendar }) => calendar,
})
export const publishExemptions = publishing(ExemptionsPublished, {
  name: 'PublishExemptions',
  clauses: ['C23'],
  says: 'Publish the exemptions on which somebody may not be told of a sharing',
  capability: 'PUBLISH_POLICY',
  versions: ({ exemptions }) => exemptions,
})
export const publishStaffPolicy = publishing(StaffPolicyPublished, {
  name: 'PublishStaffPolicy',
  clauses: ['C38'],
  says: 'Publish a policy that everybody who works here acknowledges',
  capability: 'PUBLISH_POLICY',
  versions: ({ staffPolicies }) => staffPolicies,
  of: ({ policy }) => policy,
})
export const updateContacts = publishing(ContactsUpdated, {
  name: 'UpdateContacts',
  clauses: ['C75'],
  says: 'Publish how the service and those responsible are reached',
  capability: 'PUBLISH_POLICY',
  versions: ({ contacts }) => contacts,
  fixed: { demo: false },
})
export const setHealthOversight = publishing(HealthOversightSet, {
  name: 'SetHealthOversight',
  clauses: ['C18'],
  says: 'Set how long health data may be recorded while no health professional oversees it, and how often they look',
  capability: 'PUBLISH_POLICY',
  versions: ({ oversight }) => oversight,
})
