import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { IncidentKeyCreated, InvolvementErased, InvolvementKeyCreated } from '#event-kit/key-events'
import type { IncidentId, InvolvementId, KeyId, StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import {
  HubIncidentClosed,
  HubIncidentRaised,
  HubIncidentRead,
  type IncidentEvent,
  InterestedPartyAdded,
  InterestedPartyRemoved,
  InvolvementKeysDestroyed,
  PersonAddedToIncident,
} from './events.js'

const incidentId: IncidentId = inventedId(60)
const involvementId: InvolvementId = inventedId(61)
const [own, theirs]: readonly [KeyId, KeyId] = [inventedId(62), inventedId(63)]
const staffRef: StaffRef = inventedId(64)
const kc = 'A'.repeat(43)

/** One example of every event of an incident, every optional field filled. */
export const incidentExamples = {
  HubIncidentRaised: HubIncidentRaised.of({
    incidentId,
    type: 'INFORMATION_GOVERNANCE',
    severity: 'MODERATE',
    occurredAt: at,
    breachId: inventedId(65),
    breachKind: 'CONFIDENTIALITY',
    narrative: Personal.of('A letter was left on the bus.'),
  }),
  PersonAddedToIncident: PersonAddedToIncident.of({
    incidentId,
    involvementId,
    role: 'AFFECTED',
    staffRef,
    personRef: Personal.of('00000000-0000-4000-8000-000000000001'),
    name: Personal.of('Marigold Penhaligon'),
    words: Personal.of('The letter was hers.'),
  }),
  InterestedPartyAdded: InterestedPartyAdded.of({ incidentId, staffRef }),
  InterestedPartyRemoved: InterestedPartyRemoved.of({ incidentId, staffRef }),
  HubIncidentClosed: HubIncidentClosed.of({ incidentId, closedAt: at, conclusion: Personal.of('It was found again, unopened.') }),
  HubIncidentRead: HubIncidentRead.of({ incidentId, ground: 'PARTY', scopes: ['ID', 'NARR'], at, sourceAddress: kc }),
  InvolvementErased: InvolvementErased.of({ incidentId, involvementId, scopes: ['ID', 'NARR'], kids: [theirs] }),
  InvolvementKeysDestroyed: InvolvementKeysDestroyed.of({ incidentId, involvementId, kids: [theirs], destroyedAt: at }),
  IncidentKeyCreated: IncidentKeyCreated.of({ incidentId, kid: own, scope: 'NARR', generation: 1, kc }),
  InvolvementKeyCreated: InvolvementKeyCreated.of({ incidentId, involvementId, kid: theirs, scope: 'ID', generation: 1, kc }),
} satisfies ExampleOfEach<IncidentEvent>
