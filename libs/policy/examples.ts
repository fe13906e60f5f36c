import { type ExampleOfEach, inventedAt as at } from '#event-kit/examples'
import {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  FieldSchemasPublished,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  type PolicyEvent,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
} from './events.js'

const published = { version: 'SPEC-1', effectiveFrom: at } as const

/** One example of every event of this context, every optional field filled. */
export const policyExamples = {
  NoticeVersionPublished: NoticeVersionPublished.of({ ...published, title: 'A notice' }),
  RetentionPolicyPublished: RetentionPolicyPublished.of({ ...published, yearsAfterServiceEnd: 10 }),
  LegitimateInterestAssessmentApproved: LegitimateInterestAssessmentApproved.of({ ...published, reviewBy: at, demo: true }),
  AppropriatePolicyDocumentApproved: AppropriatePolicyDocumentApproved.of({ ...published, reviewBy: at, demo: true }),
  PurposeRegistered: PurposeRegistered.of({ ...published, purpose: 'JOINT_CARE', categories: ['ID'] }),
  RecipientMatrixPublished: RecipientMatrixPublished.of({
    ...published,
    rows: [
      {
        recipient: 'STARS',
        name: 'A service',
        disputed: false,
        purposes: ['JOINT_CARE'],
        art6: ['f'],
        art9: '9-2-h',
        sch1: 'para-2',
        form: 'NONE',
        categories: ['ID'],
        fields: ['ID.name'],
        inform: ['INFORM_BEFORE'],
        precondition: 'STARS',
        approver: 'TEAM_LEADER',
        immediate: false,
        needsPolicyDocument: false,
      },
    ],
  }),
  FieldSchemasPublished: FieldSchemasPublished.of({
    ...published,
    fields: [{ field: 'EMP.status', kind: 'CODE', maxLength: 20, values: ['EMPLOYED'] }],
  }),
  ConsentFormPublished: ConsentFormPublished.of({ ...published, form: 'SHARING', statesWithdrawal: true, statesFreedomToRefuse: true }),
  HolidayCalendarPublished: HolidayCalendarPublished.of({ ...published, holidays: ['2026-12-25'] }),
} satisfies ExampleOfEach<PolicyEvent>
