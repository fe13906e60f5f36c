import { type Channel, channels } from '#domain/person/channels'
import { type ErasureExemption, type ErasureGround, erasureExemptions, erasureGrounds } from '#domain/person/erasure/events'
import { type Scope, scopes } from '#event-kit/scope'
import { Nested, OneOf, PastInstant, Text, Uuid } from '#nest/fields'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'

export class ErasureRequestBody {
  @OneOf(channels) channel!: Channel
  @PastInstant() receivedAt!: string
  @OneOf(erasureGrounds, { description: 'Article 17(1)(a) to (g).' }) grounds!: ErasureGround
  @Text(5_000, { description: 'What the person said: kept sealed, as evidence.' }) words!: string
  @Uuid({ optional: true, list: true, max: 20, description: 'Staff whom the request concerns: they do not decide it.' })
  concernsStaff?: StaffRef[]
}

class ScopeDecisionBody {
  @OneOf(scopes) scope!: Scope
  @OneOf(['ERASED', 'RETAINED']) decision!: 'ERASED' | 'RETAINED'
  @OneOf(erasureExemptions, { optional: true, description: 'Article 17(3), for a scope that is kept.' }) exemption?: ErasureExemption
}

export class ErasureDecisionBody {
  @OneOf(['APPROVED', 'REFUSED', 'PARTLY']) decision!: 'APPROVED' | 'REFUSED' | 'PARTLY'
  @PastInstant({ optional: true, description: 'When the person was told that a full erasure ends the service (C17).' })
  consequenceExplainedAt?: string
  @Nested(() => ScopeDecisionBody, {
    optional: true,
    list: true,
    max: 12,
    description: 'For PARTLY: every key scope of which something is held, once; EVID, the evidence, is kept.',
  })
  perScope?: ScopeDecisionBody[]
  @Text(5_000, { optional: true, description: 'Needed where anything is refused.' }) reasons?: string
}

/** The words are sealed, as evidence. */
export const requestIn = ({ words, concernsStaff = [], ...body }: ErasureRequestBody) => ({
  ...body,
  concernsStaff,
  words: Personal.of(words),
})
export const decisionIn = ({ reasons, perScope = [], ...body }: ErasureDecisionBody) => ({
  ...body,
  perScope,
  reasons: Personal.given(reasons),
})
