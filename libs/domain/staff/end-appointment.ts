import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Appointment, RoleEnded } from './events.js'
import type { Gives } from './in-charge.js'
import { organisation, termsFrom } from './staff.js'

export type EndAppointment = {
  readonly staffRef: StaffRef
  readonly role: Appointment
  /** Now unless told; not before. */
  readonly at?: string | undefined
}

/**
 * C48: somebody is neither holder nor deputy from then on. A role that nobody else holds is vacant then: an alarm, no refusal.
 */
export const endAppointment = command({
  name: 'EndAppointment',
  clauses: ['C48'],
  says: 'End the appointment of a holder or a deputy',
  aggregate: organisation,
  streamId: (_: EndAppointment) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // To shut somebody out never waits for a training or a policy.
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: ['SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_TO_GIVE'],
  decide:
    ({ staffRef, role, at }: EndAppointment, { actor, now, gives }: At & By & Gives) =>
    organised => {
      if (actor.id === staffRef) return refused('SELF_APPROVAL_FORBIDDEN')
      if (!gives.includes(role)) return refused('ROLE_NOT_TO_GIVE')
      const ending = at === undefined || at < now ? now : at
      const isHeld = termsFrom(role, organised, ending).some(term => term.staffRef === staffRef)
      return accept(isHeld ? [RoleEnded.of({ staffRef, role, at: ending })] : [])
    },
})
