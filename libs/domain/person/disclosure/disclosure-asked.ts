import type { NotificationDecision, Urgency } from './events.js'

export type DisclosureAsked = {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  readonly fields: readonly string[]
  readonly confidentialityBasis?: string | undefined
  readonly legalProvision?: string | undefined
  readonly hasOrderReference: boolean
  readonly notification?:
    | {
        readonly decision: NotificationDecision
        readonly exemption?: string | undefined
        readonly approver?: string | undefined
        readonly reviewOn?: string | undefined
      }
    | undefined
  readonly urgency: Urgency
}
