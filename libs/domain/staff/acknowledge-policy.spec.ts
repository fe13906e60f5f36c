import { somebody, specFor } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { acknowledgePolicy } from './acknowledge-policy.js'
import { PolicyAcknowledged, StaffRegistered } from './events.js'
import { acknowledgement, staff } from './staff.js'

const staffRef = '00000000-0000-4000-8000-000000000031' as StaffRef
const now = '2026-11-01T09:00:00.000Z'
const { given } = specFor(staff)
const registered = StaffRegistered.of({ staffRef, role: 'ips-worker', at: now })
const asked = { staffRef, policy: 'ACCESS', version: 'ACCESS-1' }
const read = PolicyAcknowledged.of({ ...asked, acknowledgedAt: now })
const acknowledging = (of: object = {}, by: object = {}) =>
  acknowledgePolicy.decide(
    { ...asked, ...of },
    { actor: { id: staffRef, role: 'ips-worker' }, now, isPublished: (policy, version) => version === `${policy}-1`, ...by },
  )

test('[C38] whoever read a version says so, once, and it stays so', () => {
  given(registered).when(acknowledging()).then(read)
  given(registered, read).when(acknowledging()).thenNothing()
  const { acknowledged } = given(registered, read, PolicyAcknowledged.of({ ...read.data, version: 'ACCESS-2' })).state
  expect([...acknowledged]).toEqual([acknowledgement('ACCESS', 'ACCESS-1'), acknowledgement('ACCESS', 'ACCESS-2')])
})
test('[C38] nobody says it of somebody else, nor of what was never published', () => {
  given(registered)
    .when(acknowledging({}, { actor: somebody }))
    .thenRefused({ code: 'ONLY_FOR_ONESELF' })
  given(registered)
    .when(acknowledging({ version: 'ACCESS-2' }))
    .thenRefused({ code: 'STAFF_POLICY_UNKNOWN' })
})
