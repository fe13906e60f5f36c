import { type Aggregate, type Evolve, slice, within } from '#decider/decider'
import type { StaffRole } from '#kernel/actor'
import type { Scope } from '#event-kit/scope'
import type { KeyId, StaffRef } from '#kernel/id'
import { laterOf } from '#kernel/instants'
import type { Personal } from '#kernel/personal'
import {
  type Appointment,
  type AppointmentEvent,
  type OrganisationEvent,
  type OverseeingProfession,
  type Regulator,
  type StaffEvent,
  appointments,
} from './events.js'
import type { GrantEvent } from './grants/events.js'
import { type Grants, evolveGrants } from './grants/grants.js'
import type { TeamEvent } from './teams/events.js'
import { type Teams, evolveTeams } from './teams/teams.js'

export const staffStates = ['UNKNOWN', 'ACTIVE', 'SUSPENDED', 'LEFT'] as const
/**
 * One member of staff: whether they may work here now, the roles in which they are registered, and until when their training is in date,
 * once any is on record.
 */
export type Staff = {
  readonly state: (typeof staffStates)[number]
  readonly roles: ReadonlySet<StaffRole>
  /** Who takes over the people whom they supported, where they gave up doing so and somebody was named. */
  readonly handedOverTo?: StaffRef | undefined
  readonly trainedUntil?: string | undefined
  /** C38: what they have read, each as `acknowledgement` writes it. */
  readonly acknowledged: ReadonlySet<string>
  /** Who they are, sealed; also once it was erased, and opens no more. */
  readonly details?: { readonly name: Personal<string>; readonly contact?: Personal<string> | undefined }
  /** C18: on which ground they oversee health data. */
  readonly oversees?:
    { readonly profession: OverseeingProfession; readonly regulator: Regulator; readonly registration: Personal<string> } | undefined
  /** The keys that their name and registration are sealed under, as long as no fence has ended them. */
  readonly keys: ReadonlyMap<KeyId, Scope>
}
/** A version of a policy, as one word: neither holds a blank. */
export const acknowledgement = (policy: string, version: string) => `${policy} ${version}`
const without = (roles: ReadonlySet<StaffRole>, role: StaffRole) => new Set([...roles].filter(one => one !== role))

/** The one fold for decisions and for the register of staff. */
export const evolveStaff: Evolve<Staff, StaffEvent> = {
  StaffRegistered: (member, { role }) => ({
    ...member,
    // Another role is no way out of a suspension; whoever left comes back with it.
    state: member.state === 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE',
    roles: new Set(member.roles).add(role),
  }),
  StaffSuspended: member => ({ ...member, state: 'SUSPENDED' }),
  StaffReinstated: member => ({ ...member, state: 'ACTIVE' }),
  StaffRoleWithdrawn: (member, { role, handOverTo }) => ({
    ...member,
    roles: without(member.roles, role),
    ...(role === 'ips-worker' ? { handedOverTo: handOverTo } : {}),
  }),
  StaffLeft: (member, { handOverTo }) => ({ ...member, state: 'LEFT', roles: new Set(), handedOverTo: handOverTo }),
  // The one that lasts longest counts, in whatever order they were typed in.
  StaffTrainingCompleted: (member, { validUntil }) => ({
    ...member,
    trainedUntil: validUntil > (member.trainedUntil ?? '') ? validUntil : member.trainedUntil,
  }),
  PolicyAcknowledged: (member, { policy, version }) => ({
    ...member,
    acknowledged: new Set(member.acknowledged).add(acknowledgement(policy, version)),
  }),
  StaffDetailsRecorded: (member, { name, contact }) => ({ ...member, details: { name, contact } }),
  HealthOverseerAppointed: (member, { profession, regulator, registration }) => ({
    ...member,
    oversees: { profession, regulator, registration },
  }),
  HealthOverseerEnded: member => ({ ...member, oversees: undefined }),
  StaffKeyCreated: (member, { kid, scope }) => ({ ...member, keys: new Map(member.keys).set(kid, scope) }),
  StaffDetailsErased: (member, { kids }) => ({ ...member, keys: new Map([...member.keys].filter(([kid]) => !kids.includes(kid))) }),
  StaffKeysDestroyed: member => member,
}
export const nobodyKnown: Staff = { state: 'UNKNOWN', roles: new Set(), acknowledged: new Set(), keys: new Map() }
/** With the grants that they have. */
export type Member = Staff & { readonly grants: Grants }
export const staff: Aggregate<Member, StaffEvent | GrantEvent> = {
  category: 'staff',
  initial: { ...nobodyKnown, grants: new Map() },
  evolve: {
    ...within<Member, Staff, StaffEvent>(evolveStaff, { take: member => member, put: ({ grants }, now) => ({ ...now, grants }) }),
    ...slice<Member, 'grants', GrantEvent>('grants', evolveGrants),
  },
  standing: 'NOBODY',
}

/** C47: whether training is in date, of whoever has any on record. */
export const isTrained = (trainedUntil: string | undefined, now: string): boolean => trainedUntil === undefined || trainedUntil > now

/** C37: whether somebody works here in a role: registered in it, not suspended, not gone. */
export const isActiveAs = (role: StaffRole, { state, roles }: Staff): boolean => state === 'ACTIVE' && roles.has(role)

/** Somebody is appointed for a time. Whoever was appointed before there were ends is so until it is ended. */
export type Term = {
  readonly staffRef: StaffRef
  readonly as: 'HOLDER' | 'DEPUTY'
  readonly from: string
  readonly until?: string | undefined
}
/** Who is, was or will be appointed to what, in the order in which it was decided; and who works in which team now. */
export type Organisation = {
  readonly terms: ReadonlyMap<Appointment, readonly Term[]>
  readonly teams: Teams
  /** C18: when whoever oversees health data looked at it last. */
  readonly healthReviewedAt?: string | undefined
}

type Terms = Pick<Organisation, 'terms' | 'healthReviewedAt'>
const evolveTerms: Evolve<Terms, AppointmentEvent> = {
  RoleAppointed: ({ terms, ...was }, { role, staffRef, as, from, until }) => ({
    ...was,
    terms: new Map(terms).set(role, [...(terms.get(role) ?? []), { staffRef, as, from, until }]),
  }),
  RoleEnded: ({ terms, ...was }, { role, staffRef, at }) => ({
    ...was,
    terms: new Map(terms).set(
      role,
      (terms.get(role) ?? []).map(term => (term.staffRef === staffRef && isOpenAfter(term, at) ? { ...term, until: at } : term)),
    ),
  }),
  HealthOversightReviewed: (was, { reviewedAt }) => ({ ...was, healthReviewedAt: laterOf(reviewedAt, was.healthReviewedAt ?? reviewedAt) }),
}
export const organisation: Aggregate<Organisation, OrganisationEvent> = {
  category: 'organisation',
  initial: { terms: new Map(), teams: null },
  evolve: {
    ...within<Organisation, Terms, AppointmentEvent>(evolveTerms, { take: was => was, put: (was, now) => ({ ...was, ...now }) }),
    ...slice<Organisation, 'teams', TeamEvent>('teams', evolveTeams),
  },
  standing: 'NOBODY',
}

export const needsAppointment = (role: string): role is Appointment => appointments.includes(role as Appointment)

const isOpenAfter = ({ until }: Term, at: string) => until === undefined || until > at
/** The terms of a role that have not ended by then, also those that begin later. */
export const termsFrom = (role: Appointment, { terms }: Terms, now: string): readonly Term[] =>
  (terms.get(role) ?? []).filter(term => term.from < (term.until ?? '~') && isOpenAfter(term, now))

/** C48: whoever may act in the role now: the holder first, then the deputies in their order. */
export function appointedTo(role: Appointment, organised: Organisation, now: string): readonly StaffRef[] {
  const inForce = termsFrom(role, organised, now).filter(({ from }) => from <= now)
  const first = inForce.filter(({ as }) => as === 'HOLDER')
  return [...new Set([...first, ...inForce].map(({ staffRef }) => staffRef))]
}

/** C37, C48: the token's role ∧ an active staff record ∧ an appointment in force where the role needs one. */
export function mayActAs(role: StaffRole, staffRef: StaffRef, member: Staff, organised: Organisation, now: string): boolean {
  return isActiveAs(role, member) && (!needsAppointment(role) || appointedTo(role, organised, now).includes(staffRef))
}
