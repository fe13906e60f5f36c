import type { Happened } from '#decider/decider'
import { happened, specFor } from '#decider/spec'
import { examples } from '#domain/person/examples'
import { subjectRef } from '#domain/person/invented'
import { type PersonEvent, person } from '#domain/person/person'
import type { Grants } from '#domain/staff/grants/grants'
import { staffExamples } from '#domain/staff/examples'
import type { Teams } from '#domain/staff/teams/teams'
import type { StaffRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import type { Reach } from '#policy/reach'
import { wayIn } from './need-to-know.js'

const now = '2026-11-01T10:00:00.000Z'
const [me, colleague] = ['00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000032'] as [StaffRef, StaffRef]
const { given } = specFor(person)
const { ReferralReceived: received, ReferralAccepted: accepted, EpisodeOpened: opened, ServiceUseEnded: ended } = examples
const supportedBy = (workerId: StaffRef) =>
  [received, accepted, opened, { ...examples.WorkerAssigned, data: { ...examples.WorkerAssigned.data, workerId } }] as const
const { grantId } = staffExamples.AccessGranted.data

type Tried = {
  readonly past?: readonly (PersonEvent | Happened<PersonEvent>)[]
  readonly role?: StaffRole
  readonly reach?: Reach
  readonly teams?: Teams
  readonly grants?: Grants
  readonly at?: string
}
function wayOf({
  past = [...supportedBy(colleague)],
  role = 'ips-worker',
  reach = 'OWN_CASELOAD',
  teams = null,
  grants = new Map(),
  at = now,
}: Tried) {
  const way = wayIn(given(...past).state, subjectRef, { actor: { id: me, role }, grants, teams }, reach, at)
  return way.ok ? way.value : way.refusal.code
}
const grant = (said: object = {}): Grants => {
  const { staffRef: _, ...data } = staffExamples.AccessGranted.data
  return new Map([[grantId, { ...data, subjectRef, ...said }]])
}
const team = (leader: StaffRef, ...workers: readonly StaffRef[]) =>
  new Map([['t', new Map([[leader, 'LEADER' as const], ...workers.map(one => [one, 'WORKER'] as const)])]])

describe('[C37] a record is open', () => {
  test('to whoever supports the person, and to no other worker', () => {
    expect(wayOf({ past: [...supportedBy(me)] })).toEqual({ ground: 'OWN_CASELOAD' })
    expect(wayOf({})).toBe('NO_NEED_TO_KNOW')
  })
  test('to whoever leads the team of the worker; while there is no team, to every team leader', () => {
    const leader = { role: 'team-leader', reach: 'OWN_TEAM' } as const
    expect(wayOf({ ...leader, teams: team(me, colleague) })).toEqual({ ground: 'TEAM' })
    expect(wayOf({ ...leader, teams: team(colleague, me) })).toBe('NO_NEED_TO_KNOW')
    expect(wayOf({ ...leader, teams: new Map() })).toBe('NO_NEED_TO_KNOW')
    expect(wayOf(leader)).toEqual({ ground: 'TEAM' })
    expect(wayOf({ teams: team(me, colleague) })).toBe('NO_NEED_TO_KNOW')
  })
  test('of somebody whom nobody supports, until they stop using the service', () => {
    for (const past of [[received], [received, accepted, opened]] as const) expect(wayOf({ past: [...past] })).toEqual({ ground: 'INTAKE' })
    const past = [received, accepted, opened, ended]
    const leading = (teams: Teams) => wayOf({ past, role: 'team-leader', reach: 'OWN_TEAM', teams })
    expect([wayOf({ past }), leading(team(me, colleague)), leading(null)]).toEqual([
      'NO_NEED_TO_KNOW',
      'NO_NEED_TO_KNOW',
      { ground: 'TEAM' },
    ])
  })
  test('by a grant for this person, in this role, until its time is over', () => {
    expect(wayOf({ grants: grant() })).toEqual({ ground: 'GRANT', grantId })
    for (const said of [{ subjectRef: colleague }, { role: 'team-leader' }, { until: now }])
      expect(wayOf({ grants: grant(said) })).toBe('NO_NEED_TO_KNOW')
  })
  test('to everybody whose role is not limited', () => {
    expect(wayOf({ role: 'health-overseer', reach: 'EVERYBODY' })).toEqual({ ground: 'ROLE' })
  })
  test('to a breach responder masked, and by a ticket as it is', () => {
    const responder = { role: 'breach-responder', reach: 'BY_TICKET' } as const
    expect(wayOf({ ...responder, past: [received] })).toEqual({ ground: 'ROLE' })
    expect(wayOf({ ...responder, grants: grant({ role: 'breach-responder' }) })).toEqual({ ground: 'GRANT', grantId, sealBroken: true })
  })
  test('in need to whoever broke the seal in this role, for its time, unless it is found that it had not to be', () => {
    const { BreakGlassUsed: used, BreakGlassReviewed: reviewed } = examples
    const broken = happened(used, { actor: { id: me, role: 'ips-worker' } })
    const past = [...supportedBy(colleague), broken]
    const seal = { ground: 'BREAK_GLASS', grantId: used.data.grantId }
    expect([wayOf({ past }), wayOf({ past: [...past, reviewed] })]).toEqual([seal, seal])
    expect(wayOf({ past, at: used.data.until })).toBe('NO_NEED_TO_KNOW')
    expect(wayOf({ past, role: 'team-leader', reach: 'OWN_TEAM', teams: new Map() })).toBe('NO_NEED_TO_KNOW')
    expect(wayOf({ past: [...past, { ...reviewed, data: { ...reviewed.data, outcome: 'NOT_JUSTIFIED' } }] })).toBe('NO_NEED_TO_KNOW')
    const ofColleague = happened(used, { actor: { id: colleague, role: 'ips-worker' } })
    expect(wayOf({ past: [...supportedBy(colleague), ofColleague] })).toBe('NO_NEED_TO_KNOW')
  })
})

test('[C38] a record is closed to whoever has a conflict of interest, whatever else they have, until it ends', () => {
  const { ConflictDeclared: declared, ConflictEnded: over, BreakGlassUsed: used } = examples
  const mine = { ...declared, data: { ...declared.data, staffRef: me } }
  const past = [...supportedBy(me), happened(used, { actor: { id: me, role: 'ips-worker' } }), mine]
  for (const reach of ['OWN_CASELOAD', 'EVERYBODY', 'BY_TICKET'] as const)
    expect(wayOf({ past, grants: grant(), reach })).toBe('CONFLICT_OF_INTEREST')
  expect(wayOf({ past: [...past, { ...over, data: { ...over.data, staffRef: me } }] })).toEqual({ ground: 'OWN_CASELOAD' })
  expect(wayOf({ past: [...supportedBy(me), declared] })).toEqual({ ground: 'OWN_CASELOAD' })
})
