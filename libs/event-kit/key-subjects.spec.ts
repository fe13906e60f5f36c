import { randomUUID } from 'node:crypto'
import {
  AuditKeyCreated,
  BreachKeyCreated,
  ErasureFenced,
  IncidentKeyCreated,
  InvolvementErased,
  InvolvementKeyCreated,
  StaffDetailsErased,
  StaffKeyCreated,
  SubjectKeyCreated,
  fencedBy,
} from './key-events.js'
import { type KeySubject, announcementOf, announcesKey, homeIn, homeStream, keyAnnouncedIn, keySubjects } from './key-subjects.js'
import { erasableScopes } from './scope.js'

const kinds = Object.keys(keySubjects) as KeySubject[]
const keyOf = (subject: string) => ({ subject, kid: randomUUID(), scope: 'NARR', generation: 1, kc: 'A'.repeat(43) }) as const

test('a key of every kind of subject is announced by the event of its kind, and read from it again', () => {
  for (const kind of kinds) {
    const key = keyOf(randomUUID())
    const announced = announcementOf(kind, key, homeStream(kind, randomUUID()))
    expect(announcesKey(announced.type)).toBe(true)
    expect(keyAnnouncedIn(announced)).toEqual(key)
  }
  expect(new Set(kinds.map(kind => announcementOf(kind, keyOf(randomUUID()), homeStream(kind, randomUUID())).type)).size).toBe(kinds.length)
  expect(keyAnnouncedIn({ type: 'ReferralReceived', data: { kid: randomUUID() } })).toBeUndefined()
})
test('what is stored of an announcement is what it always was', () => {
  expect(
    [SubjectKeyCreated, BreachKeyCreated, AuditKeyCreated, StaffKeyCreated, IncidentKeyCreated, InvolvementKeyCreated].map(
      ({ type, version, shape }) => [type, version, Object.keys(shape)],
    ),
  ).toEqual([
    ['SubjectKeyCreated', 1, ['subjectRef', 'kid', 'scope', 'generation', 'kc']],
    ['BreachKeyCreated', 1, ['breachId', 'kid', 'scope', 'generation', 'kc']],
    ['AuditKeyCreated', 1, ['auditId', 'kid', 'scope', 'generation', 'kc']],
    ['StaffKeyCreated', 1, ['staffRef', 'kid', 'scope', 'generation', 'kc']],
    ['IncidentKeyCreated', 1, ['incidentId', 'kid', 'scope', 'generation', 'kc']],
    ['InvolvementKeyCreated', 1, ['incidentId', 'involvementId', 'kid', 'scope', 'generation', 'kc']],
  ])
})
test('a fence ends keys on its own subject’s stream, and on nobody else’s', () => {
  const subjectRef = randomUUID() as Parameters<typeof ErasureFenced.of>[0]['subjectRef']
  const erasureId = randomUUID() as Parameters<typeof ErasureFenced.of>[0]['erasureId']
  const fence = ErasureFenced.of({ subjectRef, erasureId, extent: 'SCOPES', scopes: ['HLT'], kids: [], cause: 'ERASURE' })
  const home = homeStream('SubjectRef', subjectRef)
  expect(fencedBy({ ...fence, stream: home })).toEqual({ scopes: ['HLT'], kids: [], forGood: false })
  const whole = { ...fence, data: { ...fence.data, scopes: erasableScopes } }
  expect(fencedBy({ ...whole, stream: home })).toEqual({ scopes: erasableScopes, kids: [], forGood: true })
  expect(fencedBy({ ...fence, stream: homeStream('SubjectRef', randomUUID()) })).toBeUndefined()
  expect(fencedBy({ ...fence, stream: homeStream('BreachId', subjectRef) })).toBeUndefined()
})
test('a fence of somebody who works here ends their keys, and closes nothing for good: they may come back', () => {
  const staffRef = randomUUID() as Parameters<typeof StaffDetailsErased.of>[0]['staffRef']
  const fence = StaffDetailsErased.of({ staffRef, cause: 'REQUESTED', scopes: ['ID'], kids: [] })
  expect(fencedBy({ ...fence, stream: homeStream('StaffRef', staffRef) })).toEqual({ scopes: ['ID'], kids: [], forGood: false })
  expect(fencedBy({ ...fence, stream: homeStream('SubjectRef', staffRef) })).toBeUndefined()
})
test('[C39] a key of a person in an incident is announced on the incident’s stream; its end closes nothing of the others there', () => {
  const [incidentId, involvementId, kid] = [randomUUID(), randomUUID(), randomUUID()]
  const home = homeIn('InvolvementId', involvementId, { incidentId, involvementId })
  expect(home).toBe(`incident-${incidentId}`)
  expect(announcementOf('InvolvementId', keyOf(involvementId), home).data).toMatchObject({ incidentId, involvementId })
  const fence = { type: InvolvementErased.type, data: { incidentId, involvementId, scopes: ['ID', 'NARR'], kids: [kid] } }
  expect(fencedBy({ ...fence, stream: home })).toEqual({ scopes: [], kids: [kid], forGood: false })
  expect(fencedBy({ ...fence, stream: `incident-${involvementId}` })).toBeUndefined()
})
