import { type CommandDefinition, type Decided, type WriteRule, purposeOf } from '#decider/command'
import type { Typed } from '#decider/decider'
import { type Category, isCriminal, isSpecial } from '#event-kit/scope'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { PolicyFacts } from '#policy/policy'

/** What the rules for everything that is written go by. */
export type WriteFacts = {
  readonly policy: PolicyFacts
  readonly now: string
  /** Until when the training of whoever commands is in date. Undefined while no training is on record: then there is no rule yet. */
  readonly trainedUntil?: string | undefined
}

/** What the write rules refuse with, beside the refusals of the definition itself. */
export const writeRefusals = {
  W2: 'PURPOSE_NOT_REGISTERED',
  W3: 'LAWFUL_BASIS_MISSING',
  W6: ['SUBJECT_ERASED', 'PROCESSING_RESTRICTED'],
  W7: 'TRAINING_EXPIRED',
} as const satisfies { readonly [W in WriteRule]: RefusalCode | readonly RefusalCode[] }
export type WriteRefusal = Flat<(typeof writeRefusals)[WriteRule]>
type Flat<T> = T extends readonly (infer One)[] ? One : T

/** The refusals that a definition can meet: its own, and those of the write rules that it is not exempt from. */
export const refusalsOf = ({
  refusals,
  exemptFrom,
  aggregate,
}: Pick<AnyDefinition, 'refusals' | 'exemptFrom' | 'aggregate'>): readonly RefusalCode[] =>
  [
    ...(Object.keys(writeRefusals) as WriteRule[])
      .filter(rule => !exemptFrom.includes(rule) && (rule !== 'W6' || aggregate.standing !== undefined))
      .flatMap(rule => writeRefusals[rule]),
    ...refusals,
  ].filter((code, n, all) => all.indexOf(code) === n)

/* eslint-disable @typescript-eslint/no-explicit-any -- definitions of every kind in one list */
export type AnyDefinition = CommandDefinition<any, any, any, RefusalCode, any, string>
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * The decision of a definition, under the rules that hold for everything that is written: W2 a purpose that is registered and in force,
 * W3 a basis that holds for purpose and categories, W6 somebody who is neither erased nor restricted, W7 training in date. Whoever is
 * exempt from one is named in the definition, with the reason. What the decision itself refuses comes before W3, which is about what
 * would be written.
 */
export function underWriteRules<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
  definition: CommandDefinition<I, S, E, C, F, K>,
  input: I,
  facts: F,
  { policy, now, trainedUntil }: WriteFacts,
): (state: S) => Result<readonly Decided<E>[], Refusal<C | WriteRefusal>> {
  const holds = (rule: WriteRule) => !definition.exemptFrom.includes(rule)
  const purpose = purposeOf(definition, input)
  const categories = definition.categories?.(input) ?? []
  return state => {
    if (holds('W7') && trainedUntil !== undefined && trainedUntil <= now) return refused('TRAINING_EXPIRED')
    const standing = holds('W6') ? definition.aggregate.standing?.(state) : undefined
    if (standing?.erased) return refused('SUBJECT_ERASED')
    if (standing?.restricted) return refused('PROCESSING_RESTRICTED')
    if (holds('W2') && !policy.purposes.has(purpose)) return refused('PURPOSE_NOT_REGISTERED')
    const decided = definition.decide(input, facts)(state)
    if (!decided.ok || !holds('W3')) return decided
    const ill = decided.value.some(event => !isLawful(policy, event.purpose ?? purpose, event.basis ?? definition.basis, categories))
    return ill ? refused('LAWFUL_BASIS_MISSING') : decided
  }
}

/**
 * C05, C14, C18: whether a basis holds for a purpose and these categories, by the policies in force. Legitimate interests need an
 * assessment in date (C15), special categories a condition of Article 9, offences one of Schedule 1; paragraphs 10 and 18 of it a policy
 * document in force.
 */
function isLawful(policy: PolicyFacts, purpose: string, { art6, art9, sch1 }: LawfulBasis, categories: readonly Category[]): boolean {
  const registered = policy.purposes.get(purpose)
  if (categories.some(category => !registered?.has(category))) return false
  if (art6 === 'f' && !policy.assessmentInDate) return false
  if (categories.some(isSpecial) && art9 === undefined) return false
  if (categories.some(isCriminal) && sch1 === undefined) return false
  return !needsPolicyDocument.includes(sch1 ?? '') || policy.policyDocumentInForce
}
const needsPolicyDocument: readonly string[] = ['para-10', 'para-18']
