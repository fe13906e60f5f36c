import { type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { StaffDetailsRecorded } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type RecordStaffDetails = {
  readonly staffRef: StaffRef
  readonly name: Personal<string>
  readonly contact?: Personal<string> | undefined
}

/** C48: who somebody is stands under a key of their own, so that it can be forgotten. Recorded again, it is corrected. */
export const recordStaffDetails = command({
  name: 'RecordStaffDetails',
  clauses: ['C48'],
  says: 'Record who a member of staff is, and how they are reached at work',
  aggregate: staff,
  streamId: ({ staffRef }: RecordStaffDetails) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  // They are those of the people whom the service is for: this is about somebody who works for it.
  categories: noCategories,
  exemptFrom: [],
  refusals: needsCharge,
  decide: (said: RecordStaffDetails, by: By & Gives) => inChargeOf(said.staffRef, by, () => accept([StaffDetailsRecorded.of(said)])),
})
