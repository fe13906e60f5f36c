import { Injectable } from '@nestjs/common'
import { type CommandFacts, Commands, type Decided } from '#commands/commands'
import { StreamFolds, type Aggregate } from '#commands/folds'
import { commandIdOf } from '#commands/ids'
import type { SeenCommands } from '#commands/seen-commands'
import type { Typed } from '#decider/decider'
import type { DecodedEvent } from '#event-codec/codec'
import type { LawfulBasis } from '#event-codec/metadata'
import type { Policies } from '#commands/policies-in-force'
import type { Clock } from '#kernel/clock'
import type { Refusal } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import { Refused, refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import type { PolicyFacts } from '#policy/policy'
import { Records } from './records.js'

export type Answered<E extends Typed = Typed> = {
  readonly events: readonly DecodedEvent<E>[]
  /** What every command answers, beside the ids of its own. */
  readonly answer: {
    readonly revision: string
    readonly position: string
    readonly events: readonly { readonly id: string; readonly type: string }[]
  }
}
export type Asked<S, E extends Typed, R> = {
  /** The command's name, as it stands in metadata and refusals. */
  readonly command: string
  readonly aggregate: Aggregate<S, E>
  readonly id: string
  readonly purpose: string
  readonly basis: LawfulBasis
  readonly decide: (policy: PolicyFacts, now: string) => (state: S) => Result<readonly Decided<E>[], R>
}

/** Refusals after which not even a digest of the request is kept. */
const leavesNoTrace: readonly string[] = ['SUBJECT_ERASED', 'NOT_FOUND', 'DUPLICATE_REFERRAL']

/** Between the doors and the machinery: the command id, the facts, the record of a refusal, and the answer. */
@Injectable()
export class CommandDesk {
  readonly #commandIds = new WeakMap<RequestFacts, string>()

  constructor(
    readonly commands: Commands,
    readonly folds: StreamFolds,
    readonly policies: Policies,
    readonly records: Records,
    private readonly seen: SeenCommands,
    private readonly serviceKey: string,
    readonly clock: Clock,
  ) {}

  /** The same for the whole of a request. @throws Refused IDEMPOTENCY_KEY_REQUIRED */
  commandId(told: RequestFacts): string {
    const { actor, method, path, idempotencyKey } = told
    if (idempotencyKey === undefined) throw refusedAs('IDEMPOTENCY_KEY_REQUIRED')
    const known = this.#commandIds.get(told) ?? commandIdOf(this.serviceKey, actor.id, method, path, idempotencyKey)
    this.#commandIds.set(told, known)
    return known
  }

  /**
   * The same Idempotency-Key with another body. A door that writes anything before it decides asks first. @throws Refused
   * IDEMPOTENCY_KEY_REUSED
   */
  async assertNotMisused(told: RequestFacts, subjectRef: string | undefined): Promise<void> {
    if (!(await this.seen.isSame(this.commandId(told), subjectRef, told.body))) throw refusedAs('IDEMPOTENCY_KEY_REUSED')
  }

  /** Whether the stream already holds what this command led to. */
  async wasAccepted<S, E extends Typed>(told: RequestFacts, aggregate: Aggregate<S, E>, id: string): Promise<boolean> {
    return (await this.folds.load(aggregate, id)).commands.has(this.commandId(told))
  }

  /** @throws Refused with the decision's refusal, which is on record by then; StoreUnavailable, KeyStoreUnavailable. */
  async decide<S, E extends Typed, R extends Refusal>(told: RequestFacts, asked: Asked<S, E, R>): Promise<Answered<E>> {
    const commandId = this.commandId(told)
    const subjectRef = asked.aggregate.category === 'person' ? asked.id : undefined
    const now = this.clock.now()
    const [policy, loaded] = await Promise.all([
      this.policies.inForce(now),
      this.folds.load(asked.aggregate, asked.id),
      this.assertNotMisused(told, subjectRef),
    ])
    const facts: CommandFacts = {
      actor: told.actor,
      purpose: asked.purpose,
      lawfulBasis: asked.basis,
      noticeVersion: policy.noticeVersion,
      policies: policy.versions,
      regime: 'UK-GDPR',
      correlationId: told.correlationId,
      commandId,
      command: asked.command,
      occurredAt: now,
    }
    const outcome = await this.commands.execute({
      aggregate: asked.aggregate,
      id: asked.id,
      facts,
      loaded,
      ifMatch: told.ifMatch,
      decide: asked.decide(policy, now),
    })
    switch (outcome.kind) {
      case 'accepted':
        return {
          events: outcome.events,
          answer: {
            revision: outcome.revision === 'no_stream' ? '' : String(outcome.revision),
            position: String(outcome.position ?? 0n),
            events: outcome.events.map(({ type, meta }) => ({ id: meta.eventId, type })),
          },
        }
      case 'conflict':
        throw refusedAs('VERSION_CONFLICT')
      case 'refused':
        // An unknown id is no decision about a person: there is nothing to record it against.
        if (outcome.refusal.code !== 'NOT_FOUND') this.records.refusal(facts, outcome.refusal.code, subjectRef)
        if (leavesNoTrace.includes(outcome.refusal.code)) await this.seen.forget(commandId)
        throw new Refused(outcome.refusal)
    }
  }
}
