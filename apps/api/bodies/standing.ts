import {
  type AtRisk,
  type ConcernOutcome,
  type CustodyStep,
  type OffenderStatus,
  type Panel,
  type RiskLevel,
  atRisk,
  concernOutcomes,
  custodySteps,
  offenderStatuses,
  panels,
  riskLevels,
} from '#domain/person/standing/events'
import { Personal } from '#kernel/personal'
import { DateOnly, OneOf, PastInstant, Text } from '#nest/fields'
import type { Mint } from '#nest/front-desk'

const since = { description: 'The first day on which it is so.' }
const words = { description: 'What is known of it: sealed.' }
const longest = 4_000

class Words {
  @Text(longest, { optional: true, ...words }) words?: string
}
class NeedsWords {
  @Text(longest, words) words!: string
}

export class OffenderStatusBody extends Words {
  @OneOf(offenderStatuses, { description: 'NONE: neither convicted nor alleged to have committed an offence.' }) status!: OffenderStatus
  @DateOnly(since) from!: string
}
export class FactBody extends Words {
  @DateOnly(since) from!: string
  @DateOnly({ optional: true, description: 'The last day, where it is known beforehand.' }) until?: string
}
export class PanelBody extends FactBody {
  @OneOf(panels) panel!: Panel
}
export class CustodyBody extends Words {
  @OneOf(custodySteps) step!: CustodyStep
  @DateOnly({ description: 'The day of it: it may lie ahead.' }) from!: string
}
export class ReoffendingRiskBody extends NeedsWords {
  @OneOf(riskLevels) level!: RiskLevel
  @DateOnly({ description: 'The day of the assessment: the newest counts.' }) from!: string
}
export class SeriousRiskBody extends NeedsWords {
  @OneOf(atRisk, { description: 'NOBODY ends what was assessed before.' }) who!: AtRisk
  @DateOnly({ description: 'The day of the assessment: the newest counts.' }) from!: string
}
export class VulnerabilityBody extends NeedsWords {
  @DateOnly(since) from!: string
  @DateOnly({ optional: true, description: 'The last day, where it is known beforehand.' }) until?: string
}
export class FactEndBody extends Words {
  @DateOnly({ description: 'The last day on which it was so.' }) endedOn!: string
}
export class ConcernBody extends NeedsWords {
  @PastInstant({ optional: true, description: 'When it was said or seen; now unless told.' }) raisedAt?: string
}
export class ConcernClosingBody extends Words {
  @OneOf(concernOutcomes) outcome!: ConcernOutcome
  @PastInstant({ optional: true, description: 'Now unless told.' }) closedAt?: string
}
export class DeathBody extends Words {
  @DateOnly() diedOn!: string
  @PastInstant({ optional: true, description: 'When the service heard of it; now unless told.' }) learntAt?: string
}
export class DeathCorrectionBody extends Words {
  @DateOnly({ optional: true, description: 'Left out: the person lives.' }) diedOn?: string
}

/** What is said in words is sealed. */
const saidIn = <B extends { readonly words?: string }>({ words: said, ...body }: B) => ({ ...body, words: Personal.given(said) })
const reasonedIn = <B extends { readonly words: string }>({ words: said, ...body }: B) => ({ ...body, words: Personal.of(said) })
/** A fact that is recorded has an id of its own; one that needs words says why it is so. */
export const factIn = <B extends { readonly words?: string }, I extends object>(body: B, ids: I, mint: Mint) => ({
  ...saidIn(body),
  ...ids,
  factId: mint('fact'),
})
export const reasonedFactIn = <B extends { readonly words: string }, I extends object>(body: B, ids: I, mint: Mint) => ({
  ...reasonedIn(body),
  ...ids,
  factId: mint('fact'),
})
/** What is said later of a fact that is there. */
export const ofFactIn = <B extends { readonly words?: string }, I extends object>(body: B, ids: I) => ({ ...saidIn(body), ...ids })
