import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { appointHealthOverseer } from './appoint-health-overseer.js'
import { endHealthOversight } from './end-health-oversight.js'
import {
  HealthOverseerAppointed,
  HealthOverseerEnded,
  type OrganisationEvent,
  RoleAppointed,
  RoleEnded,
  type StaffEvent,
  StaffRegistered,
  StaffSuspended,
} from './events.js'
import { staffExamples } from './examples.js'
import { healthOverseers, overseenUntil } from './health-oversight.js'
import { reviewHealthOversight } from './review-health-oversight.js'
import { organisation, staff } from './staff.js'

const staffRef = '00000000-0000-4000-8000-000000000031' as StaffRef
const [began, now, later] = ['2026-11-01T09:00:00.000Z', '2026-11-20T09:00:00.000Z', '2026-12-24T09:00:00.000Z'] as const
const by = { actor: somebody, now, gives: staffRoles }
const member = specFor(staff)
const { given } = specFor(organisation)
const registered = (role: StaffRole) => StaffRegistered.of({ staffRef, role, at: began })
const said = { staffRef, profession: 'HEALTH_PROFESSIONAL', regulator: 'NMC', registration: Personal.of('00A0000Z') } as const
const inRegister = HealthOverseerAppointed.of({ ...said, at: now })
const holder = RoleAppointed.of({ staffRef, role: 'health-overseer', as: 'HOLDER', from: began })
const ended = HealthOverseerEnded.of({ staffRef, reason: 'REGISTRATION_ENDED', at: now })
const overseers = (of: readonly StaffEvent[], appointed: readonly OrganisationEvent[] = [holder]) =>
  healthOverseers(given(...appointed).state, new Map([[staffRef, member.given(...of).state]]), now)

test('[C18] in which profession somebody oversees health data is recorded of whoever has the role, by somebody else, and ends', () => {
  const appointing = (but: object = {}) => appointHealthOverseer.decide(said, { ...by, ...but })
  const ending = endHealthOversight.decide({ staffRef, reason: 'REGISTRATION_ENDED' }, by)
  member.given(registered('health-overseer')).when(appointing()).then(inRegister)
  member.given(registered('dpo')).when(appointing()).thenRefused({ code: 'ROLE_NOT_REGISTERED' })
  member
    .given(registered('health-overseer'))
    .when(appointing({ actor: { id: staffRef, role: 'dpo' } }))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
  member.given(registered('health-overseer'), inRegister).when(ending).then(ended)
  member.given(registered('health-overseer'), inRegister, ended).when(ending).thenNothing()
})
test('[C18] whoever holds the role, works here and is in a register oversees health data; nobody else does', () => {
  const registeredAs = registered('health-overseer')
  expect(overseers([registeredAs, inRegister])).toEqual([staffRef])
  expect(overseers([registeredAs])).toEqual([])
  expect(overseers([registeredAs, inRegister, ended])).toEqual([])
  expect(overseers([registeredAs, inRegister, StaffSuspended.of({ staffRef, suspendedAt: began })])).toEqual([])
  expect(overseers([registeredAs, inRegister], [])).toEqual([])
})
test('[C18] a gap counts from the end of the last appointment, or from when a policy began to say so', () => {
  const allowed = { since: '2026-10-01T00:00:00.000Z', gapDays: 28 }
  const end = RoleEnded.of({ staffRef, role: 'health-overseer', at: now })
  expect(overseenUntil(given().state, allowed, later)).toBe('2026-10-29T00:00:00.000Z')
  expect(overseenUntil(given(holder, end).state, allowed, later)).toBe('2026-12-18T09:00:00.000Z')
  // One that has not ended yet, and one that ended before the policy was, put nothing off.
  expect(overseenUntil(given(holder, end).state, allowed, began)).toBe('2026-10-29T00:00:00.000Z')
  expect(overseenUntil(given(holder, end).state, { ...allowed, since: later }, later)).toBe('2027-01-21T09:00:00.000Z')
})
test('[C18] a review says who looked at whose records, when, and what came of it; the latest counts', () => {
  const { HealthOversightReviewed: reviewed } = staffExamples
  const { overseer, ...what } = reviewed.data
  const reviewing = (reviewedAt: string, allKnown = true) =>
    reviewHealthOversight.decide({ ...what, reviewedAt }, { actor: { id: overseer, role: 'health-overseer' }, now, allKnown })
  given().when(reviewing(reviewed.data.reviewedAt)).then(reviewed)
  // Of somebody who is not on record there was nothing to look at.
  given().when(reviewing(reviewed.data.reviewedAt, false)).thenRefused({ code: 'NOT_FOUND' })
  // Nobody looks ahead of time.
  given()
    .when(reviewing(later))
    .then({ ...reviewed, data: { ...reviewed.data, reviewedAt: now } })
  const before = { ...reviewed, data: { ...reviewed.data, reviewedAt: began } }
  expect(given({ ...reviewed, data: { ...reviewed.data, reviewedAt: now } }, before).state.healthReviewedAt).toBe(now)
})
