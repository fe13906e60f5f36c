import { somebody, specFor } from '#decider/spec'
import { StaffDetailsErased } from '#event-kit/key-events'
import { staffRoles } from '#kernel/actor'
import { Personal } from '#kernel/personal'
import { eraseStaffDetails } from './erase-staff-details.js'
import { StaffDetailsRecorded, StaffRegistered } from './events.js'
import { staffExamples } from './examples.js'
import { recordDestroyedStaffKeys, restoreStaffFence } from './record-destroyed-keys.js'
import { recordStaffDetails } from './record-staff-details.js'
import { staff } from './staff.js'

const { StaffKeyCreated: key, StaffLeft: left, StaffDetailsErased: fence, StaffKeysDestroyed: destroyed } = staffExamples
const { staffRef } = left.data
const registered = StaffRegistered.of({ staffRef, role: 'ips-worker', at: '2026-11-01T09:00:00.000Z' })
const said = { staffRef, name: Personal.of('Rosalind Okonjo-Bright'), contact: Personal.of('extension 4711') }
const details = StaffDetailsRecorded.of(said)
const { given } = specFor(staff)
const recording = (by: object = {}) => recordStaffDetails.decide(said, { actor: somebody, gives: staffRoles, ...by })
const erasing = eraseStaffDetails.decide({ staffRef, cause: 'NO_LONGER_NEEDED' }, {})

test('[C48] who somebody is, is recorded by whoever is in charge of them, and once more where it has changed', () => {
  given(registered).when(recording()).then(details)
  given(registered, details).when(recording()).then(details)
  given().when(recording()).thenRefused({ code: 'NOT_FOUND' })
  given(registered)
    .when(recording({ gives: [] }))
    .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
})
test('[C46] it is erased once they have left, whatever of it there is, and not twice', () => {
  given(registered, key, details).when(erasing).thenRefused({ code: 'STAFF_STILL_HERE' })
  given().when(erasing).thenRefused({ code: 'NOT_FOUND' })
  given(registered, key, details, left).when(erasing).then(fence)
  given(registered, left).when(erasing).thenNothing()
  given(registered, key, details, left, fence).when(erasing).thenNothing()
})
test('[C54] what was destroyed is on record', () => {
  given(registered, key, details, left, fence).when(recordDestroyedStaffKeys(destroyed.data)).then(destroyed)
})
test('[C64] a fence that a restored log lost is put back once, for the keys that this log knows', () => {
  const { kid } = key.data
  const restoring = restoreStaffFence(staffRef, ['ID'], [kid, '00000000-0000-4000-8000-0000000000ff'])
  given(registered, key, details)
    .when(restoring)
    .then(StaffDetailsErased.of({ staffRef, cause: 'RESTORED_FROM_JOURNAL', scopes: ['ID'], kids: [kid] }))
  given(registered, key, details, left, fence).when(restoring).thenNothing()
})
