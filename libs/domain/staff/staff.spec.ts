import { specFor } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { RoleAppointed, StaffRegistered } from './events.js'
import { appoint, mayActAs, needsAppointment, organisation, registerStaff, staff } from './staff.js'

const [one, two] = ['00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000032'] as [StaffRef, StaffRef]
const at = '2026-11-01T09:00:00.000Z'
const registered = StaffRegistered.of({ staffRef: one, role: 'dpo', at })
const holder = RoleAppointed.of({ staffRef: one, role: 'dpo', as: 'HOLDER', from: at })
const deputy = RoleAppointed.of({ staffRef: two, role: 'dpo', as: 'DEPUTY', from: at })
const { given } = specFor(organisation)
const member = specFor(staff)

test('[C48] the first to be appointed holds the role', () =>
  given()
    .when(appoint(one, 'dpo', at))
    .then(holder))
test('[C48] the next is a deputy: there is exactly one DPO', () =>
  given(holder)
    .when(appoint(two, 'dpo', at))
    .then(deputy))
test('nobody is appointed twice', () =>
  given(holder, deputy)
    .when(appoint(two, 'dpo', at))
    .thenNothing())
test('a role without an appointment is no capability', () => {
  const registeredState = member.given(registered).state
  expect(mayActAs('dpo', one, registeredState, given().state)).toBe(false)
  expect(mayActAs('dpo', one, registeredState, given(holder).state)).toBe(true)
  expect(mayActAs('dpo', two, registeredState, given(holder).state)).toBe(false)
  expect(mayActAs('dpo', two, registeredState, given(holder, deputy).state)).toBe(true)
  expect(mayActAs('auditor', one, registeredState, given(holder).state)).toBe(false)
})
test('a role is registered once', () =>
  member
    .given(registered)
    .when(registerStaff(one, 'dpo', at))
    .thenNothing())
test('roles add up', () => {
  const both = member.given(registered, StaffRegistered.of({ staffRef: one, role: 'auditor', at })).state
  expect([...both.roles]).toEqual(['dpo', 'auditor'])
  expect([mayActAs('auditor', one, both, given().state), mayActAs('caldicott', one, both, given().state)]).toEqual([true, false])
  member
    .given()
    .when(registerStaff(one, 'dpo', at))
    .then(registered)
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
  given(holder)
    .when(appoint(one, 'dpo', at))
    .thenNothing()
  given(holder)
    .when(appoint(two, 'caldicott', at))
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
