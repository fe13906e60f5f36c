import { within } from '#decider/decider'
import { type FactEvent, type StandingFacts, evolveStanding, noFacts } from '#domain/person/standing/facts'
import { type Case, withFacts } from './facts.js'

/** What stands about the person: the domain’s own step. */
export const standing = within<Case, StandingFacts, FactEvent>(evolveStanding, {
  take: ({ facts }) => facts.standing ?? noFacts,
  put: (was, facts) => withFacts(was, { standing: facts }),
})
