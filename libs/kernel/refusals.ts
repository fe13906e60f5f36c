import { access } from './refusals/access.js'
import { basis } from './refusals/basis.js'
import { contact } from './refusals/contact.js'
import { eligibility } from './refusals/eligibility.js'
import { type RefusalClass, type RefusalText, statusOfClass } from './refusals/refusal-text.js'
import { request } from './refusals/request.js'
import { rights } from './refusals/rights.js'
import { sharing } from './refusals/sharing.js'
import { state } from './refusals/state.js'
import { validation } from './refusals/validation.js'

type Classes = {
  readonly validation: typeof validation
  readonly eligibility: typeof eligibility
  readonly basis: typeof basis
  readonly contact: typeof contact
  readonly sharing: typeof sharing
  readonly state: typeof state
  readonly rights: typeof rights
  readonly access: typeof access
  readonly request: typeof request
}
type CodeOf<C extends RefusalClass> = { [D in C]: keyof Classes[D] }[C]
/** A code that two classes have: one of the two texts would be hidden. */
type InTwoClasses = { [C in RefusalClass]: CodeOf<C> & CodeOf<Exclude<RefusalClass, C>> }[RefusalClass]
type EachCodeOnce = [InTwoClasses] extends [never] ? Record<CodeOf<RefusalClass>, RefusalText> : { readonly inTwoClasses: InTwoClasses }

/** Every code that a refusal can carry: closed, in plain English, with what would make it allowed. No text holds a personal value. */
export const refusals = {
  ...validation,
  ...eligibility,
  ...basis,
  ...contact,
  ...sharing,
  ...state,
  ...rights,
  ...access,
  ...request,
} as const satisfies EachCodeOnce

export type RefusalCode = keyof typeof refusals
/** What of what was asked is wrong, in plain English and without a value. */
export type RefusedPart = { readonly field?: string; readonly rule: string }
/** The first rule that failed, the others that would have failed too, and what exactly was wrong where the rule alone does not say. */
export type Refusal<C extends RefusalCode = RefusalCode> = {
  readonly code: C
  readonly also?: readonly C[]
  readonly parts?: readonly RefusedPart[]
}

export const refusalText = (code: RefusalCode): RefusalText => refusals[code]
export const statusOf = (code: RefusalCode): number => refusalText(code).status ?? statusOfClass[refusalText(code).class]
export const refused = <const C extends RefusalCode>(
  code: C,
  parts: readonly RefusedPart[] = [],
): { readonly ok: false; readonly refusal: Refusal<C> } => ({ ok: false, refusal: { code, ...(parts.length > 0 ? { parts } : {}) } })
