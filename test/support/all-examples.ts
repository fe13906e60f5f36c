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
} from '#policy/events'
import { type AccessEvent, CommandRefused, HistoryRead, RecordAccessed, SearchMade } from '#domain/access/events'
import { InstallationBegun, type InstallationEvent } from '#domain/installation/events'
import {
  LedgerEpochBegun,
  LedgerExported,
  LedgerGapFound,
  LedgerHeartbeatRecorded,
  LedgerKeyAdded,
  LedgerOpened,
  type LedgerEvent,
} from '#domain/ledger/events'
import { auditExamples } from '#domain/audit/examples'
import { breachExamples } from '#domain/breach/examples'
import { examples as personExamples } from '#domain/person/examples'
import { type OrganisationEvent, RoleAppointed, type StaffEvent, StaffRegistered } from '#domain/staff/events'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never
const at = '2026-11-01T09:00:00.000Z'
const published = { version: 'SPEC-1', effectiveFrom: at } as const

const accessExamples = {
  RecordAccessed: RecordAccessed.of({ accessId: uuid(40), subjectRef: uuid(1), what: 'CASE', fields: ['ID.name'], at }),
  SearchMade: SearchMade.of({ accessId: uuid(40), by: 'PHONE', hits: 1, at }),
  HistoryRead: HistoryRead.of({
    accessId: uuid(40),
    stream: 'organisation-main',
    type: 'DataShared',
    from: '0',
    events: 2,
    auditId: uuid(50),
    door: 'ReadHistory.read',
    subjectRef: uuid(1),
    at,
  }),
  CommandRefused: CommandRefused.of({
    refusalId: uuid(41),
    command: 'ShareData',
    subjectRef: uuid(1),
    code: 'CONSENT_NOT_GRANTED',
    clause: 'C31',
    at,
  }),
} satisfies { readonly [T in AccessEvent['type']]: Extract<AccessEvent, { type: T }> }

const ledgerExamples = {
  LedgerOpened: LedgerOpened.of({
    origin: 'ledger.example/1',
    vkey: 'ledger.example/1+0f1e2d3c+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    filterVersion: 1,
    leafVersion: 1,
    at,
  }),
  LedgerKeyAdded: LedgerKeyAdded.of({
    origin: 'ledger.example/1',
    vkey: 'ledger.example/1+0f1e2d3c+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    at,
  }),
  LedgerEpochBegun: LedgerEpochBegun.of({
    origin: 'ledger.example/2',
    previous: 'ledger.example/1',
    size: 412,
    root: `${'A'.repeat(43)}=`,
    at,
  }),
  LedgerHeartbeatRecorded: LedgerHeartbeatRecorded.of({ at, position: '193847', size: 412 }),
  LedgerGapFound: LedgerGapFound.of({ stream: 'person-00000000-0000-4000-8000-000000000001', expected: '3', found: '5', at }),
  LedgerExported: LedgerExported.of({
    scope: 'RANGE',
    stream: 'person-00000000-0000-4000-8000-000000000001',
    from: 0,
    to: 412,
    headers: 'SCOPED',
    size: 412,
    leaves: 12,
    scopeDigest: 'A'.repeat(43),
    reference: 'AUDIT-2026-1',
    approval: 'DPO-17',
    at,
  }),
} satisfies { readonly [T in LedgerEvent['type']]: Extract<LedgerEvent, { type: T }> }

const installationExamples = { InstallationBegun: InstallationBegun.of({ logId: uuid(60), vaultId: uuid(61), at }) } satisfies {
  readonly [T in InstallationEvent['type']]: Extract<InstallationEvent, { type: T }>
}

const staffExamples = {
  StaffRegistered: StaffRegistered.of({ staffRef: uuid(42), role: 'dpo', at }),
  RoleAppointed: RoleAppointed.of({ staffRef: uuid(42), role: 'dpo', as: 'HOLDER', from: at }),
} satisfies { readonly [T in (StaffEvent | OrganisationEvent)['type']]: Extract<StaffEvent | OrganisationEvent, { type: T }> }

const policyExamples = {
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
} satisfies { readonly [T in PolicyEvent['type']]: Extract<PolicyEvent, { type: T }> }

/** An example of every event that Caseledger stores. */
export const allExamples: Readonly<Record<string, { readonly type: string; readonly data: object }>> = {
  ...personExamples,
  ...breachExamples,
  ...accessExamples,
  ...auditExamples,
  ...installationExamples,
  ...ledgerExamples,
  ...staffExamples,
  ...policyExamples,
}
