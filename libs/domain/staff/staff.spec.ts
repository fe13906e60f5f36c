import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Appoint, type AppointFacts, appoint } from './appoint.js'
import { endAppointment } from './end-appointment.js'
import { type Appointment, RoleAppointed, RoleEnded, StaffRegistered } from './events.js'
import { registerStaff } from './register-staff.js'
import { appointedTo, mayActAs, needsAppointment, organisation, staff } from './staff.js'

const [one, two] = ['00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000032'] as [StaffRef, StaffRef]
const at = '2026-11-01T09:00:00.000Z'
const registered = StaffRegistered.of({ staffRef: one, role: 'dpo', at })
const holder = RoleAppointed.of({ staffRef: one, role: 'dpo', as: 'HOLDER', from: at })
const deputy = RoleAppointed.of({ staffRef: two, role: 'dpo', as: 'DEPUTY', from: at })
const giving: AppointFacts = { actor: somebody, now: at, gives: staffRoles, registered: true }
const registering = (staffRef: StaffRef, role: StaffRole, but: Partial<AppointFacts> = {}) =>
  registerStaff.decide({ staffRef, role }, { ...giving, ...but })
const appointing = (staffRef: StaffRef, role: Appointment, but: Partial<AppointFacts> = {}) =>
  appoint.decide({ staffRef, role } satisfies Appoint, { ...giving, ...but })
const { given } = specFor(organisation)
const member = specFor(staff)

test('[C48] the first to be appointed holds the role', () => given().when(appointing(one, 'dpo')).then(holder))
test('[C48] the next is a deputy: there is exactly one DPO', () => given(holder).when(appointing(two, 'dpo')).then(deputy))
test('nobody is appointed twice', () => given(holder, deputy).when(appointing(two, 'dpo')).thenNothing())
test('a role without an appointment is no capability', () => {
  const registeredState = member.given(registered).state
  expect(mayActAs('dpo', one, registeredState, given().state, at)).toBe(false)
  expect(mayActAs('dpo', one, registeredState, given(holder).state, at)).toBe(true)
  expect(mayActAs('dpo', two, registeredState, given(holder).state, at)).toBe(false)
  expect(mayActAs('dpo', two, registeredState, given(holder, deputy).state, at)).toBe(true)
  expect(mayActAs('auditor', one, registeredState, given(holder).state, at)).toBe(false)
})
test('a role is registered once', () => member.given(registered).when(registering(one, 'dpo')).thenNothing())
test('roles add up', () => {
  const both = member.given(registered, StaffRegistered.of({ staffRef: one, role: 'auditor', at })).state
  expect([...both.roles]).toEqual(['dpo', 'auditor'])
  expect([mayActAs('auditor', one, both, given().state, at), mayActAs('caldicott', one, both, given().state, at)]).toEqual([true, false])
  member.given().when(registering(one, 'dpo')).then(registered)
})
test('a role has a holder and deputies in their order, each role its own', () => {
  const third = '00000000-0000-4000-8000-000000000033' as StaffRef
  const guardian = RoleAppointed.of({ staffRef: third, role: 'caldicott', as: 'HOLDER', from: at })
  const next = RoleAppointed.of({ staffRef: third, role: 'dpo', as: 'DEPUTY', from: at })
  const { state } = given(holder, deputy, next, guardian)
  expect([appointedTo('dpo', state, at), appointedTo('caldicott', state, at)]).toEqual([[one, two, third], [third]])
  given(holder).when(appointing(one, 'dpo')).thenNothing()
  given(holder)
    .when(appointing(two, 'caldicott'))
    .then(RoleAppointed.of({ staffRef: two, role: 'caldicott', as: 'HOLDER', from: at }))
})
describe('[C48] an appointment', () => {
  const [before, later, last] = ['2026-10-31T09:00:00.000Z', '2026-12-01T09:00:00.000Z', '2027-01-01T09:00:00.000Z']
  const appointed = (said: Partial<Appoint>, by: Partial<AppointFacts> = {}) =>
    appoint.decide({ staffRef: two, role: 'dpo', ...said }, { ...giving, ...by })
  const ending = (staffRef: StaffRef, from: string = at) => RoleEnded.of({ staffRef, role: 'dpo', at: from })
  const of = (as: 'HOLDER' | 'DEPUTY', more: object = {}) => RoleAppointed.of({ staffRef: two, role: 'dpo', as, from: at, ...more })
  test('is in force from its day until the day before its end', () => {
    given(holder)
      .when(appointed({ from: later, until: last }))
      .then(of('DEPUTY', { from: later, until: last }))
    const { state } = given(of('HOLDER', { from: later, until: last }))
    expect([at, later, last].map(now => appointedTo('dpo', state, now))).toEqual([[], [two], []])
  })
  test('begins now at the earliest, and ends after it began', () => {
    given()
      .when(appointed({ from: before }))
      .then(of('HOLDER'))
    given()
      .when(appointed({ until: at }))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
    given()
      .when(appointed({ from: later, until: later }))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
  })
  test('of a new holder ends that of the old one on the same day, also where it begins later', () => {
    given(holder)
      .when(appointed({ as: 'HOLDER', from: later }))
      .then(ending(one, later), of('HOLDER', { from: later }))
    const { state } = given(holder, ending(one, later), of('HOLDER', { from: later }))
    expect([at, later].map(now => appointedTo('dpo', state, now))).toEqual([[one], [two]])
    given(RoleAppointed.of({ ...holder.data, from: later }))
      .when(appointed({ as: 'HOLDER' }))
      .then(ending(one), of('HOLDER'))
  })
  test('of a deputy as the holder is one appointment, not two', () => {
    given(holder, deputy)
      .when(appointed({ as: 'HOLDER' }))
      .then(ending(one), ending(two), of('HOLDER'))
    given(holder, deputy)
      .when(appointed({ as: 'DEPUTY' }))
      .thenNothing()
  })
  test('goes to the next as the holder once the holder’s has ended; deputies stay what they are', () => {
    const third = '00000000-0000-4000-8000-000000000033' as StaffRef
    given(holder, deputy, ending(one))
      .when(appointed({ staffRef: third }))
      .then(RoleAppointed.of({ ...holder.data, staffRef: third }))
    expect(appointedTo('dpo', given(holder, deputy, ending(one)).state, at)).toEqual([two])
  })
  test('ends by somebody else whose role gives it, now at the earliest, and once', () => {
    const end = (said: object = {}, by: Partial<AppointFacts> = {}) =>
      endAppointment.decide({ staffRef: one, role: 'dpo', ...said }, { ...giving, ...by })
    given(holder).when(end()).then(ending(one))
    given(holder)
      .when(end({ at: before }))
      .then(ending(one))
    given(holder)
      .when(end({ at: later }))
      .then(ending(one, later))
    given(holder, ending(one)).when(end()).thenNothing()
    given(deputy).when(end()).thenNothing()
    given(holder)
      .when(end({}, { actor: { id: one, role: 'dpo' } }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given(holder)
      .when(end({}, { gives: ['ips-worker'] }))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
  })
})
test.each([
  ['dpo', true],
  ['caldicott', true],
  ['health-overseer', true],
  ['auditor', false],
  ['ips-worker', false],
])('%s needs an appointment: %s', (role, needs) => {
  expect(needsAppointment(role)).toBe(needs)
})

describe('nobody gives a role that is not theirs to give', () => {
  const self = { id: one, role: 'dpo' } as const
  test('nor one to themselves', () => {
    member
      .given()
      .when(registering(one, 'auditor', { actor: self }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given()
      .when(appointing(one, 'caldicott', { actor: self }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
  })
  test('nor beyond their own row', () => {
    member
      .given()
      .when(registering(two, 'dpo', { gives: ['ips-worker'] }))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given()
      .when(appointing(two, 'dpo', { gives: ['ips-worker'] }))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
  })
  test('[C48] nobody is appointed who could not act: a role would have a holder and stand empty', () =>
    given()
      .when(appointing(two, 'dpo', { registered: false }))
      .thenRefused({ code: 'ROLE_NOT_REGISTERED' }))
})
