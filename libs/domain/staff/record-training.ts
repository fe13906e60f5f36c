import { yearsAfter } from '#calendar/statutory-periods'
import { type At, type By, command, noCategories } from '#decider/command'
import type { StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { accept } from '#kernel/result'
import { StaffTrainingCompleted, type TrainingCourse } from './events.js'
import { type Gives, inChargeOf, needsCharge } from './in-charge.js'
import { staff } from './staff.js'

export type RecordTraining = { readonly staffRef: StaffRef; readonly course: TrainingCourse; readonly completedAt: string }
/** How long a training is in date: until the same time of the same day a year later. */
const aYearAfter = (at: string) => `${yearsAfter(at.slice(0, 10), 1)}${at.slice(10)}`

/** C47: somebody else says so, and from then on its end counts: whoever’s training is out of date writes nothing but what never waits. */
export const recordTraining = command({
  name: 'RecordTraining',
  clauses: ['C47'],
  says: 'Record that a member of staff has done a training, which is in date for twelve months',
  aggregate: staff,
  streamId: ({ staffRef }: RecordTraining) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  // W7: or nobody could end it, once everybody’s training is out of date.
  exemptFrom: ['W7'],
  refusals: needsCharge,
  decide: ({ staffRef, course, completedAt: told }: RecordTraining, { now, ...by }: At & By & Gives) =>
    inChargeOf(staffRef, by, () => {
      const completedAt = earlierOf(told, now)
      return accept([StaffTrainingCompleted.of({ staffRef, course, completedAt, validUntil: aYearAfter(completedAt) })])
    }),
})
