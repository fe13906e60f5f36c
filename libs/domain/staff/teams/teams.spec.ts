import { somebody, specFor } from '#decider/spec'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { endAppointments } from '../end-appointments.js'
import { staffExamples } from '../examples.js'
import { organisation } from '../staff.js'
import { addToTeam } from './add-to-team.js'
import { createTeam } from './create-team.js'
import { endTeam } from './end-team.js'
import { removeFromTeam } from './remove-from-team.js'

const { given } = specFor(organisation)
const { TeamCreated: created, TeamMemberAdded: added, TeamMemberRemoved: removed, TeamEnded: ended } = staffExamples
const { teamId, leader, createdAt: now } = created.data
const { staffRef } = added.data
const facts = { actor: somebody, now, gives: staffRoles as readonly StaffRole[], registered: true }
const ofTeams: readonly StaffRole[] = ['back-office', 'ips-worker']
const led = { actor: { id: leader, role: 'team-leader' as const }, gives: ofTeams }
const other = { actor: { id: '00000000-0000-4000-8000-000000000077' as StaffRef, role: 'team-leader' as const }, gives: ofTeams }

describe('[C37] a team', () => {
  const creating = (but: Partial<typeof facts> = {}) => createTeam.decide({ teamId, leader }, { ...facts, ...but })
  const adding = (but: object = {}, part: 'LEADER' | 'WORKER' = 'WORKER') =>
    addToTeam.decide({ teamId, staffRef, part }, { ...facts, ...but })
  test('begins with whoever leads it, by somebody else who gives that role', () => {
    given().when(creating()).then(created)
    given()
      .when(creating({ actor: { id: leader, role: 'dpo' } }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given()
      .when(creating({ gives: ofTeams }))
      .thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given()
      .when(creating({ registered: false }))
      .thenRefused({ code: 'ROLE_NOT_REGISTERED' })
  })
  test('takes workers, by whoever leads it, and leaders by those who give that role', () => {
    given(created).when(adding()).then(added)
    given(created).when(adding(led)).then(added)
    given(created).when(adding(led, 'LEADER')).thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given(created).when(adding(other)).thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given(created)
      .when(adding({ actor: { id: staffRef, role: 'dpo' } }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given(created)
      .when(adding({ registered: false }))
      .thenRefused({ code: 'ROLE_NOT_REGISTERED' })
    given().when(adding()).thenRefused({ code: 'NOT_FOUND' })
    given(created, added).when(adding()).thenNothing()
  })
  test('lets go of workers by whoever leads it, and of leaders by those who give that role', () => {
    const removing = (who: StaffRef, but: object = {}) => removeFromTeam.decide({ teamId, staffRef: who }, { ...facts, ...but })
    given(created, added).when(removing(staffRef, led)).then(removed)
    given(created, added).when(removing(leader, other)).thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given(created, added).when(removing(leader, led)).thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given(created, added)
      .when(removing(leader))
      .then({ ...removed, data: { ...removed.data, staffRef: leader } })
    given(created, added, removed).when(removing(staffRef)).thenNothing()
  })
  test('ends; a service that had one is no team of everybody again', () => {
    const ending = (gives: readonly StaffRole[] = staffRoles) => endTeam.decide({ teamId }, { now, gives })
    given(created).when(ending()).then(ended)
    given(created).when(ending(ofTeams)).thenRefused({ code: 'ROLE_NOT_TO_GIVE' })
    given(created, ended).when(ending()).thenRefused({ code: 'NOT_FOUND' })
    expect([given().state.teams, given(created, ended).state.teams]).toEqual([null, new Map()])
  })
  test('has nobody in it who is not registered in the role of their part any more', () => {
    const leaving = (...roles: readonly StaffRole[]) => endAppointments(staffRef, new Set(roles), now)
    given(created, added).when(leaving()).then(removed)
    given(created, added).when(leaving('ips-worker')).thenNothing()
    given(created).when(leaving()).thenNothing()
  })
})
