import { bankHolidays } from '#calendar/bank-holidays'
import { type Category, categories } from '#event-kit/scope'
import {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  FieldSchemasPublished,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  type PolicyEvent,
  type PolicyName,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
} from './events.js'
import type { FieldSchema, MatrixRowPublished } from './policy.js'

/**
 * The policy pack that `npm start` publishes into an empty log. DEMO: its assessments were made for no real service; production refuses
 * it.
 */
const published = { version: 'DEMO-1', effectiveFrom: '2020-01-01T00:00:00.000Z' } as const
const reviewBy = '2099-01-01T00:00:00.000Z'

const text = (maxLength: number, ...fields: readonly string[]): readonly FieldSchema[] =>
  fields.map(field => ({ field, kind: 'TEXT', maxLength }))
const dates = (...fields: readonly string[]): readonly FieldSchema[] => fields.map(field => ({ field, kind: 'DATE' }))
const codes = (field: string, ...values: readonly string[]): FieldSchema => ({ field, kind: 'CODE', values })

const fieldSchemas: readonly FieldSchema[] = [
  ...text(200, 'ID.name', 'ID.preferredName'),
  ...dates('ID.dateOfBirth'),
  { field: 'ID.nhsNumber', kind: 'NHS_NUMBER', maxLength: 20 },
  ...text(50, 'CON.phone'),
  ...text(320, 'CON.email'),
  ...text(500, 'CON.address', 'CON.emergencyContact'),
  codes('EMP.status', 'UNEMPLOYED', 'EMPLOYED', 'SELF_EMPLOYED', 'TRAINING', 'VOLUNTEERING', 'INACTIVE'),
  ...text(1_000, 'EMP.skills', 'EMP.history', 'EMP.benefits', 'EMP.goals', 'EMP.jobTitle', 'EMP.employer'),
  ...dates('EMP.since'),
  codes('ENG.attendance', 'ATTENDED', 'MISSED', 'CANCELLED', 'RESCHEDULED'),
  ...dates('ENG.lastContact', 'ENG.nextAppointment'),
  ...text(1_000, 'ENG.notes'),
  ...dates('OUT.jobStart', 'OUT.jobEnd'),
  ...text(500, 'OUT.jobTitle', 'OUT.employer'),
  { field: 'OUT.sustained', kind: 'YES_NO' },
  ...text(4_000, 'HLT.summary', 'HLT.substanceUse', 'HLT.mentalHealth', 'HLT.medication', 'HLT.treatment'),
  ...text(4_000, 'RSK.summary', 'RSK.level', 'RSK.homeVisit'),
  ...text(4_000, 'SG.summary'),
]

const of = (...wanted: readonly Category[]) => wanted
const purposes: Readonly<Record<string, readonly Category[]>> = {
  REFERRAL_INTAKE: of('ID', 'CON'),
  SERVICE_PROVISION: of('ID', 'CON', 'EMP', 'ENG', 'OUT', 'HLT', 'RSK'),
  EMPLOYMENT_SUPPORT: of('ID', 'CON', 'EMP', 'ENG', 'OUT'),
  HEALTHCARE: of('ID', 'CON', 'HLT', 'RSK'),
  SAFEGUARDING: of('ID', 'CON', 'HLT', 'RSK', 'SG'),
  JOINT_CARE: of('ID', 'CON', 'EMP', 'ENG', 'HLT', 'RSK', 'OUT'),
  TREATMENT_MONITORING: of('ID', 'HLT'),
  CJ_MONITORING: of('ID', 'CJ', 'HLT'),
  CRIME_REPORT: of('ID', 'CON', 'HLT', 'CRM', 'RSK'),
  CRISIS_SUPPORT: of('ID', 'CON', 'HLT', 'RSK'),
  CJ_ORDER_REPORTING: of('ID', 'ENG'),
  MULTI_AGENCY_PANEL: of('ID', 'CON', 'HLT', 'RSK', 'SG', 'CRM'),
  COURT_ORDER: categories,
  LEGAL_OBLIGATION: categories,
  LIFE_SAVING: of('ID', 'CON', 'HLT', 'RSK'),
  SOCIAL_CARE_SUPPORT: of('ID', 'CON', 'HLT', 'RSK', 'SG'),
  CUSTODY_CONTINUITY: of('ID', 'CON', 'ENG', 'HLT', 'CRM', 'RSK'),
  STATISTICS: [],
  PHE_LINKAGE: of('ID', 'EMP', 'ENG', 'OUT', 'HLT'),
  RIGHTS_FULFILMENT: categories,
  BREACH_RESPONSE: categories,
  AUDIT: categories,
}

const fieldsOf = (...wanted: readonly Category[]) =>
  fieldSchemas.map(({ field }) => field).filter(field => wanted.some(category => field.startsWith(`${category}.`)))
const identity = ['ID.name', 'ID.dateOfBirth', 'ID.nhsNumber']
type Row = Partial<MatrixRowPublished> & Pick<MatrixRowPublished, 'recipient' | 'name' | 'purposes' | 'art6' | 'categories'>
const row = (one: Row): MatrixRowPublished => ({
  disputed: false,
  form: 'NONE',
  fields: fieldsOf(...one.categories),
  inform: ['INFORM_BEFORE', 'INFORM_AFTER'],
  precondition: 'NONE',
  approver: 'TEAM_LEADER',
  immediate: false,
  needsPolicyDocument: false,
  ...one,
})
const withheld = ['INFORM_BEFORE', 'INFORM_AFTER', 'WITHHOLD'] as const

/** Catalogue §1.4. Purposes and categories as the notice allows; identity is kept to the minimum where a form decides. */
const rows: readonly MatrixRowPublished[] = [
  row({
    recipient: 'STARS',
    name: 'South Tyneside Adult Recovery Service',
    purposes: ['JOINT_CARE'],
    art6: ['f'],
    art9: '9-2-h',
    sch1: 'para-2',
    categories: of('ID', 'CON', 'EMP', 'ENG', 'HLT', 'RSK', 'OUT'),
    precondition: 'STARS',
  }),
  row({
    recipient: 'NDTMS',
    name: 'National Drug Treatment Monitoring System',
    purposes: ['TREATMENT_MONITORING'],
    art6: ['a'],
    art9: '9-2-a',
    form: 'SHARING',
    categories: of('ID', 'HLT', 'EMP'),
    fields: [...identity, 'HLT.treatment', 'HLT.substanceUse', 'HLT.summary', 'EMP.status'],
    inform: ['INFORM_BEFORE'],
    approver: 'NONE',
  }),
  row({
    recipient: 'CJIT',
    name: 'Criminal Justice Interventions Team data set',
    purposes: ['CJ_MONITORING'],
    art6: ['a'],
    art9: '9-2-a',
    sch1: 'para-29',
    form: 'SHARING',
    categories: of('ID', 'CJ', 'HLT'),
    fields: [...identity, 'HLT.treatment'],
    inform: ['INFORM_BEFORE'],
    precondition: 'CJ_INTERVENTION',
    approver: 'NONE',
  }),
  row({
    recipient: 'DWP-JCP',
    name: 'Department for Work and Pensions, Jobcentre Plus',
    purposes: ['EMPLOYMENT_SUPPORT'],
    art6: ['a'],
    art9: '9-2-a',
    form: 'SHARING',
    categories: of('ID', 'EMP', 'ENG', 'OUT', 'HLT'),
    fields: [...identity, ...fieldsOf('EMP', 'ENG', 'OUT'), 'HLT.summary'],
    inform: ['INFORM_BEFORE'],
    approver: 'NONE',
  }),
  row({
    recipient: 'POL-CRIME',
    name: 'The police: report of a crime',
    purposes: ['CRIME_REPORT'],
    art6: ['c', 'ea'],
    art9: '9-2-g',
    sch1: 'para-10',
    categories: of('ID', 'CON', 'HLT', 'CRM', 'RSK'),
    inform: [...withheld],
    approver: 'DPO',
    immediate: true,
    needsPolicyDocument: true,
  }),
  row({
    recipient: 'SOC-ABUSE',
    name: 'Social services: report of abuse or neglect',
    purposes: ['SAFEGUARDING'],
    art6: ['c', 'ea'],
    art9: '9-2-g',
    sch1: 'para-18',
    categories: of('ID', 'CON', 'HLT', 'RSK', 'SG'),
    inform: [...withheld],
    approver: 'DPO',
    immediate: true,
    needsPolicyDocument: true,
  }),
  row({
    recipient: 'MH-CRISIS',
    name: 'Mental health crisis team',
    purposes: ['CRISIS_SUPPORT'],
    art6: ['c', 'f'],
    art9: '9-2-h',
    sch1: 'para-2',
    categories: of('ID', 'CON', 'HLT', 'RSK'),
    precondition: 'RISK',
    immediate: true,
  }),
  row({
    recipient: 'OM-PROB',
    name: 'Offender manager or probation',
    purposes: ['CJ_ORDER_REPORTING'],
    art6: ['c'],
    sch1: 'para-2',
    categories: of('ID', 'ENG'),
    precondition: 'CJ_ORDER',
    approver: 'DPO',
  }),
  row({
    recipient: 'MARAC',
    name: 'Multi-agency risk assessment conference',
    purposes: ['MULTI_AGENCY_PANEL'],
    art6: ['c'],
    art9: '9-2-g',
    sch1: 'para-18',
    categories: of('ID', 'CON', 'HLT', 'RSK', 'SG', 'CRM'),
    inform: [...withheld],
    precondition: 'PANEL',
    approver: 'DPO',
    needsPolicyDocument: true,
  }),
  row({
    recipient: 'MAPPA',
    name: 'Multi-agency public protection arrangements',
    purposes: ['MULTI_AGENCY_PANEL'],
    art6: ['c'],
    art9: '9-2-g',
    sch1: 'para-10',
    categories: of('ID', 'CON', 'CRM', 'RSK'),
    inform: [...withheld],
    precondition: 'PANEL',
    approver: 'DPO',
    needsPolicyDocument: true,
  }),
  row({
    recipient: 'COURT',
    name: 'A court of law',
    purposes: ['COURT_ORDER'],
    art6: ['c'],
    art9: '9-2-f',
    sch1: 'para-33',
    categories,
    fields: fieldsOf(...categories),
    precondition: 'COURT_ORDER',
    approver: 'DPO',
  }),
  row({
    recipient: 'LEGAL-OTHER',
    name: 'A body with a legal power',
    purposes: ['LEGAL_OBLIGATION'],
    art6: ['c'],
    categories,
    fields: fieldsOf(...categories),
    inform: [...withheld],
    approver: 'DPO',
  }),
  row({
    recipient: 'STC-ASC',
    name: 'South Tyneside Council social care',
    purposes: ['SOCIAL_CARE_SUPPORT'],
    art6: ['f'],
    art9: '9-2-h',
    sch1: 'para-2',
    categories: of('ID', 'CON', 'HLT', 'RSK', 'SG'),
    precondition: 'RISK',
  }),
  ...(['CJ-PRISON', 'CJ-PROB', 'CJ-COURT', 'CJ-POL'] as const).map(recipient =>
    row({
      recipient,
      name: 'Prison, probation, courts and police',
      purposes: ['CUSTODY_CONTINUITY'],
      art6: ['f'],
      art9: '9-2-h',
      sch1: 'para-2',
      categories: of('ID', 'CON', 'ENG', 'RSK', ...(recipient === 'CJ-PRISON' || recipient === 'CJ-PROB' ? of('HLT') : [])),
      precondition: 'CUSTODY',
    }),
  ),
  row({
    recipient: 'PHE-RAW',
    name: 'Public Health England and its successors: linkage',
    purposes: ['PHE_LINKAGE'],
    art6: ['a'],
    art9: '9-2-a',
    form: 'PHE',
    categories: of('ID', 'EMP', 'ENG', 'OUT', 'HLT'),
    fields: [...identity, ...fieldsOf('EMP', 'ENG', 'OUT'), 'HLT.summary'],
    inform: ['INFORM_BEFORE'],
    approver: 'DPO',
  }),
  row({ recipient: 'RSC', name: 'Recovery Steps Cumbria', disputed: true, purposes: [], art6: ['f'], categories: [] }),
]

/** What stands in which policy stream. */
export const defaultPack: { readonly [N in PolicyName]: readonly PolicyEvent[] } = {
  notice: [NoticeVersionPublished.of({ ...published, title: 'IPS privacy notice (DEMO)' })],
  retention: [RetentionPolicyPublished.of({ ...published, yearsAfterServiceEnd: 10 })],
  recipients: [RecipientMatrixPublished.of({ ...published, rows })],
  assessments: [
    LegitimateInterestAssessmentApproved.of({ ...published, reviewBy, demo: true }),
    AppropriatePolicyDocumentApproved.of({ ...published, reviewBy, demo: true }),
  ],
  purposes: Object.entries(purposes).map(([purpose, wanted]) => PurposeRegistered.of({ ...published, purpose, categories: wanted })),
  fields: [FieldSchemasPublished.of({ ...published, fields: fieldSchemas })],
  forms: [
    ConsentFormPublished.of({ ...published, version: 'SCF-1', form: 'SHARING', statesWithdrawal: true, statesFreedomToRefuse: true }),
    ConsentFormPublished.of({ ...published, version: 'PHE-1', form: 'PHE', statesWithdrawal: true, statesFreedomToRefuse: true }),
  ],
  calendar: [HolidayCalendarPublished.of({ ...published, holidays: Array.from({ length: 31 }, (_, n) => bankHolidays(2015 + n)).flat() })],
}
