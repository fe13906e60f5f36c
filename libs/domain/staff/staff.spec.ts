import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Appoint, type AppointFacts, appoint } from './appoint.js'
import { type Appointment, RoleAppointed, StaffRegistered } from './events.js'
import { registerStaff } from './register-staff.js'
import { mayActAs, needsAppointment, organisation, staff } from './staff.js'

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
  expect(mayActAs('dpo', one, registeredState, given().state)).toBe(false)
  expect(mayActAs('dpo', one, registeredState, given(holder).state)).toBe(true)
  expect(mayActAs('dpo', two, registeredState, given(holder).state)).toBe(false)
  expect(mayActAs('dpo', two, registeredState, given(holder, deputy).state)).toBe(true)
  expect(mayActAs('auditor', one, registeredState, given(holder).state)).toBe(false)
})
test('a role is registered once', () => member.given(registered).when(registering(one, 'dpo')).thenNothing())
test('roles add up', () => {
  const both = member.given(registered, StaffRegistered.of({ staffRef: one, role: 'auditor', at })).state
  expect([...both.roles]).toEqual(['dpo', 'auditor'])
  expect([mayActAs('auditor', one, both, given().state), mayActAs('caldicott', one, both, given().state)]).toEqual([true, false])
  member.given().when(registering(one, 'dpo')).then(registered)
})
test('a role has a holder and deputies in their order, each role its own', () => {
  const third = '00000000-0000-4000-8000-000000000033' as StaffRef
  const guardian = RoleAppointed.of({ staffRef: third, role: 'caldicott', as: 'HOLDER', from: at })
  const next = RoleAppointed.of({ staffRef: third, role: 'dpo', as: 'DEPUTY', from: at })
  expect(given(holder, deputy, next, guardian).state.appointed).toEqual(
    new Map([
      ['dpo', { holder: one, deputies: [two, third] }],
      ['caldicott', { holder: third, deputies: [] }],
    ]),
  )
  given(holder).when(appointing(one, 'dpo')).thenNothing()
  given(holder)
    .when(appointing(two, 'caldicott'))
    .then(RoleAppointed.of({ staffRef: two, role: 'caldicott', as: 'HOLDER', from: at }))
})
test('a deputy before any holder holds the role; a new holder keeps the deputies', () => {
  expect(given(deputy).state.appointed).toEqual(new Map([['dpo', { holder: two, deputies: [] }]]))
  expect(given(holder, deputy, RoleAppointed.of({ staffRef: two, role: 'dpo', as: 'HOLDER', from: at })).state.appointed).toEqual(
    new Map([['dpo', { holder: two, deputies: [two] }]]),
  )
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
