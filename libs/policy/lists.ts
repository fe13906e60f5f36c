import { z } from 'zod'
import { type Shape, code, count, notPersonal, optional, policyCode } from '#event-kit/field'
import { type RefusalCode, refusalText, refusals, statusOf } from '#kernel/refusals'
import { statusOfClass } from '#kernel/refusals/refusal-text'
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
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
  StaffPolicyPublished,
} from './events.js'
import { codesInWords, fieldInWords, readable } from './in-words.js'
import { type Dated, type Published, exemptionsIn, hasCome, inForce, lastOfEach } from './policy.js'

/** A list of codes that somebody who uses the service has to know: what an item says, and which there are at an instant. */
export type PolicyList = {
  /** By which it is asked for. */
  readonly name: string
  /** What an item is called. */
  readonly item: string
  readonly says: string
  readonly shape: Shape
  /** @throws NoPolicyInForce */
  readonly items: (published: Published, now: string) => readonly object[]
}

const dated = ({ version, effectiveFrom }: Dated) => ({ version, effectiveFrom })

const text = () => notPersonal(z.string(), 'ADR-4')
const words = { words: text() }
const since = { version: PurposeRegistered.shape.version, effectiveFrom: PurposeRegistered.shape.effectiveFrom }
const ofFields = FieldSchemasPublished.shape.fields.inner.shape
const ofRows = RecipientMatrixPublished.shape.rows.inner.shape

export const policyLists: readonly PolicyList[] = [
  {
    name: 'purposes',
    item: 'PurposeItem',
    says: 'For what data may be used, and which categories each purpose may need',
    shape: { ...words, ...PurposeRegistered.shape },
    items: ({ purposes }, now) =>
      lastOfEach(purposes, now, ({ purpose }) => purpose).map(one => ({ ...one, words: readable(one.purpose) })),
  },
  {
    name: 'recipients',
    item: 'RecipientItem',
    says: 'With whom data may be shared: the recipient matrix in force',
    shape: { ...ofRows, ...since },
    items: ({ matrix }, now) => {
      const { rows, ...last } = inForce(matrix, now, 'recipient matrix')
      return rows.map(row => ({ ...row, ...dated(last) }))
    },
  },
  {
    name: 'fields',
    item: 'FieldItem',
    says: 'What may be recorded about a person, and in what form',
    shape: { ...words, ...ofFields, ...since },
    items: ({ fields: versions }, now) => {
      const { fields, ...last } = inForce(versions, now, 'field schema')
      return fields.map(one => ({ ...one, words: fieldInWords(one.field), ...dated(last) }))
    },
  },
  {
    name: 'consent-forms',
    item: 'ConsentFormItem',
    says: 'The versions of the consent forms that may be used',
    shape: ConsentFormPublished.shape,
    items: ({ forms }, now) => forms.filter(hasCome(now)),
  },
  {
    name: 'notices',
    item: 'NoticeItem',
    says: 'The versions of the privacy notice, the last of which is in force',
    shape: NoticeVersionPublished.shape,
    items: ({ notice }, now) => notice.filter(hasCome(now)),
  },
  {
    name: 'assessments',
    item: 'AssessmentItem',
    says: 'The assessments of legitimate interests that were approved',
    shape: LegitimateInterestAssessmentApproved.shape,
    items: ({ assessments }, now) => assessments.filter(hasCome(now)),
  },
  {
    name: 'policy-documents',
    item: 'PolicyDocumentItem',
    says: 'The appropriate policy documents that were approved (DPA 2018 Schedule 1 Part 4)',
    shape: AppropriatePolicyDocumentApproved.shape,
    items: ({ policyDocuments }, now) => policyDocuments.filter(hasCome(now)),
  },
  {
    name: 'exemptions',
    item: 'ExemptionItem',
    says: 'On which exemptions somebody may not be told of a sharing: those in force, of a list that is closed',
    shape: { ...ExemptionsPublished.shape.exemptions.inner.shape, ...since },
    items: ({ exemptions: versions }, now) => {
      const list = versions.findLast(hasCome(now))
      return list ? exemptionsIn(list, now).map(one => ({ ...one, ...dated(list) })) : []
    },
  },
  {
    name: 'retention',
    item: 'RetentionItem',
    says: 'How long records are kept',
    shape: RetentionPolicyPublished.shape,
    items: ({ retention }, now) => [inForce(retention, now, 'retention policy')],
  },
  {
    name: 'staff-policies',
    item: 'StaffPolicyItem',
    says: 'What everybody who works here acknowledges, and how many days after it came into force',
    shape: StaffPolicyPublished.shape,
    items: ({ staffPolicies }, now) => lastOfEach(staffPolicies, now, ({ policy }) => policy),
  },
  {
    name: 'contacts',
    item: 'ContactsItem',
    says: 'How the service and those responsible are reached',
    shape: ContactsUpdated.shape,
    items: ({ contacts }, now) => contacts.filter(hasCome(now)).slice(-1),
  },
  {
    name: 'oversight',
    item: 'OversightItem',
    says: 'How long health data may be recorded while no health professional oversees it, and how often they look',
    shape: HealthOversightSet.shape,
    items: ({ oversight }, now) => oversight.filter(hasCome(now)).slice(-1),
  },
  {
    name: 'holidays',
    item: 'HolidaysItem',
    says: 'The days that are no working days',
    shape: HolidayCalendarPublished.shape,
    items: ({ calendar }, now) => [inForce(calendar, now, 'holiday calendar')],
  },
  {
    name: 'codes',
    item: 'CodeItem',
    says: 'The closed codes that the other lists use, in words: they are of this release',
    shape: { kind: code(...(Object.keys(codesInWords) as [keyof typeof codesInWords])), code: policyCode(), ...words },
    items: () =>
      Object.entries(codesInWords).flatMap(([kind, known]) => Object.entries(known).map(([code, words]) => ({ kind, code, words }))),
  },
  {
    name: 'refusals',
    item: 'RefusalItem',
    says: 'Every code by which something is refused, with its rule and what would make it allowed: they are of this release',
    shape: {
      code: policyCode(),
      class: code(...(Object.keys(statusOfClass) as [keyof typeof statusOfClass])),
      status: count(),
      clause: optional(policyCode()),
      rule: text(),
      remedy: text(),
    },
    items: () => (Object.keys(refusals) as readonly RefusalCode[]).map(code => ({ code, ...refusalText(code), status: statusOf(code) })),
  },
]
