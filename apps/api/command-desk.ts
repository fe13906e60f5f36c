import { Injectable } from '@nestjs/common'
import { type CommandFacts, Commands } from '#commands/commands'
import { StreamFolds } from '#commands/folds'
import { commandIdOf, derivedId, involvementOf } from '#commands/ids'
import type { Policies } from '#commands/policies-in-force'
import type { SeenCommands } from '#commands/seen-commands'
import { StreamBusy } from '#commands/turns'
import { wayIn } from '#commands/need-to-know'
import { type WriteFacts, brokenRule, subjectOf, underWriteRules } from '#commands/write-rules'
import { type CommandDefinition, purposeOf } from '#decider/command'
import type { Aggregate, Typed } from '#decider/decider'
import { incident } from '#domain/incident/incident'
import type { Person } from '#domain/person/person'
import type { Clock } from '#kernel/clock'
import { type RefusalCode, refusalText, statusOf } from '#kernel/refusals'
import { type Answered, type Commanded, FrontDesk, type Mint } from '#nest/front-desk'
import { Refused, refusalOfError, refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import type { Records } from '#opening/records'
import type { Capability } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { reachOf } from '#policy/reach'

/** Refusals after which not even a digest of the request is kept. */
const leavesNoTrace: readonly RefusalCode[] = ['SUBJECT_ERASED', 'NOT_FOUND', 'DUPLICATE_REFERRAL', 'ROLE_NOT_PERMITTED']
/** Of the refusals of requests, those of one that is well-formed. */
const ofWellFormed: readonly RefusalCode[] = ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED']
const isDecided = (code: RefusalCode) => statusOf(code) < 500 && (refusalText(code).class !== 'request' || ofWellFormed.includes(code))

@Injectable()
export class CommandDesk extends FrontDesk {
  readonly #commandIds = new WeakMap<RequestFacts, string>()

  constructor(
    readonly commands: Commands,
    readonly folds: StreamFolds,
    readonly policies: Policies,
    readonly records: Records,
    private readonly seen: SeenCommands,
    private readonly serviceKey: string,
    readonly clock: Clock,
  ) {
    super()
  }

  /** The same for the whole of a request. @throws Refused IDEMPOTENCY_KEY_REQUIRED */
  commandId(request: RequestFacts): string {
    const { actor, method, path, idempotencyKey } = request
    if (idempotencyKey === undefined) throw refusedAs('IDEMPOTENCY_KEY_REQUIRED')
    const known = this.#commandIds.get(request) ?? commandIdOf(this.serviceKey, actor.id, method, path, idempotencyKey)
    this.#commandIds.set(request, known)
    return known
  }

  /** What was refused may be asked again in other words: nothing of it is kept. */
  async forget(request: RequestFacts): Promise<void> {
    await this.seen.forget(this.commandId(request))
  }

  override mintFor(request: RequestFacts): Mint {
    const commandId = this.commandId(request)
    return what => derivedId(commandId, what)
  }

  async #assertNotMisused(request: RequestFacts, subjectRef: string | undefined): Promise<void> {
    if (!(await this.seen.isSame(this.commandId(request), subjectRef, request.body))) throw refusedAs('IDEMPOTENCY_KEY_REUSED')
  }

  override async assertMayBegin<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    request: RequestFacts,
    input: I,
  ): Promise<void> {
    await this.#assertNotMisused(request, subjectOf(definition, input))
    const now = this.clock.now()
    const [policy, loaded] = await Promise.all([
      this.policies.inForce(now),
      this.folds.load(definition.aggregate, definition.streamId(input)),
    ])
    if (loaded.commands.has(this.commandId(request))) return
    const broken = brokenRule(definition, input, loaded.state, this.writing(definition, input, request, policy, now))
    if (broken) throw refusedAs(broken)
  }

  override async wasAccepted<S, E extends Typed>(request: RequestFacts, aggregate: Aggregate<S, E>, id: string): Promise<boolean> {
    return (await this.folds.load(aggregate, id)).commands.has(this.commandId(request))
  }

  override async decide<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    request: RequestFacts,
    input: I,
    factsOf: (policy: PolicyFacts, now: string) => F,
  ): Promise<Answered<E, S>> {
    const { aggregate } = definition
    const id = definition.streamId(input)
    const now = this.clock.now()
    const [policy, loaded] = await Promise.all([
      this.policies.inForce(now),
      this.folds.load(aggregate, id),
      this.#assertNotMisused(request, subjectOf(definition, input)),
    ])
    const decide = underWriteRules(definition, input, factsOf(policy, now), this.writing(definition, input, request, policy, now))
    // Of what may be there for others only, a revision that is wrong must tell nothing either.
    if (aggregate.category === incident.category && request.ifMatch !== undefined) {
      const first = decide(loaded.state)
      if (!first.ok && first.refusal.code === 'NOT_FOUND') throw new Refused(first.refusal)
    }
    let found = loaded.state
    const outcome = await this.commands.execute({
      aggregate,
      id,
      facts: { ...this.#factsOf(request, { ...definition, purpose: purposeOf(definition, input) }, policy), occurredAt: now },
      loaded,
      ifMatch: request.ifMatch,
      decide: state => {
        found = state
        return decide(state)
      },
    })
    switch (outcome.kind) {
      case 'accepted':
        return {
          events: outcome.events,
          found,
          answer: {
            revision: outcome.revision === 'no_stream' ? '' : String(outcome.revision),
            position: String(outcome.position ?? 0n),
            events: outcome.events.map(({ type, meta }) => ({ id: meta.eventId, type })),
          },
        }
      case 'conflict':
        // Without an If-Match nobody asked about a revision: others were faster for as long as there was time.
        throw request.ifMatch === undefined ? new StreamBusy() : refusedAs('VERSION_CONFLICT')
      case 'refused':
        throw new Refused(outcome.refusal)
    }
  }

  /** What the rules for everything that is written go by: of a person, also whether their record is open to whoever commands. */
  writing<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    input: I,
    request: RequestFacts,
    policy: PolicyFacts,
    now: string,
  ): WriteFacts {
    const subjectRef = subjectOf(definition, input)
    const { capability, may = 'COMMAND' } = definition
    const reach = reachOf(request.actor.role, capability as Capability | readonly Capability[], may)
    const closed: WriteFacts['closed'] = state => {
      if (subjectRef === undefined) return undefined
      const way = wayIn(state as Person, subjectRef, request, reach, now)
      return way.ok ? undefined : way.refusal.code
    }
    return { policy, now, trainedUntil: request.trainedUntil, acknowledged: request.acknowledged, closed }
  }

  override async onRecord<T>(command: Commanded, request: RequestFacts, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const { code } = refusalOfError(error).refusal
      if (isDecided(code)) await this.#record(command, request, code)
      throw error
    }
  }

  async #record(command: Commanded, request: RequestFacts, code: RefusalCode): Promise<void> {
    const policy = await this.#policyOrNone()
    const { subjectRef, incidentId } = command
    const recorded = incidentId !== undefined && code === 'NOT_FOUND' ? await this.#noParty(incidentId) : code
    this.records.refusal(this.#factsOf(request, command, policy), recorded, {
      subjectRef,
      incidentId,
      sourceAddress: request.sourceAddress,
    })
    if (leavesNoTrace.includes(code)) await this.forget(request)
  }

  /** Somebody asked for an incident that is not there for them: it is on record whether there is one. @returns what they are told */
  async deniedIncident(request: RequestFacts, incidentId: string): Promise<Refused> {
    this.records.deniedIncident(request, await this.#noParty(incidentId), incidentId)
    return refusedAs('NOT_FOUND')
  }

  async #noParty(incidentId: string): Promise<RefusalCode> {
    return (await this.folds.load(incident, incidentId)).state.raised ? 'NOT_INTERESTED_PARTY' : 'NOT_FOUND'
  }

  /** What one person is in one incident. */
  involvementOf(incidentId: string, ref: string) {
    return involvementOf(this.serviceKey, incidentId, ref)
  }

  /** A refusal is answered whether or not the versions of the policies are to be had. */
  async #policyOrNone(): Promise<Pick<PolicyFacts, 'noticeVersion' | 'versions'>> {
    return this.policies.inForce(this.clock.now()).catch(() => ({ noticeVersion: 'NONE', versions: {} }))
  }

  #factsOf(
    request: RequestFacts,
    { name, purpose, basis }: Pick<Commanded, 'name' | 'purpose' | 'basis'>,
    { noticeVersion, versions }: Pick<PolicyFacts, 'noticeVersion' | 'versions'>,
  ): CommandFacts {
    return {
      actor: request.actor,
      purpose,
      lawfulBasis: basis,
      noticeVersion,
      policies: versions,
      regime: 'UK-GDPR',
      correlationId: request.correlationId,
      commandId: this.commandId(request),
      command: name,
    }
  }
}
