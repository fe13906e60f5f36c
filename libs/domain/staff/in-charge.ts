import type { By } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { StaffEvent } from './events.js'
import type { GrantEvent } from './grants/events.js'
import type { Member } from './staff.js'

/** The roles that whoever asks may give to others, and take from them. */
export type Gives = { readonly gives: readonly StaffRole[] }

export const needsGiving = ['SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE'] as const
export const needsCharge = ['NOT_FOUND', ...needsGiving] as const
type NotInCharge = (typeof needsCharge)[number]

/** To shut somebody out never waits for a training or a policy. */
export const shuttingOut = ['W2', 'W3', 'W7'] as const

/** C37: nobody decides over themselves, or over those above them. `null`: they may. */
export function whyNotToGive(staffRef: StaffRef, roles: Iterable<StaffRole>, { actor, gives }: By & Gives) {
  if (actor.id === staffRef) return 'SELF_APPROVAL_FORBIDDEN'
  return [...roles].every(role => gives.includes(role)) ? null : 'ROLE_NOT_TO_GIVE'
}

/** C37: decides over somebody else, whose roles are all for whoever asks to give. */
export const inChargeOf =
  <C extends RefusalCode = never>(
    staffRef: StaffRef,
    by: By & Gives,
    decide: (member: Member) => Result<readonly (StaffEvent | GrantEvent)[], Refusal<C>>,
  ) =>
  (member: Member): Result<readonly (StaffEvent | GrantEvent)[], Refusal<C | NotInCharge>> => {
    const why = whyNotToGive(staffRef, member.roles, by)
    if (why === 'SELF_APPROVAL_FORBIDDEN') return refused(why)
    if (member.state === 'UNKNOWN') return refused('NOT_FOUND')
    return why === null ? decide(member) : refused(why)
  }
