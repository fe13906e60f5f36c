import type { Aggregate, Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { InvolvementErased } from '#event-kit/key-events'
import type { Scope } from '#event-kit/scope'
import type { KeyId, StaffRef } from '#kernel/id'
import type { IncidentReach } from '#kernel/incident-types'
import type { Personal } from '#kernel/personal'
import type { HubIncidentRaised, IncidentEvent, InvolvementRole, ReadGround } from './events.js'

export type Involvement = {
  readonly role: InvolvementRole
  readonly staffRef?: StaffRef | undefined
  readonly personRef?: Personal<string> | undefined
  readonly name?: Personal<string> | undefined
  /** Each time that somebody said something of them. */
  readonly words: readonly Personal<string>[]
  readonly erased: boolean
}
export type Incident = {
  readonly raised?: DataOfEvent<typeof HubIncidentRaised> & { readonly raisedAt: string; readonly raisedBy: StaffRef }
  readonly closed?: { readonly closedAt: string; readonly conclusion?: Personal<string> | undefined }
  /** Who is let at it, and since when. */
  readonly parties: ReadonlyMap<StaffRef, { readonly since: string }>
  readonly involved: ReadonlyMap<string, Involvement>
  /** What is held of each of them lies under these keys. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<KeyId, Scope>>
  /** What ended some of them, by the id of the event. */
  readonly fences: ReadonlyMap<string, DataOfEvent<typeof InvolvementErased>>
}
const nothingRaised: Incident = { parties: new Map(), involved: new Map(), keys: new Map(), fences: new Map() }
const same = (incident: Incident) => incident

const evolve: Evolve<Incident, IncidentEvent> = {
  HubIncidentRaised: (incident, data, { recordedAt, actor }) => ({
    ...incident,
    raised: { ...data, raisedAt: recordedAt, raisedBy: actor.id },
  }),
  PersonAddedToIncident: (incident, { involvementId, role, staffRef, personRef, name, words }) => {
    const was = incident.involved.get(involvementId)
    const said = was?.words ?? []
    // Who says more of them later need not say again what they are called.
    const one = { role, staffRef, personRef, name: name ?? was?.name, words: words ? [...said, words] : said, erased: false }
    return { ...incident, involved: new Map([...incident.involved, [involvementId, one]]) }
  },
  InterestedPartyAdded: (incident, { staffRef }, { recordedAt: since }) => ({
    ...incident,
    parties: new Map([...incident.parties, [staffRef, { since }]]),
  }),
  InterestedPartyRemoved: (incident, { staffRef }) => ({
    ...incident,
    parties: new Map([...incident.parties].filter(([party]) => party !== staffRef)),
  }),
  HubIncidentClosed: (incident, { closedAt, conclusion }) => ({ ...incident, closed: { closedAt, conclusion } }),
  HubIncidentRead: same,
  InvolvementErased: (incident, fence, { eventId }) => {
    const was = incident.involved.get(fence.involvementId)
    return {
      ...incident,
      involved: was ? new Map([...incident.involved, [fence.involvementId, { ...was, erased: true }]]) : incident.involved,
      fences: new Map([...incident.fences, [eventId, fence]]),
    }
  },
  InvolvementKeysDestroyed: same,
  IncidentKeyCreated: same,
  InvolvementKeyCreated: (incident, { involvementId, kid, scope }) => ({
    ...incident,
    keys: new Map([...incident.keys, [involvementId, new Map([...(incident.keys.get(involvementId) ?? []), [kid, scope]])]]),
  }),
}

export const incident: Aggregate<Incident, IncidentEvent> = { category: 'incident', initial: nothingRaised, evolve, standing: 'NOBODY' }

/** Somebody in the role in which they come, and how far that lets them. */
export type Comer = { readonly actor: { readonly id: StaffRef; readonly role: string }; readonly reach: IncidentReach }
/** Whether it is about them, too. */
export const isInvolved = ({ involved }: Incident, id: StaffRef) => [...involved.values()].some(({ staffRef }) => staffRef === id)

/**
 * C40: what lets somebody at an incident; for everybody else there is none. An interested party, in a role that may be one of this type;
 * or whose role looks at all of this type, unless they were in it themselves.
 */
export function groundFor(state: Incident, { actor: { id }, reach }: Comer): ReadGround | undefined {
  const type = state.raised?.type
  if (type === undefined) return undefined
  if (state.parties.has(id) && reach.asParty.includes(type)) return 'PARTY'
  return reach.byRole.includes(type) && !isInvolved(state, id) ? 'ROLE' : undefined
}
