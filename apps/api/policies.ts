import { Injectable } from '@nestjs/common'
import { StreamFolds } from '#commands/folds'
import { policyNames } from '#policy/events'
import { type PolicyFacts, policy, policyFacts } from '#policy/policy'

/** The policies in force, folded from their streams at the moment of asking: never from a table that may lag. */
@Injectable()
export class Policies {
  constructor(private readonly folds: StreamFolds) {}

  async inForce(now: string): Promise<PolicyFacts> {
    const streams = await Promise.all(policyNames.map(name => this.folds.load(policy, name)))
    return policyFacts(streams.map(({ state }) => state), now)
  }
}
