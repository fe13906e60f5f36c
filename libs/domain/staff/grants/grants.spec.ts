import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { StaffRegistered } from '../events.js'
import { staffExamples } from '../examples.js'
import { recordLeaving } from '../record-leaving.js'
import { staff } from '../staff.js'
import { suspendStaff } from '../suspend-staff.js'
import { withdrawRole } from '../withdraw-role.js'
import { AccessRevoked, type RevocationCause } from './events.js'
import { grantAccess } from './grant-access.js'
import { revokeAccess } from './revoke-access.js'

const { given } = specFor(staff)
const { AccessGranted: granted, AccessRevoked: revoked, StaffLeft: left, StaffSuspended: suspended } = staffExamples
const { staffRef, grantId, grantedAt: now } = granted.data
const worker = StaffRegistered.of({ staffRef, role: 'ips-worker', at: now })
const facts = {
  actor: somebody,
  now,
  gives: staffRoles as readonly StaffRole[],
  exists: true,
  isWithinReach: true,
  inConflict: false,
  successorIsWorker: false,
}
const granting = (but: Partial<typeof facts> = {}, said: object = {}) =>
  grantAccess.decide({ ...granted.data, ...said }, { ...facts, ...but })
const ended = (cause: RevocationCause) => AccessRevoked.of({ staffRef, grantId, cause, revokedAt: now })

describe('[C37] a grant', () => {
  test('opens one record to somebody who works here in that role, until then', () => given(worker).when(granting()).then(granted))
  test.each([
    ['SELF_APPROVAL_FORBIDDEN', { actor: { id: staffRef, role: 'dpo' as const } }],
    ['ROLE_NOT_TO_GIVE', { gives: ['sysadmin' as const] }],
    ['NOT_FOUND', { exists: false }],
    ['NO_NEED_TO_KNOW', { isWithinReach: false }],
    ['CONFLICT_OF_INTEREST', { inConflict: true }],
  ] as const)('is refused with %s', (code, but) => given(worker).when(granting(but)).thenRefused({ code }))
  test('is for somebody who works here in its role, and ends after now', () => {
    given().when(granting()).thenRefused({ code: 'ROLE_NOT_REGISTERED' })
    given(worker)
      .when(granting({}, { role: 'team-leader' }))
      .thenRefused({ code: 'ROLE_NOT_REGISTERED' })
    given(worker)
      .when(granting({}, { until: now }))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
  })
  test('is ended once, by whoever could give it', () => {
    const revoking = (gives: readonly StaffRole[] = staffRoles) => revokeAccess.decide({ staffRef, grantId }, { now, gives })
    given(worker, granted).when(revoking()).then(revoked)
    given(worker, granted)
      .when(revoking(['sysadmin']))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given(worker, granted, revoked).when(revoking()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('ends with the suspension or the leaving of whoever has it, in the same append', () => {
    given(worker, granted).when(suspendStaff.decide({ staffRef }, facts)).then(suspended, ended('SUSPENDED'))
    given(worker, granted)
      .when(recordLeaving.decide({ staffRef }, facts))
      .then({ ...left, data: { staffRef, leftAt: now } }, ended('LEFT'))
    given(worker, granted, revoked).when(suspendStaff.decide({ staffRef }, facts)).then(suspended)
  })
  test('ends with the role in which it was given, and with no other', () => {
    const withdrawing = (role: StaffRole) => withdrawRole.decide({ staffRef, role }, facts)
    const auditor = StaffRegistered.of({ staffRef, role: 'auditor', at: now })
    expect(given(worker, auditor, granted).when(withdrawing('ips-worker')).events()).toContainEqual(ended('ROLE_WITHDRAWN'))
    expect(given(worker, auditor, granted).when(withdrawing('auditor')).events()).toHaveLength(1)
  })
})
