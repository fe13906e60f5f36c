import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { HealthOverseerAppointed, type OverseeingProfession, type Regulator } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type AppointHealthOverseer = {
  readonly staffRef: StaffRef
  readonly profession: OverseeingProfession
  readonly regulator: Regulator
  readonly registration: Personal<string>
}

/**
 * C18: health data is overseen by somebody who owes confidentiality by profession. Whoever holds the role and is in no register, oversees
 * nothing. Said again, it is corrected.
 */
export const appointHealthOverseer = command({
  name: 'AppointHealthOverseer',
  clauses: ['C18'],
  says: 'Record in which profession, and by whose register, somebody oversees health data',
  aggregate: staff,
  streamId: ({ staffRef }: AppointHealthOverseer) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsCharge, 'ROLE_NOT_REGISTERED'],
  decide: (said: AppointHealthOverseer, { now, ...by }: At & By & Gives) =>
    inChargeOf(said.staffRef, by, ({ roles }) =>
      roles.has('health-overseer') ? accept([HealthOverseerAppointed.of({ ...said, at: now })]) : refused('ROLE_NOT_REGISTERED'),
    ),
})
