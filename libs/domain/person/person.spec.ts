import { erasableScopes } from '#event-kit/scope'
import { examples } from './examples.js'
import { subjectRef } from './invented.js'
import { stateOf } from './spec.js'

const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  ConsentGranted: granted,
  SubjectKeyCreated: keyed,
  ErasureFenced: fenced,
} = examples

test('one event can concern two slices of a person, and none else', () => {
  const state = stateOf(received, keyed, recorded, granted, fenced)
  expect([state.keys.closed.size, state.held.size, state.consents.size, state.intake.referral?.state]).toEqual([
    erasableScopes.length,
    0,
    1,
    'RECEIVED',
  ])
  expect(subjectRef).toBe(received.data.subjectRef)
})
