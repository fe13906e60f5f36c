import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { InvolvementId } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type InvolvementRole, PersonAddedToIncident } from './events.js'
import { type Comer, groundFor } from './incident.js'
import { ofIncident } from './of-incident.js'

export type AddPersonToIncident = Omit<DataOfEvent<typeof PersonAddedToIncident>, 'role' | 'involvementId'> & {
  /** Undefined: nobody says what they had to do with it. */
  readonly role?: InvolvementRole | undefined
}
export type AddPersonFacts = Comer & {
  /** The same for the same person in the same incident. */
  readonly involvementId: InvolvementId
  /** Of somebody who uses the service: their record was erased. */
  readonly isErased: boolean
}

/**
 * C39: somebody's data is in an incident only where they were involved. It may be said again of the same person, in another role or with
 * more words.
 */
export const addPersonToIncident = command({
  ...ofIncident,
  name: 'AddPersonToIncident',
  clauses: ['C39', 'C40'],
  says: 'Say who was involved in an incident, and as what',
  refusals: ['NOT_FOUND', 'INCIDENT_CLOSED', 'PERSON_NOT_INVOLVED', 'SUBJECT_ERASED'],
  decide:
    ({ role, ...told }: AddPersonToIncident, { involvementId, isErased, ...comer }: AddPersonFacts) =>
    incident => {
      if (!groundFor(incident, comer)) return refused('NOT_FOUND')
      if (incident.closed) return refused('INCIDENT_CLOSED')
      if (role === undefined) return refused('PERSON_NOT_INVOLVED')
      const known = incident.involved.get(involvementId)
      if (isErased || known?.erased) return refused('SUBJECT_ERASED')
      if (known?.role === role && !told.words) return accept([])
      return accept([PersonAddedToIncident.of({ ...told, involvementId, role })])
    },
})
