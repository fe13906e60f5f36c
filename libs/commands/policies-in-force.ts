import { overseenUntil } from '#domain/staff/health-oversight'
import type { StreamFolds } from './folds.js'
import { healthOversight } from './health-oversight.js'
import { policyNames } from '#policy/events'
import { type PolicyFacts, type Published, nextChange, policy, policyFacts, publishedIn } from '#policy/policy'

/** The policies in force, folded from their streams at the moment of asking: never from a table that may lag. */
export class Policies {
  /** What was in force when it was asked last, and until when nothing changes by itself. */
  #known: { readonly states: readonly Published[]; readonly facts: PolicyFacts; readonly from: string; readonly until: string } | undefined

  constructor(private readonly folds: StreamFolds) {}

  /** Everything that was ever published. */
  async published(): Promise<Published> {
    return publishedIn(await this.#states())
  }

  async inForce(now: string): Promise<PolicyFacts> {
    const facts = await this.#factsAt(now)
    return facts.healthOversight ? { ...facts, healthOverseen: await this.#isOverseen(facts.healthOversight, now) } : facts
  }

  /** C18: by those who are appointed and work here at this moment, which no policy says. */
  async #isOverseen(allowed: NonNullable<PolicyFacts['healthOversight']>, now: string): Promise<boolean> {
    const { organised, overseers } = await healthOversight(this.folds, now)
    return overseers.length > 0 || now < overseenUntil(organised, allowed, now)
  }

  async #factsAt(now: string): Promise<PolicyFacts> {
    const states = await this.#states()
    const known = this.#known
    if (known && known.states.every((state, n) => state === states[n]) && known.from <= now && now < known.until) return known.facts
    const facts = policyFacts(states, now)
    this.#known = { states, facts, from: now, until: nextChange(states, now) }
    return facts
  }

  async #states(): Promise<readonly Published[]> {
    const streams = await this.folds.loadTogether(policyNames.map(name => ({ aggregate: policy, id: name })))
    return streams.map(({ state }) => state)
  }
}
