import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { laterOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Appointment, RoleAppointed, RoleEnded } from './events.js'
import { type Gives, needsGiving, whyNotToGive } from './in-charge.js'
import { organisation, termsFrom } from './staff.js'

export type Appoint = {
  readonly staffRef: StaffRef
  readonly role: Appointment
  /** The holder where there is none, a deputy otherwise, unless told. A new holder takes the place of the old one. */
  readonly as?: 'HOLDER' | 'DEPUTY' | undefined
  /** Now unless told. */
  readonly from?: string | undefined
  /** Until it is ended unless told. */
  readonly until?: string | undefined
}
/** Whether they are registered in this role: an appointment of somebody who is not would be held by nobody. */
export type AppointFacts = At & By & Gives & { readonly registered: boolean }

/** C48: a role has one holder at any time; whoever is appointed beside one is a deputy. */
export const appoint = command({
  name: 'Appoint',
  clauses: ['C48'],
  says: 'Appoint the holder of a role that one person holds, or a deputy, for a time or until it is ended',
  aggregate: organisation,
  streamId: (_: Appoint) => 'main',
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsGiving, 'ROLE_NOT_REGISTERED', 'DAYS_OUT_OF_ORDER'],
  decide:
    ({ staffRef, role, as: wanted, from: told, until }: Appoint, { now, registered, ...by }: AppointFacts) =>
    organised => {
      const why = whyNotToGive(staffRef, [role], by)
      if (why !== null) return refused(why)
      // The past is not decided on: whoever acted, acted.
      const from = laterOf(told ?? now, now)
      if (until !== undefined && until <= from) return refused('DAYS_OUT_OF_ORDER')
      const terms = termsFrom(role, organised, from)
      const holders = terms.filter(({ as }) => as === 'HOLDER')
      const as = wanted ?? (holders.length === 0 ? 'HOLDER' : 'DEPUTY')
      const own = terms.filter(term => term.staffRef === staffRef)
      if (own.some(term => wanted === undefined || term.as === as)) return accept([])
      if (!registered) return refused('ROLE_NOT_REGISTERED')
      const ends = (as === 'HOLDER' ? [...holders, ...own] : own).map(term => term.staffRef)
      return accept([
        ...[...new Set(ends)].map(one => RoleEnded.of({ staffRef: one, role, at: from })),
        RoleAppointed.of({ staffRef, role, as, from, ...(until === undefined ? {} : { until }) }),
      ])
    },
})
