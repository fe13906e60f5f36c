import { ApiProperty } from '@nestjs/swagger'
import type { By } from '#decider/command'
import { addPersonToIncident } from '#domain/incident/add-person-to-incident'
import { closeHubIncident } from '#domain/incident/close-hub-incident'
import { addInterestedParty, removeInterestedParty } from '#domain/incident/interested-parties'
import { raiseHubIncident } from '#domain/incident/raise-hub-incident'
import type { StaffRole } from '#kernel/actor'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { incidentReachOf } from '#policy/incident-reach'
import { CommandAnswer } from '../answers.js'
import { IncidentBody, IncidentClosingBody, InvolvedBody, PartyBody } from '../bodies/incident.js'
import { FirstParties, KnownParty } from '../preparations/known-parties.js'
import { TheInvolved } from '../preparations/the-involved.js'

const tag = 'incident'

export class IncidentAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) incidentId!: string
}
export class RaisedIncidentAnswer extends IncidentAnswer {
  @ApiProperty({ format: 'uuid', required: false, description: 'Of one about information: the breach whose triage it opens.' })
  breachId?: string
}
const ofIncident = { answers: IncidentAnswer, answer: ({ incidentId }: Pick<IncidentAnswer, 'incidentId'>) => ({ incidentId }) }
const facts = (_: unknown, { actor }: By) => ({ reach: incidentReachOf(actor.role as StaffRole) })

export const raiseIncidentDoor = doorOf(tag, raiseHubIncident, {
  path: 'incidents',
  creates: ({ incidentId }) => `/v1/incidents/${incidentId}`,
  body: IncidentBody,
  prepare: FirstParties,
  input: ({ narrative, parties = [], asParty = true, breachKind = 'CONFIDENTIALITY', ...body }, _, mint) => ({
    ...body,
    ...(body.type === 'INFORMATION_GOVERNANCE' ? { breachId: mint('breach'), breachKind } : {}),
    incidentId: mint('incident'),
    narrative: Personal.of(narrative),
    parties,
    asParty,
  }),
  answers: RaisedIncidentAnswer,
  answer: ({ incidentId, breachId }) => ({ incidentId, ...(breachId === undefined ? {} : { breachId }) }),
})
export const addPersonToIncidentDoor = doorOf(tag, addPersonToIncident, {
  path: 'incidents/:incidentId/people',
  body: InvolvedBody,
  prepare: TheInvolved,
  input: ({ role, subjectRef, staffRef, name, words }, ids) => ({
    ...ids,
    role,
    staffRef,
    personRef: Personal.given<string>(subjectRef),
    name: Personal.given(name),
    words: Personal.given(words),
  }),
  fields: { PERSON_NOT_INVOLVED: 'role' },
  ...ofIncident,
})
export const addInterestedPartyDoor = doorOf(tag, addInterestedParty, {
  path: 'incidents/:incidentId/parties',
  body: PartyBody,
  prepare: KnownParty,
  fields: { STAFF_NOT_REGISTERED: 'staffRef' },
  ...ofIncident,
})
export const removeInterestedPartyDoor = doorOf(tag, removeInterestedParty, {
  path: 'incidents/:incidentId/parties/removal',
  body: PartyBody,
  facts,
  ...ofIncident,
})
export const closeIncidentDoor = doorOf(tag, closeHubIncident, {
  path: 'incidents/:incidentId/closing',
  body: IncidentClosingBody,
  input: ({ conclusion }, ids) => ({ ...ids, conclusion: Personal.given(conclusion) }),
  facts,
  ...ofIncident,
})
