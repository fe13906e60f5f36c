import type { Evolve } from '#decider/decider'
import type { AccessEvent } from '#domain/person/access/events'
import { type Case, same } from './facts.js'

/** Who may open the record is no part of it: lists of their own show it to those whom it concerns. */
export const access: Evolve<Case, AccessEvent> = {
  BreakGlassUsed: same,
  BreakGlassReviewed: same,
  ConflictDeclared: same,
  ConflictEnded: same,
}
