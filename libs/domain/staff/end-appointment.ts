import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { laterOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Appointment, RoleEnded } from './events.js'
import { type Gives, needsGiving, shuttingOut, whyNotToGive } from './in-charge.js'
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
  exemptFrom: shuttingOut,
  refusals: needsGiving,
  decide:
    ({ staffRef, role, at }: EndAppointment, { now, ...by }: At & By & Gives) =>
    organised => {
      const why = whyNotToGive(staffRef, [role], by)
      if (why !== null) return refused(why)
      const ending = laterOf(at ?? now, now)
      const isHeld = termsFrom(role, organised, ending).some(term => term.staffRef === staffRef)
      return accept(isHeld ? [RoleEnded.of({ staffRef, role, at: ending })] : [])
    },
})
