import { within } from '#decider/decider'
import type { LinkEvent } from '#domain/person/links/events'
import { type Links, evolveLinks, noLinks } from '#domain/person/links/links'
import { type Case, withFacts } from './facts.js'

/** Which other records are of the same person: the domain's own step. */
export const links = within<Case, Links, LinkEvent>(evolveLinks, {
  take: ({ facts }) => facts.links ?? noLinks,
  put: (was, compared) => withFacts(was, { links: compared }),
})
