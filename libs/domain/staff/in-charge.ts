import type { By } from '#decider/command'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { StaffEvent } from './events.js'
import type { Staff } from './staff.js'

/** The roles that whoever asks may give to others, and take from them. */
export type Gives = { readonly gives: readonly StaffRole[] }

export const needsCharge = ['NOT_FOUND', 'SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE'] as const
type NotInCharge = (typeof needsCharge)[number]

/** C37: decides over somebody else, whose roles are all for whoever asks to give. Nobody does it to themselves, or to those above them. */
export const inChargeOf =
  <C extends RefusalCode = never>(
    staffRef: StaffRef,
    { actor, gives }: By & Gives,
    decide: (member: Staff) => Result<readonly StaffEvent[], Refusal<C>>,
  ) =>
  (member: Staff): Result<readonly StaffEvent[], Refusal<C | NotInCharge>> => {
    if (actor.id === staffRef) return refused('SELF_APPROVAL_FORBIDDEN')
    if (member.state === 'UNKNOWN') return refused('NOT_FOUND')
    return [...member.roles].every(role => gives.includes(role)) ? decide(member) : refused('ROLE_NOT_TO_GIVE')
  }
