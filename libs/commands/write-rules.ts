import { type CommandDefinition, type Decided, type WriteRule, exemptionsOf, purposeOf } from '#decider/command'
import type { Aggregate, Typed } from '#decider/decider'
import { incident } from '#domain/incident/incident'
import { acknowledgement, isTrained } from '#domain/staff/staff'
import { keySubjects } from '#event-kit/key-subjects'
import { type Category, isCriminal, isSpecial } from '#event-kit/scope'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { PolicyFacts } from '#policy/policy'
import type { NoWay } from './need-to-know.js'

/** What the rules for everything that is written go by. */
export type WriteFacts = {
  readonly policy: PolicyFacts
  readonly now: string
  /** Until when the training of whoever commands is in date. Undefined while no training is on record: then there is no rule yet. */
  readonly trainedUntil?: string | undefined
  /** The policies that whoever commands has read, as `acknowledgement` has them. Undefined of a machine: it reads none. */
  readonly acknowledged?: ReadonlySet<string> | undefined
  /** Why what is decided about is closed to whoever commands, if it is. */
  readonly closed: (state: unknown) => NoWay['code'] | undefined
}

/** What the write rules refuse with, beside the refusals of the definition itself. */
export const writeRefusals = {
  W2: 'PURPOSE_NOT_REGISTERED',
  W3: ['LAWFUL_BASIS_MISSING', 'NO_HEALTH_PROFESSIONAL_OVERSIGHT'],
  W6: ['SUBJECT_ERASED', 'PROCESSING_RESTRICTED'],
  W7: ['TRAINING_EXPIRED', 'POLICY_NOT_ACKNOWLEDGED'],
  W8: ['CONFLICT_OF_INTEREST', 'NO_NEED_TO_KNOW'],
} as const satisfies { readonly [W in WriteRule]: RefusalCode | readonly RefusalCode[] }
export type WriteRefusal = Flat<(typeof writeRefusals)[WriteRule]>
type Flat<T> = T extends readonly (infer One)[] ? One : T

/** The refusals that a definition can meet: its own, and those of the write rules that it is not exempt from whatever the input. */
export const refusalsOf = ({
  refusals,
  exemptFrom,
  aggregate,
}: Pick<AnyDefinition, 'refusals' | 'exemptFrom' | 'aggregate'>): readonly RefusalCode[] =>
  [
    ...(Object.keys(writeRefusals) as WriteRule[])
      .filter(
        rule =>
          (typeof exemptFrom === 'function' || !exemptFrom.includes(rule))
          && ((rule !== 'W6' && rule !== 'W8') || aggregate.standing !== 'NOBODY'),
      )
      .flatMap(rule => writeRefusals[rule]),
    ...refusals,
  ].filter((code, n, all) => all.indexOf(code) === n)

/* eslint-disable @typescript-eslint/no-explicit-any -- definitions of every kind in one list */
export type AnyDefinition = CommandDefinition<any, any, any, RefusalCode, any, string>
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The person that a command is about, where its stream is a person's. */
export const subjectOf = <I>(
  { aggregate, streamId }: { readonly aggregate: { readonly category: string }; readonly streamId: (input: I) => string },
  input: I,
): string | undefined => (aggregate.category === keySubjects.SubjectRef.category ? streamId(input) : undefined)

/** What the refusal of a command is about, where it is about a person or an incident. */
export const aboutOf = <I>(definition: Parameters<typeof subjectOf<I>>[0], input: I) => ({
  subjectRef: subjectOf(definition, input),
  incidentId: definition.aggregate.category === incident.category ? definition.streamId(input) : undefined,
})

/**
 * Which rule stands in the way of a command before anything is decided: W6 somebody who is erased or restricted, W8 somebody whose record
 * is closed to whoever commands, W7 training that has lapsed, or a policy in force that they have not acknowledged in time (C38), W2 a
 * purpose that is not registered and in force. Undefined: none.
 */
export function brokenRule<I, S>(
  definition: Pick<CommandDefinition<I, S, Typed, RefusalCode, never, string>, 'exemptFrom' | 'purpose'> & {
    readonly aggregate: Pick<Aggregate<S, Typed>, 'standing'>
  },
  input: I,
  state: S,
  { policy, now, trainedUntil, acknowledged, closed }: WriteFacts,
): WriteRefusal | undefined {
  const exempt = exemptionsOf(definition, input)
  const { standing } = definition.aggregate
  const stands = standing === 'NOBODY' || exempt.includes('W6') ? undefined : standing(state)
  if (stands?.erased) return 'SUBJECT_ERASED'
  if (stands?.restricted) return 'PROCESSING_RESTRICTED'
  const isClosed = exempt.includes('W8') ? undefined : closed(state)
  if (isClosed) return isClosed
  if (!exempt.includes('W7') && !isTrained(trainedUntil, now)) return 'TRAINING_EXPIRED'
  if (!exempt.includes('W7') && acknowledged && !hasRead(acknowledged, policy, now)) return 'POLICY_NOT_ACKNOWLEDGED'
  if (!exempt.includes('W2') && !policy.purposes.has(purposeOf(definition, input))) return 'PURPOSE_NOT_REGISTERED'
  return undefined
}

const hasRead = (acknowledged: ReadonlySet<string>, { staffPolicies }: PolicyFacts, now: string) =>
  staffPolicies.every(one => now < one.acknowledgedBy || acknowledged.has(acknowledgement(one.policy, one.version)))

/**
 * The decision of a definition, under the rules that hold for everything that is written: those of `brokenRule` first; then, of what the
 * decision would write, W2 its own purpose and W3 a basis that holds for purpose and categories, and somebody who oversees health data
 * (C18). What the decision itself refuses comes before W3. Whatever is exempt from a rule says so in its definition, with the reason.
 */
export function underWriteRules<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
  definition: CommandDefinition<I, S, E, C, F, K>,
  input: I,
  facts: F,
  write: WriteFacts,
): (state: S) => Result<readonly Decided<E>[], Refusal<C | WriteRefusal>> {
  const exempt = exemptionsOf(definition, input)
  const commanded = purposeOf(definition, input)
  const categories = definition.categories(input)
  return state => {
    const broken = brokenRule(definition, input, state, write)
    if (broken) return refused(broken)
    const decided = definition.decide(input, facts)(state)
    if (!decided.ok) return decided
    if (!exempt.includes('W3') && categories.includes('HLT') && !write.policy.healthOverseen && decided.value.length > 0)
      return refused('NO_HEALTH_PROFESSIONAL_OVERSIGHT')
    for (const { purpose = commanded, basis = definition.basis } of decided.value) {
      if (!exempt.includes('W2') && !write.policy.purposes.has(purpose)) return refused('PURPOSE_NOT_REGISTERED')
      if (!exempt.includes('W3') && !isLawful(write.policy, purpose, basis, categories)) return refused('LAWFUL_BASIS_MISSING')
    }
    return decided
  }
}

/**
 * C05, C14, C18: whether a basis holds for a purpose and these categories, by the policies in force. Legitimate interests need an
 * assessment in date (C15), special categories a condition of Article 9, offences one of Schedule 1; paragraphs 8, 10 and 18 of it a
 * policy document in force.
 */
function isLawful(policy: PolicyFacts, purpose: string, { art6, art9, sch1 }: LawfulBasis, categories: readonly Category[]): boolean {
  const registered = policy.purposes.get(purpose)
  if (categories.some(category => !registered?.has(category))) return false
  if (art6 === 'f' && !policy.isAssessed(purpose)) return false
  if (categories.some(isSpecial) && art9 === undefined) return false
  if (categories.some(isCriminal) && sch1 === undefined) return false
  return sch1 === undefined || !needsPolicyDocument.includes(sch1) || policy.hasPolicyDocument(purpose, sch1)
}
const needsPolicyDocument: readonly string[] = ['para-8', 'para-10', 'para-18']
