import type { Category } from '#event-kit/scope'
import type { ConsentFormKind } from '#kernel/consent-form'
import type { NotificationDecision } from './events.js'

export type Approver = 'NONE' | 'TEAM_LEADER' | 'CALDICOTT' | 'DPO'
/** One row of the recipient matrix in force, as policy data. */
export type MatrixRow = {
  readonly recipient: string
  readonly name: string
  readonly disputed: boolean
  readonly purposes: readonly string[]
  /** The Article 6 bases that the row offers, the one by default first: a (consent), c, d, ea, f. */
  readonly art6: readonly string[]
  /** Of (ea): which condition of Annex 1. */
  readonly annex1?: string | undefined
  readonly art9?: string | undefined
  readonly sch1?: string | undefined
  readonly form: 'NONE' | ConsentFormKind
  readonly categories: readonly Category[]
  readonly fields: readonly string[]
  /** Who it is about has to be said: these go with every consent to share, whatever else was ticked. */
  readonly minimum: readonly string[]
  /** Whether all of the fields may go, or of them only those that the order or the provision names. */
  readonly fieldsNamedBy: 'MATRIX' | 'REQUIREMENT'
  readonly inform: readonly NotificationDecision[]
  readonly precondition: 'NONE' | 'STARS' | 'CJ_INTERVENTION' | 'CJ_ORDER' | 'CUSTODY' | 'PANEL' | 'RISK' | 'COURT_ORDER' | 'VICTIM_REQUEST'
  readonly approver: Approver
  /** Safeguarding is never refused by paperwork: `urgency: IMMEDIATE` sends first. */
  readonly immediate: boolean
  readonly needsPolicyDocument: boolean
  /** Schedule 1 ¶10(2): for what is told to a competent authority no policy document is needed. */
  readonly competentAuthority: boolean
  /** C25, C26: to protect somebody, or because the law or a court says so. */
  readonly protects: boolean
}
export type SharingPolicy = {
  readonly matrixVersion: string
  readonly rows: ReadonlyMap<string, MatrixRow>
  readonly purposes: ReadonlySet<string>
  /** The exemptions in force, and the version of their list: none while nobody has published any. */
  readonly exemptions: { readonly version?: string | undefined; readonly codes: ReadonlySet<string> }
  /** Whether legitimate interests are assessed, in date, for this purpose. */
  readonly isAssessed: (purpose: string) => boolean
  /** Whether a policy document is in force for this purpose under this condition of Schedule 1. */
  readonly hasPolicyDocument: (purpose: string, condition: string) => boolean
  /** Whether the notice in force tells people of recognised legitimate interests, Article 6(1)(ea). */
  readonly noticeNamesRecognisedInterests: boolean
  /** C18: whether somebody oversees health data, or did until lately. */
  readonly healthOverseen: boolean
}
