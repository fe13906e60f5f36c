import { happened, specFor } from '#decider/spec'
import { inventedId } from '#event-kit/examples'
import type { ActorRole } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type IncidentReach, incidentTypes } from '#kernel/incident-types'
import { addPersonToIncident } from './add-person-to-incident.js'
import { closeHubIncident } from './close-hub-incident.js'
import { eraseInvolvement } from './erase-involvement.js'
import { incidentExamples } from './examples.js'
import { incident } from './incident.js'
import { addInterestedParty, removeInterestedParty } from './interested-parties.js'
import { raiseHubIncident } from './raise-hub-incident.js'
import { readHubIncident } from './read-hub-incident.js'

const { given } = specFor(incident)
const {
  HubIncidentRaised: raised,
  PersonAddedToIncident: added,
  InterestedPartyAdded: joined,
  InterestedPartyRemoved: removed,
  HubIncidentClosed: closed,
  HubIncidentRead: read,
  InvolvementErased: erased,
  InvolvementKeyCreated: key,
} = incidentExamples
const { incidentId, involvementId } = added.data
const now = '2026-11-01T10:00:00.000Z'
const party = joined.data.staffRef
const [other, third]: readonly [StaffRef, StaffRef] = [inventedId(70), inventedId(71)]
const everyType: IncidentReach = { asParty: incidentTypes, byRole: [] }
const as = (id: StaffRef, role: ActorRole = 'team-leader', reach = everyType) => ({ actor: { id, role }, reach, now, worksHere: true })
const dpo = { ...everyType, byRole: ['INFORMATION_GOVERNANCE'] } as const
const safeguarding = { ...raised, data: { ...raised.data, type: 'SAFEGUARDING' } } as const
const otherIn = { ...joined, data: { incidentId, staffRef: other } }
const facts = { involvementId, isErased: false }
const { involvementId: _, role, ...told } = added.data
const nameless = { ...added, data: { incidentId, involvementId, role, personRef: added.data.personRef } }

describe('[C39] [C40] an incident', () => {
  const { narrative } = raised.data
  const asked = { ...raised.data, narrative, parties: [other], asParty: true }
  test('is there for whoever raised it, and whom they name', () =>
    given()
      .when(raiseHubIncident.decide(asked, as(party)))
      .then(raised, joined, otherIn))
  test('is not there for whoever raised it, where they say so, nor for a machine', () => {
    given()
      .when(raiseHubIncident.decide({ ...asked, asParty: false }, as(party)))
      .then(raised, otherIn)
    given()
      .when(raiseHubIncident.decide(asked, as(party, 'integration')))
      .then(raised, otherIn)
  })
  test('is raised once, and did not happen later than that', () => {
    given(raised)
      .when(raiseHubIncident.decide(asked, as(party)))
      .thenNothing()
    given()
      .when(raiseHubIncident.decide({ ...asked, occurredAt: '2026-11-01T10:04:00.000Z', parties: [] }, as(party)))
      .then({ ...raised, data: { ...raised.data, occurredAt: now } }, joined)
  })
})

describe('[C39] who was in it', () => {
  test('is said by a party, with what they had to do with it', () =>
    given(raised, joined)
      .when(addPersonToIncident.decide({ ...told, role }, { ...as(party), ...facts }))
      .then(added))
  test('holds nobody who had nothing to do with it', () =>
    given(raised, joined)
      .when(addPersonToIncident.decide(told, { ...as(party), ...facts }))
      .thenRefused({ code: 'PERSON_NOT_INVOLVED' }))
  test('holds nobody who is erased, there or here', () => {
    given(raised, joined)
      .when(addPersonToIncident.decide({ ...told, role }, { ...as(party), ...facts, isErased: true }))
      .thenRefused({ code: 'SUBJECT_ERASED' })
    given(raised, joined, added, erased)
      .when(addPersonToIncident.decide({ ...told, role }, { ...as(party), ...facts }))
      .thenRefused({ code: 'SUBJECT_ERASED' })
  })
  test('is said once, unless there is more to say', () => {
    const again = (said: Parameters<typeof addPersonToIncident.decide>[0]) =>
      given(raised, joined, nameless).when(addPersonToIncident.decide(said, { ...as(party), ...facts }))
    const { words: __, name: ___, staffRef: ____, ...silent } = told
    again({ ...silent, role }).thenNothing()
    again({ ...silent, role: 'WITNESS' }).then({ ...nameless, data: { ...nameless.data, role: 'WITNESS' } })
    again({ ...told, role }).then(added)
  })
  test('keeps the name that was said first, where it is not said again', () => {
    const { name, ...unnamed } = { ...added.data, role: 'WITNESS' } as const
    const { involved } = given(raised, joined, added, { ...added, data: unnamed }).state
    expect(involved.get(involvementId)).toMatchObject({ role: 'WITNESS', name })
  })
  test('is not added to once it is closed', () =>
    given(raised, joined, closed)
      .when(addPersonToIncident.decide({ ...told, role }, { ...as(party), ...facts }))
      .thenRefused({ code: 'INCIDENT_CLOSED' }))
})

describe('[C40] for whoever is no party there is none', () => {
  const here = given(safeguarding, joined)
  const nothing = { code: 'NOT_FOUND' } as const
  test('they add nobody, let nobody in or out, and close nothing', () => {
    here.when(addPersonToIncident.decide({ ...told, role }, { ...as(other), ...facts })).thenRefused(nothing)
    here.when(addInterestedParty.decide({ incidentId, staffRef: other }, as(other))).thenRefused(nothing)
    here.when(removeInterestedParty.decide({ incidentId, staffRef: party }, as(other))).thenRefused(nothing)
    here.when(closeHubIncident.decide({ incidentId }, as(other))).thenRefused(nothing)
  })
  test('[C37] they read nothing: a record of a reading is one of a party’s', () => {
    const asked = { sourceAddress: read.data.sourceAddress }
    here.when(readHubIncident(incidentId, { ...as(other), ...asked })).thenRefused(nothing)
    given()
      .when(readHubIncident(incidentId, { ...as(party), ...asked }))
      .thenRefused(nothing)
    const at = { ...read, data: { ...read.data, at: now } }
    given(safeguarding, joined, added)
      .when(readHubIncident(incidentId, { ...as(party), ...asked }))
      .then(at)
    here.when(readHubIncident(incidentId, { ...as(party), ...asked })).then({ ...at, data: { ...at.data, scopes: ['NARR'] } })
    given(safeguarding, joined, otherIn, removed)
      .when(readHubIncident(incidentId, { ...as(party), ...asked }))
      .thenRefused(nothing)
  })
  test('a role looks at incidents of its own types, unless it is about whoever holds it', () => {
    const looking = (id: StaffRef) => readHubIncident(incidentId, as(id, 'dpo', dpo))
    given(raised, joined)
      .when(looking(other))
      .then({ ...read, data: { incidentId, ground: 'ROLE', scopes: ['NARR'], at: now } })
    given(safeguarding, joined).when(looking(other)).thenRefused(nothing)
    given(raised, otherIn, added).when(looking(party)).thenRefused(nothing)
  })
  test('a party in a role that may see one type only sees that type only', () => {
    const reach: IncidentReach = { asParty: ['INFORMATION_GOVERNANCE'], byRole: [] }
    here.when(readHubIncident(incidentId, as(party, 'breach-responder', reach))).thenRefused(nothing)
    expect(
      given(raised, joined)
        .when(readHubIncident(incidentId, as(party, 'breach-responder', reach)))
        .events(),
    ).toHaveLength(1)
  })
})

describe('[C40] interested parties', () => {
  const here = given(safeguarding, joined)
  test('are let in by a party, or by the DPO, who need be none', () => {
    here.when(addInterestedParty.decide({ incidentId, staffRef: other }, as(party))).then(otherIn)
    here.when(addInterestedParty.decide({ incidentId, staffRef: other }, as(third, 'dpo', dpo))).then(otherIn)
    here.when(addInterestedParty.decide({ incidentId, staffRef: party }, as(party))).thenNothing()
  })
  test('nobody lets themselves in who was in it, the DPO neither', () => {
    const accused = given(safeguarding, otherIn, added)
    for (const role of ['team-leader', 'dpo'] as const)
      accused.when(addInterestedParty.decide({ incidentId, staffRef: party }, as(party, role, dpo))).thenRefused({ code: 'NOT_FOUND' })
  })
  test('are people who work here; whoever is no party is not told who does', () => {
    here
      .when(addInterestedParty.decide({ incidentId, staffRef: other }, { ...as(party), worksHere: false }))
      .thenRefused({ code: 'STAFF_NOT_REGISTERED' })
    here
      .when(addInterestedParty.decide({ incidentId, staffRef: other }, { ...as(third), worksHere: false }))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('whose role looks at it only lets nobody in', () =>
    here
      .when(addInterestedParty.decide({ incidentId, staffRef: other }, as(third, 'caldicott', { ...everyType, byRole: ['SAFEGUARDING'] })))
      .thenRefused({ code: 'ROLE_NOT_PERMITTED' }))
  test('go, but for the last', () => {
    given(safeguarding, joined, otherIn)
      .when(removeInterestedParty.decide({ incidentId, staffRef: party }, as(other)))
      .then(removed)
    here.when(removeInterestedParty.decide({ incidentId, staffRef: party }, as(party))).thenRefused({ code: 'LAST_INTERESTED_PARTY' })
    here.when(removeInterestedParty.decide({ incidentId, staffRef: other }, as(party))).thenNothing()
  })
})

test('an incident is closed once', () => {
  const { conclusion } = closed.data
  given(raised, joined)
    .when(closeHubIncident.decide({ incidentId, conclusion }, as(party)))
    .then({ ...closed, data: { ...closed.data, closedAt: now } })
  given(raised, joined, closed)
    .when(closeHubIncident.decide({ incidentId }, as(party)))
    .thenRefused({ code: 'INCIDENT_CLOSED' })
})
test('[C64] what is held of one person ends, once, and nothing else of the incident does', () => {
  const ended = given(raised, happened(key, { actor: { id: other, role: 'team-leader' } }), added)
  ended.when(eraseInvolvement(incidentId, involvementId)).then({ ...erased, data: { ...erased.data, scopes: ['ID'] } })
  given(raised, key, added, erased).when(eraseInvolvement(incidentId, involvementId)).thenNothing()
  given(raised).when(eraseInvolvement(incidentId, involvementId)).thenNothing()
})
