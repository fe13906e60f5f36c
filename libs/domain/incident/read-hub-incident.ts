import type { At } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { IncidentId } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { HubIncidentRead } from './events.js'
import { type Comer, type Incident, groundFor } from './incident.js'

/** Of one person in it, what was not erased. */
export const standingIn = ({ involved }: Incident) => [...involved].filter(([, { erased }]) => !erased)

function scopesIn(state: Incident): readonly Scope[] {
  const names = standingIn(state).some(([, { personRef, name }]) => personRef ?? name)
  return names ? ['ID', 'NARR'] : ['NARR']
}

/** C40, INV-8: that somebody reads it is decided on the stream of the incident, and is on record there before anything is opened. */
export const readHubIncident =
  (incidentId: IncidentId, { now, sourceAddress, ...comer }: Comer & At & Pick<DataOfEvent<typeof HubIncidentRead>, 'sourceAddress'>) =>
  (state: Incident) => {
    const ground = groundFor(state, comer)
    if (!ground) return refused('NOT_FOUND')
    return accept([HubIncidentRead.of({ incidentId, ground, scopes: [...scopesIn(state)], at: now, sourceAddress })])
  }
