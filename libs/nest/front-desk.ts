import type { CommandDefinition } from '#decider/command'
import type { Aggregate, Typed } from '#decider/decider'
import type { DecodedEvent } from '#event-codec/codec'
import type { Id } from '#kernel/id'
import type { RefusalCode } from '#kernel/refusals'
import type { PolicyFacts } from '#policy/policy'
import type { RequestFacts } from './request.js'

/** What came of a command: its events, and what every answer says beside the ids of its own. */
export type Answered<E extends Typed = Typed, S = unknown> = {
  readonly events: readonly DecodedEvent<E>[]
  /** What the command found: of one that changed nothing, what is there. */
  readonly found: S
  readonly answer: {
    readonly revision: string
    readonly position: string
    readonly events: readonly { readonly id: string; readonly type: string }[]
  }
}
/** An id for a thing that a command makes: it follows from the command's, so that a repeated creation meets its own stream. */
export type Mint = <const What extends string>(what: What) => Id<KindOf<What>>
/** `referral` names a ReferralId; a person's alone is called a reference. */
type KindOf<What extends string> = What extends 'subject' ? 'SubjectRef' : `${Capitalize<What>}Id`

/** Between the doors and the machinery: the command's id, the facts, the record of a refusal, and the answer. */
export abstract class FrontDesk {
  /** @throws Refused IDEMPOTENCY_KEY_REQUIRED */
  abstract mintFor(request: RequestFacts): Mint
  /**
   * Before a door finds out or writes anything for a command: the same Idempotency-Key with another body, and what no decision is asked
   * about. One that was accepted before goes on, to its first answer. @throws Refused IDEMPOTENCY_KEY_REUSED, or by a write rule
   */
  abstract assertMayBegin<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    request: RequestFacts,
    input: I,
  ): Promise<void>
  /** Whether the stream already holds what this command led to. */
  abstract wasAccepted<S, E extends Typed>(request: RequestFacts, aggregate: Aggregate<S, E>, id: string): Promise<boolean>
  /** @throws Refused with the refusal of the write rules or the decision; StoreUnavailable, KeyStoreUnavailable. */
  abstract decide<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    request: RequestFacts,
    input: I,
    facts: (policy: PolicyFacts, now: string) => F,
  ): Promise<Answered<E, S>>
  /** Does the work of a command: what is refused on the way, wherever it is thrown, is on record. @throws what the work throws */
  abstract onRecord<T>(command: Commanded, request: RequestFacts, work: () => Promise<T>): Promise<T>
}
/** Of a command what its refusal is recorded with. */
export type Commanded = Pick<CommandDefinition<never, never, never, never, never, never>, 'name' | 'basis'> & {
  readonly purpose: string
  readonly subjectRef: string | undefined
  readonly incidentId?: string | undefined
}
