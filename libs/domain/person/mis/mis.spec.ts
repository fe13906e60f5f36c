import { type Id } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { requestId } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { chooseMisStorage } from './choose-mis-storage.js'
import type { StorageChoice } from './events.js'
import { explainMisStorage } from './explain-mis-storage.js'
import { objectToMisStorage } from './object-to-mis-storage.js'
import { objectsToStorage } from './storage.js'

const { given } = specFor(person)
const { ReferralReceived: received, ErasureFenced: erased } = examples
const { MisStorageObjectionRecorded: objected, MisStorageExplained: explained, MisStorageChosen: leaves } = examples
const stays = { ...leaves, data: { ...leaves.data, choice: 'STAYS' } } as const
const now = leaves.data.saidAt
const words = Personal.of('then I go')
const choosing = (choice: StorageChoice) =>
  chooseMisStorage.decide({ ...leaves.data, choice, requestId, words }, { now, calendar: { version: 'SPEC-1', holidays: new Set() } })

test('[C41] an objection is received in whatever state the record is, once', () => {
  const receiving = objectToMisStorage.decide(objected.data, {})
  given(received).when(receiving).then(objected)
  given(received, objected).when(receiving).thenNothing()
  const { words: _, ...without } = objected.data
  given(received, erased)
    .when(receiving)
    .then({ ...objected, data: { ...without, words: undefined } })
  given().when(receiving).thenRefused({ code: 'NOT_FOUND' })
})
test('[C41] it is explained, and then they choose', () => {
  const explaining = explainMisStorage.decide(explained.data, {})
  given(received, objected).when(explaining).then(explained)
  given(received, objected, explained).when(explaining).thenNothing()
  given(received).when(explaining).thenRefused({ code: 'NOT_FOUND' })
})
test('[C41] they take it back at any time', () => {
  given(received, objected).when(choosing('STAYS')).then(stays)
  given(received, objected, explained).when(choosing('STAYS')).then(stays)
})
test('[C17] [C41] they leave once they know what follows: it is a request for erasure, of the day on which they said so', () => {
  given(received, objected).when(choosing('LEAVES')).thenRefused({ code: 'STORAGE_NOT_EXPLAINED' })
  const decided = choosing('LEAVES')(given(received, objected, explained).state)
  if (!decided.ok) throw new Error('It was refused')
  const [chosen, request] = decided.value
  expect([chosen, request]).toMatchObject([
    leaves,
    { type: 'ErasureRequested', data: { requestId, grounds: 'OBJECTION', receivedAt: now } },
  ])
})
test('[C41] what is settled is settled, and of an objection that nobody made there is no choice', () => {
  for (const settled of [stays, leaves])
    given(received, objected, explained, settled).when(choosing('STAYS')).thenRefused({ code: 'STORAGE_CHOSEN' })
  given(received).when(choosing('STAYS')).thenRefused({ code: 'NOT_FOUND' })
})
test('[C41] whoever objects, and whoever left, gets no service until they object no more', () => {
  const objects = (...events: readonly PersonEvent[]) => objectsToStorage(given(received, ...events).state.storage)
  expect([objects(), objects(objected), objects(objected, explained), objects(objected, leaves), objects(objected, stays)]).toEqual([
    ...[false, true, true, true, false],
  ])
  const again = { ...objected, data: { ...objected.data, objectionId: '00000000-0000-4000-8000-0000000000aa' as Id<'ObjectionId'> } }
  expect(objects(objected, stays, again)).toBe(true)
})
