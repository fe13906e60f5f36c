import { specFor } from '#decider/spec'
import type { SubjectRef } from '#kernel/id'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import { linkRecords } from './link-records.js'
import { linkedTo, possiblySame } from './links.js'
import { tellRecordsApart } from './tell-records-apart.js'

const { given } = specFor(person)
const { ReferralReceived: received, PossibleDuplicateFound: possible, RecordsLinked: linked, RecordsToldApart: apart } = examples
const { other, decidedAt: now } = linked.data
const at = <E extends typeof linked | typeof apart>(event: E, decidedAt: string): E => ({ ...event, data: { ...event.data, decidedAt } })
const link = (otherSeen: Parameters<typeof linkRecords.decide>[1]['otherSeen'], samePersonAs: SubjectRef = other) =>
  linkRecords.decide({ subjectRef, samePersonAs }, { now, otherSeen })
const tellApart = tellRecordsApart.decide({ subjectRef, other }, { now })

test('[C10] two records are of one person as soon as somebody has said so', () => {
  given(received, possible).when(link('OPEN')).then(linked)
  const { links } = given(received, possible, linked).state
  expect([linkedTo(links), possiblySame(links)]).toEqual([[other], []])
})
test('[C10] said again, it is on record already', () => given(received, linked).when(link('OPEN')).thenNothing())
test('[C10] a record is not linked with itself', () =>
  given(received).when(link('OPEN', subjectRef)).thenRefused({ code: 'OTHER_RECORD_NOT_FOUND' }))
test.each([
  ['NONE', 'OTHER_RECORD_NOT_FOUND'],
  ['CLOSED', 'NO_NEED_TO_KNOW'],
  ['CONFLICTED', 'CONFLICT_OF_INTEREST'],
] as const)('[C10][C37] nor with one that is %s to whoever says so', (otherSeen, code) =>
  given(received).when(link(otherSeen)).thenRefused({ code }),
)
test('[C10] they are told apart, also where they were taken for one', () => {
  given(received, possible).when(tellApart).then(apart)
  given(received, linked).when(tellApart).then(apart)
  const { links } = given(received, possible, linked, at(apart, '2026-11-02T09:00:00.000Z')).state
  expect([linkedTo(links), possiblySame(links)]).toEqual([[], []])
})
test('[C10] and are not told apart twice, or from somebody who was never thought to be them', () => {
  given(received, possible, apart).when(tellApart).thenNothing()
  given(received).when(tellApart).thenRefused({ code: 'OTHER_RECORD_NOT_FOUND' })
})
test('of nobody who was never referred', () => {
  given().when(link('OPEN')).thenRefused({ code: 'NOT_FOUND' })
  given().when(tellApart).thenRefused({ code: 'NOT_FOUND' })
})
test('what was decided last counts, in whatever order it came; of one moment, that they are two', () => {
  const later = '2026-11-02T09:00:00.000Z'
  const are = (...past: readonly (typeof linked | typeof apart)[]) => given(received, ...past).state.links.compared[other]?.are
  expect(are(at(linked, later), apart)).toBe('ONE')
  expect(are(at(apart, later), linked)).toBe('TWO')
  expect([are(linked, apart), are(apart, linked)]).toEqual(['TWO', 'TWO'])
})
test('whoever was compared is not thought to be somebody again', () => {
  expect(possiblySame(given(received, apart, possible).state.links)).toEqual([])
})
