import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { Category } from '#event-kit/scope'
import type { ConsentFormKind } from '#kernel/consent-form'
import { daysAfter } from '#kernel/instants'
import type {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  ContactsUpdated,
  ExemptionsPublished,
  FieldSchemasPublished,
  HealthOversightSet,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  PolicyEvent,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
  StaffPolicyPublished,
} from './events.js'

type Versions<T> = readonly T[]
/** Everything that was ever published under one policy name. */
export type Published = {
  readonly notice: Versions<DataOfEvent<typeof NoticeVersionPublished>>
  readonly retention: Versions<DataOfEvent<typeof RetentionPolicyPublished>>
  readonly matrix: Versions<DataOfEvent<typeof RecipientMatrixPublished>>
  readonly assessments: Versions<DataOfEvent<typeof LegitimateInterestAssessmentApproved>>
  readonly policyDocuments: Versions<DataOfEvent<typeof AppropriatePolicyDocumentApproved>>
  readonly fields: Versions<DataOfEvent<typeof FieldSchemasPublished>>
  readonly calendar: Versions<DataOfEvent<typeof HolidayCalendarPublished>>
  readonly forms: Versions<DataOfEvent<typeof ConsentFormPublished>>
  readonly purposes: Versions<DataOfEvent<typeof PurposeRegistered>>
  readonly exemptions: Versions<DataOfEvent<typeof ExemptionsPublished>>
  readonly staffPolicies: Versions<DataOfEvent<typeof StaffPolicyPublished>>
  readonly contacts: Versions<DataOfEvent<typeof ContactsUpdated>>
  readonly oversight: Versions<DataOfEvent<typeof HealthOversightSet>>
}
const nothing: Published = {
  notice: [],
  retention: [],
  matrix: [],
  assessments: [],
  policyDocuments: [],
  fields: [],
  calendar: [],
  forms: [],
  purposes: [],
  exemptions: [],
  staffPolicies: [],
  contacts: [],
  oversight: [],
}

const evolve: Evolve<Published, PolicyEvent> = {
  NoticeVersionPublished: (was, one) => ({ ...was, notice: [...was.notice, one] }),
  RetentionPolicyPublished: (was, one) => ({ ...was, retention: [...was.retention, one] }),
  LegitimateInterestAssessmentApproved: (was, one) => ({ ...was, assessments: [...was.assessments, one] }),
  AppropriatePolicyDocumentApproved: (was, one) => ({ ...was, policyDocuments: [...was.policyDocuments, one] }),
  PurposeRegistered: (was, one) => ({ ...was, purposes: [...was.purposes, one] }),
  RecipientMatrixPublished: (was, one) => ({ ...was, matrix: [...was.matrix, one] }),
  FieldSchemasPublished: (was, one) => ({ ...was, fields: [...was.fields, one] }),
  ConsentFormPublished: (was, one) => ({ ...was, forms: [...was.forms, one] }),
  HolidayCalendarPublished: (was, one) => ({ ...was, calendar: [...was.calendar, one] }),
  ExemptionsPublished: (was, one) => ({ ...was, exemptions: [...was.exemptions, one] }),
  StaffPolicyPublished: (was, one) => ({ ...was, staffPolicies: [...was.staffPolicies, one] }),
  ContactsUpdated: (was, one) => ({ ...was, contacts: [...was.contacts, one] }),
  HealthOversightSet: (was, one) => ({ ...was, oversight: [...was.oversight, one] }),
}
export const policy = { category: 'policy', initial: nothing, evolve, standing: 'NOBODY' } as const

export type FieldSchema = DataOfEvent<typeof FieldSchemasPublished>['fields'][number]
export type MatrixRowPublished = DataOfEvent<typeof RecipientMatrixPublished>['rows'][number]
/** The policies in force at an instant, and the versions that say so: what a decision reads, and what its events record. */
export type PolicyFacts = {
  readonly noticeVersion: string
  readonly versions: Readonly<Record<string, string>>
  readonly matrixVersion: string
  readonly rows: ReadonlyMap<string, MatrixRowPublished>
  readonly purposes: ReadonlyMap<string, ReadonlySet<Category>>
  readonly fields: ReadonlyMap<string, FieldSchema>
  readonly formVersions: ReadonlyMap<string, { readonly form: ConsentFormKind; readonly effectiveFrom: string }>
  /** Every notice that was ever in force: the one that a form was filled in under need not be today’s. */
  readonly noticeVersions: ReadonlyMap<string, { readonly effectiveFrom: string }>
  /** C51: how long data is kept after the end of the service. */
  readonly retention: { readonly version: string; readonly years: number }
  readonly calendar: { readonly version: string; readonly holidays: ReadonlySet<string> }
  /** Whether legitimate interests are assessed, in date, for this purpose (C15). */
  readonly isAssessed: (purpose: string) => boolean
  /** Whether a policy document is in force for this purpose under this condition of Schedule 1. */
  readonly hasPolicyDocument: (purpose: string, condition: string) => boolean
  /** Whether the notice in force tells people of recognised legitimate interests. */
  readonly noticeNamesRecognisedInterests: boolean
  /** C23: none while nobody has published a list. */
  readonly exemptions: { readonly version?: string; readonly provisions: ReadonlyMap<string, string> }
  /** C38: what whoever works here acknowledges, and from when on nothing is written without. */
  readonly staffPolicies: readonly { readonly policy: string; readonly version: string; readonly acknowledgedBy: string }[]
  /** C18: whether somebody oversees health data, or did until lately; also where nobody has set that it has to be so. */
  readonly healthOverseen: boolean
  /** C18: how many days there may be nobody who oversees it, since when that counts, and how often they look. */
  readonly healthOversight?: { readonly since: string; readonly gapDays: number; readonly reviewEveryDays: number }
}

/** The service has no policy pack, or none whose time has come: nothing can be decided. */
export class NoPolicyInForce extends Error {
  constructor(what: string) {
    super(`No ${what} is in force: publish a policy pack`)
  }
}

export type Dated = { readonly version: string; readonly effectiveFrom: string }
export const hasCome =
  (now: string) =>
  ({ effectiveFrom }: Pick<Dated, 'effectiveFrom'>) =>
    Date.parse(effectiveFrom) <= Date.parse(now)

/** The last one published whose time has come. @throws NoPolicyInForce */
export function inForce<T extends Dated>(versions: Versions<T>, now: string, what: string): T {
  const one = versions.findLast(hasCome(now))
  if (!one) throw new NoPolicyInForce(what)
  return one
}

/** What was ever published, from the folds of the policies' streams: each holds kinds of its own. */
export const publishedIn = (parts: readonly Published[]): Published =>
  Object.fromEntries(
    Object.keys(nothing).map(kind => [kind, parts.flatMap((part): readonly object[] => part[kind as keyof Published])]),
  ) as unknown as Published

/** The next instant at which something published comes into force or goes out of date. */
export function nextChange(parts: readonly Published[], now: string): string {
  const published = publishedIn(parts)
  const listed = published.exemptions.flatMap(list => list.exemptions.map(({ from, until }) => ({ effectiveFrom: from, reviewBy: until })))
  const dated: readonly { readonly effectiveFrom: string; readonly reviewBy?: string | undefined }[] = [
    ...Object.values(published).flat(),
    ...listed,
  ]
  const instants = dated
    .flatMap(({ effectiveFrom, reviewBy }) => [effectiveFrom, ...(reviewBy === undefined ? [] : [reviewBy])])
    .map(instant => new Date(Date.parse(instant)).toISOString())
  return instants.filter(instant => instant > now).sort()[0] ?? '9999-12-31T23:59:59.999Z'
}

/** One policy's facts from the folds of its streams. @throws NoPolicyInForce */
export function policyFacts(parts: readonly Published[], now: string): PolicyFacts {
  const published = publishedIn(parts)
  const notice = inForce(published.notice, now, 'privacy notice')
  const retention = inForce(published.retention, now, 'retention policy')
  const matrix = inForce(published.matrix, now, 'recipient matrix')
  const fields = inForce(published.fields, now, 'field schema')
  const calendar = inForce(published.calendar, now, 'holiday calendar')
  const inDate = <T extends { readonly effectiveFrom: string; readonly reviewBy: string }>(versions: Versions<T>) =>
    versions.filter(hasCome(now)).filter(({ reviewBy }) => Date.parse(now) < Date.parse(reviewBy))
  const [interests, documents] = [inDate(published.assessments), inDate(published.policyDocuments)]
  return {
    noticeVersion: notice.version,
    versions: { recipients: matrix.version, retention: retention.version, fields: fields.version, calendar: calendar.version },
    matrixVersion: matrix.version,
    rows: new Map(matrix.rows.map(row => [row.recipient, row])),
    purposes: new Map(published.purposes.filter(hasCome(now)).map(({ purpose, categories }) => [purpose, new Set(categories)])),
    fields: new Map(fields.fields.map(schema => [schema.field, schema])),
    formVersions: new Map(
      published.forms
        .filter(hasCome(now))
        .filter(({ statesWithdrawal, statesFreedomToRefuse }) => statesWithdrawal && statesFreedomToRefuse)
        .map(({ version, form, effectiveFrom }) => [version, { form, effectiveFrom }]),
    ),
    noticeVersions: new Map(published.notice.filter(hasCome(now)).map(({ version, effectiveFrom }) => [version, { effectiveFrom }])),
    retention: { version: retention.version, years: retention.yearsAfterServiceEnd },
    calendar: { version: calendar.version, holidays: new Set(calendar.holidays) },
    isAssessed: purpose => interests.some(({ everything, purposes }) => everything || purposes.includes(purpose)),
    hasPolicyDocument: (purpose, condition) =>
      documents.some(({ everything, covers }) => everything || covers.some(one => one.purpose === purpose && one.condition === condition)),
    noticeNamesRecognisedInterests: notice.bases.includes('ea'),
    exemptions: exemptionsOf(published.exemptions.findLast(hasCome(now)), now),
    staffPolicies: lastOfEach(published.staffPolicies, now, ({ policy }) => policy).map(
      ({ policy, version, effectiveFrom, graceDays }) => ({ policy, version, acknowledgedBy: daysAfter(effectiveFrom, graceDays) }),
    ),
    healthOverseen: true,
    ...oversightOf(published.oversight.findLast(hasCome(now))),
  }
}

/** Of each name the last one published whose time has come. */
export const lastOfEach = <T extends Dated>(versions: readonly T[], now: string, name: (one: T) => string): readonly T[] => [
  ...new Map(versions.filter(hasCome(now)).map(one => [name(one), one])).values(),
]

function oversightOf(set: DataOfEvent<typeof HealthOversightSet> | undefined): Pick<PolicyFacts, 'healthOversight'> {
  if (!set) return {}
  const { effectiveFrom: since, gapDays, reviewEveryDays } = set
  return { healthOversight: { since, gapDays, reviewEveryDays } }
}

type Exemptions = DataOfEvent<typeof ExemptionsPublished>
/** Those of a list that are in force. */
export const exemptionsIn = ({ exemptions }: Exemptions, now: string): Exemptions['exemptions'] =>
  exemptions.filter(
    ({ from, until }) => Date.parse(from) <= Date.parse(now) && (until === undefined || Date.parse(now) < Date.parse(until)),
  )

function exemptionsOf(list: Exemptions | undefined, now: string): PolicyFacts['exemptions'] {
  if (!list) return { provisions: new Map() }
  return { version: list.version, provisions: new Map(exemptionsIn(list, now).map(({ exemption, provision }) => [exemption, provision])) }
}
