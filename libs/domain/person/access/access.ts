import type { Evolve } from '#decider/decider'
import type { ActorRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import type { AccessEvent, BreakGlassOutcome } from './events.js'

/** A seal that was broken in need: by whom, in which role, until when; without an outcome nobody has looked at it yet. */
export type BreakGlass = { readonly by: string; readonly role: ActorRole; readonly until: string; readonly outcome?: BreakGlassOutcome }
/** To whom the record is closed whatever their role, and to whom it was opened in need. */
export type Access = {
  readonly conflicted: ReadonlySet<string>
  readonly broken: ReadonlyMap<string, BreakGlass>
  /** Whose conflict ended, by the event that says so. */
  readonly conflictEnded: ReadonlyMap<string, StaffRef>
}
export const noAccess: Access = { conflicted: new Set(), broken: new Map(), conflictEnded: new Map() }

export const evolveAccess: Evolve<Access, AccessEvent> = {
  BreakGlassUsed: (was, { grantId, until }, { actor }) => ({
    ...was,
    broken: new Map(was.broken).set(grantId, { by: actor.id, role: actor.role, until }),
  }),
  BreakGlassReviewed: (was, { grantId, outcome }) => {
    const one = was.broken.get(grantId)
    return one ? { ...was, broken: new Map(was.broken).set(grantId, { ...one, outcome }) } : was
  },
  ConflictDeclared: (was, { staffRef }) => ({ ...was, conflicted: new Set(was.conflicted).add(staffRef) }),
  ConflictEnded: (was, { staffRef }, { eventId }) => ({
    ...was,
    conflicted: new Set([...was.conflicted].filter(one => one !== staffRef)),
    conflictEnded: new Map(was.conflictEnded).set(eventId, staffRef),
  }),
}

/** C37: the seal that somebody broke in this role, as long as its time lasts and nobody has found that it had not to be. */
export const brokenBy = ({ broken }: Access, by: string, role: ActorRole, now: string): string | undefined =>
  [...broken].find(([, one]) => one.by === by && one.role === role && one.until > now && one.outcome !== 'NOT_JUSTIFIED')?.[0]
