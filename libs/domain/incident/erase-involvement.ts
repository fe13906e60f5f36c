import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { InvolvementErased } from '#event-kit/key-events'
import type { IncidentId, InvolvementId } from '#kernel/id'
import { accept } from '#kernel/result'
import { type IncidentEvent, InvolvementKeysDestroyed } from './events.js'
import type { Incident } from './incident.js'

/** C64: whoever is erased is erased from the incidents that they were in. What an incident holds of others stays. */
export const eraseInvolvement =
  (incidentId: IncidentId, involvementId: InvolvementId): Decision<Incident, IncidentEvent, never> =>
  ({ involved, keys }) => {
    if (involved.get(involvementId)?.erased !== false) return accept([])
    const held = keys.get(involvementId) ?? new Map()
    return accept([InvolvementErased.of({ incidentId, involvementId, scopes: [...new Set(held.values())].sort(), kids: [...held.keys()] })])
  }

/** C54: what was destroyed, and when. */
export const recordDestroyedInvolvement =
  (destroyed: DataOfEvent<typeof InvolvementKeysDestroyed>): Decision<Incident, IncidentEvent, never> =>
  () =>
    accept([InvolvementKeysDestroyed.of(destroyed)])
