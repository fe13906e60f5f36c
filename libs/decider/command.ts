import type { Category } from '#event-kit/scope'
import type { Actor } from '#kernel/actor'
import type { Clause } from '#kernel/clauses'
import type { LawfulBasis } from '#kernel/lawful-basis'
import type { Refusal, RefusalCode } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { Aggregate, Typed } from './decider.js'

/**
 * The rules that hold for everything that is written (libs/commands/write-rules.ts): a purpose that is registered, a basis that holds,
 * somebody who is neither erased nor restricted, training in date, and a need to know.
 */
export const writeRules = ['W2', 'W3', 'W6', 'W7', 'W8'] as const
export type WriteRule = (typeof writeRules)[number]

/** Facts that every decision may ask for. What else it needs, it names itself. */
export type At = { readonly now: string }
export type By = { readonly actor: Actor }

/** An event that a decision wants; purpose and basis where it rests on others than the command does. */
export type Decided<E> = E & { readonly purpose?: string; readonly basis?: LawfulBasis }

/** What somebody may ask for: everything that follows from it, from the door to the clause table, is derived. */
export type CommandDefinition<I, S, E extends Typed, C extends RefusalCode, F, K extends string> = {
  /** As it stands in metadata and refusals. */
  readonly name: string
  /** Clauses of the notice that it carries out. */
  readonly clauses: readonly Clause[]
  /** In a few words, for whoever reads the API's documents. */
  readonly says: string
  readonly aggregate: Aggregate<S, E>
  /** The id of the stream that it writes to. */
  readonly streamId: (input: I) => string
  /** Whose it is: by any of these rows of libs/policy/capabilities.ts. */
  readonly capability: K | readonly K[]
  /** What the row has to let them do; COMMAND unless told. */
  readonly may?: 'COMMAND' | 'APPROVE'
  readonly purpose: string | ((input: I) => string)
  readonly basis: LawfulBasis
  /** The categories of personal data that it processes. */
  readonly categories: (input: I) => readonly Category[]
  /** Each with its reason in a comment: what must never be refused, or is judged by a rule of its own. */
  readonly exemptFrom: readonly WriteRule[] | ((input: I) => readonly WriteRule[])
  /** Those of its own: the write rules have theirs. */
  readonly refusals: readonly C[]
  readonly decide: (input: I, facts: F) => (state: S) => Result<readonly Decided<E>[], Refusal<NoInfer<C>>>
}

/**
 * Nothing but the types: a decision that refuses with a code it does not name, or wants an event that its stream does not hold, does not
 * compile.
 */
export const command = <I, S, E extends Typed, const C extends RefusalCode, F, const K extends string>(
  definition: CommandDefinition<I, S, E, C, F, K>,
): CommandDefinition<I, S, E, C, F, K> => definition

/** Of a command that processes no personal data, or none that it could name by category. */
export const noCategories = (): readonly Category[] => []
/** From which rules this input is exempt. */
export const exemptionsOf = <I>(
  { exemptFrom }: { readonly exemptFrom: readonly WriteRule[] | ((input: I) => readonly WriteRule[]) },
  input: I,
): readonly WriteRule[] => (typeof exemptFrom === 'function' ? exemptFrom(input) : exemptFrom)

export const purposeOf = <I>({ purpose }: { readonly purpose: string | ((input: I) => string) }, input: I): string =>
  typeof purpose === 'function' ? purpose(input) : purpose
