import type { Decided } from '#decider/command'
import type { Decision } from '#decider/decider'
import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import type { Refusal } from '#kernel/refusals'
import { endAppointments } from './end-appointments.js'
import {
  RoleAppointed,
  RoleEnded,
  type StaffEvent,
  StaffLeft,
  StaffRegistered,
  StaffReinstated,
  StaffRoleWithdrawn,
  StaffSuspended,
} from './events.js'
import type { GrantEvent } from './grants/events.js'
import { recordLeaving } from './record-leaving.js'
import { reinstateStaff } from './reinstate-staff.js'
import { type Member, appointedTo, isActiveAs, mayActAs, organisation, staff } from './staff.js'
import { suspendStaff } from './suspend-staff.js'
import { withdrawRole } from './withdraw-role.js'

const [one, two] = ['00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000032'] as [StaffRef, StaffRef]
const at = '2026-11-01T09:00:00.000Z'
const { given } = specFor(staff)
const ofHouse = specFor(organisation)
const registeredAs = (role: StaffRole) => StaffRegistered.of({ staffRef: one, role, at })
const worker = registeredAs('ips-worker')
const [suspended, reinstated] = [
  StaffSuspended.of({ staffRef: one, suspendedAt: at }),
  StaffReinstated.of({ staffRef: one, reinstatedAt: at }),
]
const left = StaffLeft.of({ staffRef: one, leftAt: at })
const withdrawn = StaffRoleWithdrawn.of({ staffRef: one, role: 'ips-worker', at })

type Facts = Parameters<typeof recordLeaving.decide>[1]
const facts = (but: Partial<Facts> = {}): Facts => ({ actor: somebody, now: at, gives: staffRoles, successorIsWorker: true, ...but })
const suspend = (but?: Partial<Facts>) => suspendStaff.decide({ staffRef: one }, facts(but))
const reinstate = (but?: Partial<Facts>) => reinstateStaff.decide({ staffRef: one }, facts(but))
const leave = (said: { handOverTo?: StaffRef; leftAt?: string } = {}, but?: Partial<Facts>) =>
  recordLeaving.decide({ staffRef: one, ...said }, facts(but))
const withdraw = (role: StaffRole = 'ips-worker', handOverTo?: StaffRef, but?: Partial<Facts>) =>
  withdrawRole.decide({ staffRef: one, role, handOverTo }, facts(but))

describe('[C37] nothing opens', () => {
  test('to somebody suspended, until they are reinstated', () => {
    given(worker).when(suspend()).then(suspended)
    given(worker, suspended).when(suspend()).thenNothing()
    given(worker, suspended).when(reinstate()).then(reinstated)
    given(worker).when(reinstate()).thenNothing()
    const active = [[worker], [worker, suspended], [worker, suspended, reinstated]].map(past =>
      isActiveAs('ips-worker', given(...past).state),
    )
    expect(active).toEqual([true, false, true])
  })
  test('to somebody suspended by another role that they are given', () => {
    const { state } = given(worker, suspended, registeredAs('auditor'))
    expect([isActiveAs('ips-worker', state), isActiveAs('auditor', state)]).toEqual([false, false])
  })
  test('to somebody who has left, whatever they were registered in; whoever comes back begins anew', () => {
    const past = [worker, registeredAs('auditor'), left]
    expect(given(...past).state).toMatchObject({ state: 'LEFT', roles: new Set() })
    const { state } = given(...past, registeredAs('auditor'))
    expect([isActiveAs('ips-worker', state), isActiveAs('auditor', state)]).toEqual([false, true])
  })
  test('to the holder of an appointment who was suspended', () => {
    const holder = ofHouse.given(RoleAppointed.of({ staffRef: one, role: 'dpo', as: 'HOLDER', from: at })).state
    expect(mayActAs('dpo', one, given(registeredAs('dpo')).state, holder, at)).toBe(true)
    expect(mayActAs('dpo', one, given(registeredAs('dpo'), suspended).state, holder, at)).toBe(false)
  })
  test('in a role that was taken away; the others stay', () => {
    given(worker, registeredAs('auditor')).when(withdraw()).then(withdrawn)
    given(registeredAs('auditor')).when(withdraw()).thenNothing()
    const { state } = given(worker, registeredAs('auditor'), withdrawn)
    expect([isActiveAs('ips-worker', state), isActiveAs('auditor', state)]).toEqual([false, true])
  })
})
test('whoever has left is neither suspended nor reinstated, and leaves once', () => {
  given(worker, left).when(suspend()).thenRefused({ code: 'STAFF_LEFT' })
  given(worker, left).when(reinstate()).thenRefused({ code: 'STAFF_LEFT' })
  given(worker, left).when(leave()).thenNothing()
})
test('when it was may be told afterwards, and not in advance', () => {
  const before = '2026-10-30T17:00:00.000Z'
  given(worker)
    .when(leave({ leftAt: before }))
    .then(StaffLeft.of({ staffRef: one, leftAt: before }))
  given(worker)
    .when(leave({ leftAt: '2026-11-02T09:00:00.000Z' }))
    .then(left)
  const [suspendedAt, reinstatedAt] = [before, before]
  given(worker)
    .when(suspendStaff.decide({ staffRef: one, suspendedAt }, facts()))
    .then(StaffSuspended.of({ staffRef: one, suspendedAt }))
  given(worker, suspended)
    .when(reinstateStaff.decide({ staffRef: one, reinstatedAt }, facts()))
    .then(StaffReinstated.of({ staffRef: one, reinstatedAt }))
})
describe('[C38] over whom', () => {
  type Asking = (but?: Partial<Facts>) => Decision<Member, Decided<StaffEvent | GrantEvent>, Refusal>
  const each: Readonly<Record<string, Asking>> = {
    suspend,
    reinstate,
    leave: but => leave({}, but),
    withdraw: but => withdraw('ips-worker', undefined, but),
  }
  test.each(Object.entries(each))('nobody decides over themselves, or over somebody with a role above theirs: %s', (_, ask) => {
    given(worker)
      .when(ask({ actor: { id: one, role: 'dpo' } }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given(worker, registeredAs('dpo'))
      .when(ask({ gives: ['ips-worker', 'back-office'] }))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given().when(ask()).thenRefused({ code: 'NOT_FOUND' })
  })
})
describe('[C37] whoever takes over', () => {
  test('works here as an IPS worker, and is somebody else', () => {
    for (const ask of [leave({ handOverTo: two }, { successorIsWorker: false }), leave({ handOverTo: one })])
      given(worker).when(ask).thenRefused({ code: 'WORKER_NOT_REGISTERED' })
    for (const ask of [withdraw('ips-worker', two, { successorIsWorker: false }), withdraw('ips-worker', one)])
      given(worker).when(ask).thenRefused({ code: 'WORKER_NOT_REGISTERED' })
  })
  test('stays known, so that whoever comes to have a worker who left is handed over, too', () => {
    const handing = StaffLeft.of({ staffRef: one, handOverTo: two, leftAt: at })
    given(worker)
      .when(leave({ handOverTo: two }))
      .then(handing)
    expect(given(worker, handing).state.handedOverTo).toBe(two)
    const taken = StaffRoleWithdrawn.of({ staffRef: one, role: 'ips-worker', handOverTo: two, at })
    given(worker).when(withdraw('ips-worker', two)).then(taken)
    expect(given(worker, taken).state.handedOverTo).toBe(two)
    const another = StaffRoleWithdrawn.of({ staffRef: one, role: 'auditor', at })
    expect(given(worker, registeredAs('auditor'), taken, another).state.handedOverTo).toBe(two)
  })
})
describe('[C48] an appointment', () => {
  const holder = RoleAppointed.of({ staffRef: one, role: 'dpo', as: 'HOLDER', from: at })
  const deputy = RoleAppointed.of({ staffRef: two, role: 'dpo', as: 'DEPUTY', from: at })
  const guardian = RoleAppointed.of({ staffRef: one, role: 'caldicott', as: 'DEPUTY', from: at })
  const ended = (staffRef: StaffRef) => RoleEnded.of({ staffRef, role: 'dpo', at })
  test('ends with the role that it needs, and with no other', () => {
    ofHouse
      .given(holder, guardian)
      .when(endAppointments(one, new Set(['caldicott', 'auditor']), at))
      .then(ended(one))
    ofHouse
      .given(holder, ended(one))
      .when(endAppointments(one, new Set(), at))
      .thenNothing()
    ofHouse
      .given(deputy)
      .when(endAppointments(one, new Set(), at))
      .thenNothing()
  })
  test('that ended leaves the deputies, who act on', () => {
    const { state } = ofHouse.given(holder, deputy, ended(one))
    expect(appointedTo('dpo', state, at)).toEqual([two])
    expect(appointedTo('dpo', ofHouse.given(holder, deputy, ended(two)).state, at)).toEqual([one])
    expect(appointedTo('dpo', ofHouse.given(holder, deputy, ended(two), ended(one)).state, at)).toEqual([])
  })
})
