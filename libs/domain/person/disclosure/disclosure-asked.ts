import type { Citation } from './citation.js'
import type { NotificationDecision, Urgency } from './events.js'

/** What somebody asks to share, as far as the rules look at it: of words that are sealed, only whether they are there. */
export type DisclosureAsked = {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  readonly fields: readonly string[]
  readonly confidentialityBasis?: string | undefined
  readonly legalProvision?: Citation | undefined
  /** The law as a request cited it in words before citations had parts: it was judged then, and stands as it is. */
  readonly citedAsText?: string | undefined
  readonly hasOrderReference: boolean
  /** The fields that a court’s order or a provision names. */
  readonly requiredFields?: readonly string[] | undefined
  readonly victimRequest?: { readonly isComplete: boolean; readonly saysProbativeValue: boolean } | undefined
  readonly notification?:
    | {
        readonly decision: NotificationDecision
        readonly exemption?: string | undefined
        /** It was named before there was a list of exemptions, and judged then. */
        readonly beforeTheList?: boolean | undefined
        readonly reviewOn?: string | undefined
      }
    | undefined
  readonly urgency: Urgency
}
