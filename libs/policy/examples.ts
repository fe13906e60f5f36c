import { type ExampleOfEach, inventedAt as at } from '#event-kit/examples'
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
} from './events.js'

const published = { version: 'SPEC-1', effectiveFrom: at } as const

/** One example of every event of this context, every optional field filled. */
export const policyExamples = {
  NoticeVersionPublished: NoticeVersionPublished.of({ ...published, title: 'A notice', bases: ['a', 'c', 'd', 'ea', 'f'] }),
  RetentionPolicyPublished: RetentionPolicyPublished.of({ ...published, yearsAfterServiceEnd: 10 }),
  LegitimateInterestAssessmentApproved: LegitimateInterestAssessmentApproved.of({
    ...published,
    reviewBy: at,
    demo: true,
    everything: false,
    purposes: ['JOINT_CARE'],
  }),
  AppropriatePolicyDocumentApproved: AppropriatePolicyDocumentApproved.of({
    ...published,
    reviewBy: at,
    demo: true,
    everything: false,
    covers: [{ purpose: 'SAFEGUARDING', condition: 'para-18' }],
  }),
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
        annex1: 'para-6',
        minimum: ['ID.name'],
        fieldsNamedBy: 'MATRIX',
        competentAuthority: false,
        protects: false,
      },
    ],
  }),
  FieldSchemasPublished: FieldSchemasPublished.of({
    ...published,
    fields: [{ field: 'EMP.status', kind: 'CODE', maxLength: 20, values: ['EMPLOYED'] }],
  }),
  ConsentFormPublished: ConsentFormPublished.of({ ...published, form: 'SHARING', statesWithdrawal: true, statesFreedomToRefuse: true }),
  HolidayCalendarPublished: HolidayCalendarPublished.of({ ...published, holidays: ['2026-12-25'] }),
  ExemptionsPublished: ExemptionsPublished.of({
    ...published,
    exemptions: [{ exemption: 'SCH2-2', provision: 'Data Protection Act 2018 Sch 2 para 2', from: at, until: '2099-01-01T00:00:00.000Z' }],
  }),
  StaffPolicyPublished: StaffPolicyPublished.of({ ...published, policy: 'ACCESS', title: 'Who may see what', graceDays: 14 }),
  ContactsUpdated: ContactsUpdated.of({
    ...published,
    demo: true,
    controller: 'A service',
    address: ['1 Nowhere Street'],
    dpo: { email: 'dpo@service.invalid', phone: '0191 000 0000' },
    caldicott: { email: 'caldicott@service.invalid', phone: '0191 000 0001' },
    premises: [{ site: 'MAIN', address: ['1 Nowhere Street'] }],
  }),
  HealthOversightSet: HealthOversightSet.of({ ...published, gapDays: 28, reviewEveryDays: 90 }),
} satisfies ExampleOfEach<PolicyEvent>
