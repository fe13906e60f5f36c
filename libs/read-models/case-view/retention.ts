import { within } from '#decider/decider'
import type { RetentionEvent } from '#domain/person/retention/events'
import { type Retention, evolveRetention } from '#domain/person/retention/retention'
import { type Case, withFacts } from './facts.js'

/** Until when data is kept: the domain's own step. */
export const retention = within<Case, Retention | undefined, RetentionEvent>(evolveRetention, {
  take: ({ facts }) => facts.retention,
  put: (was, kept) => {
    if (kept) return withFacts(was, { retention: kept })
    const { retention: _, ...facts } = was.facts
    return { ...was, facts }
  },
})
