import type { Category } from '#event-kit/scope'
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
  readonly art9?: string | undefined
  readonly sch1?: string | undefined
  readonly form: 'NONE' | 'SHARING' | 'PHE'
  readonly categories: readonly Category[]
  readonly fields: readonly string[]
  readonly inform: readonly NotificationDecision[]
  readonly precondition: 'NONE' | 'STARS' | 'CJ_INTERVENTION' | 'CJ_ORDER' | 'CUSTODY' | 'PANEL' | 'RISK' | 'COURT_ORDER'
  readonly approver: Approver
  /** Safeguarding is never refused by paperwork: `urgency: IMMEDIATE` sends first. */
  readonly immediate: boolean
  readonly needsPolicyDocument: boolean
}
export type SharingPolicy = {
  readonly matrixVersion: string
  readonly rows: ReadonlyMap<string, MatrixRow>
  readonly purposes: ReadonlySet<string>
  readonly assessmentInDate: boolean
  readonly policyDocumentInForce: boolean
}
