import { somebody, specFor } from '#decider/spec'
import { staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { StaffRegistered, StaffTrainingCompleted } from './events.js'
import { recordTraining } from './record-training.js'
import { staff } from './staff.js'

const staffRef = '00000000-0000-4000-8000-000000000031' as StaffRef
const now = '2026-11-01T09:00:00.000Z'
const { given } = specFor(staff)
const registered = StaffRegistered.of({ staffRef, role: 'ips-worker', at: now })
const done = (completedAt: string, validUntil: string) =>
  StaffTrainingCompleted.of({ staffRef, course: 'DATA-PROTECTION', completedAt, validUntil })
const [before, latest] = [done('2026-02-28T09:00:00.000Z', '2027-02-28T09:00:00.000Z'), done(now, '2027-11-01T09:00:00.000Z')]
const recording = (completedAt: string, by: object = {}) =>
  recordTraining.decide({ staffRef, course: 'DATA-PROTECTION', completedAt }, { actor: somebody, now, gives: staffRoles, ...by })

test('[C47] a training is in date for twelve months from the day on which it was done, which is not ahead', () => {
  given(registered).when(recording(before.data.completedAt)).then(before)
  given(registered).when(recording('2026-11-02T09:00:00.000Z')).then(latest)
})
test('[C47] the training that lasts longest counts, in whatever order they were typed in', () => {
  expect(given(registered).state.trainedUntil).toBeUndefined()
  for (const past of [
    [before, latest],
    [latest, before],
  ])
    expect(given(registered, ...past).state.trainedUntil).toBe(latest.data.validUntil)
})
test('[C47] nobody records their own', () =>
  given(registered)
    .when(recording(now, { actor: { id: staffRef, role: 'dpo' } }))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' }))
