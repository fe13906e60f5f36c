import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import { cancelPending, isPending, recordDispatch, recordFailure } from './dispatch-disclosure.js'
import type { ReasonToCancel } from './events.js'
import { facts, given, held, now } from './spec.js'

const { ConsentGranted: granted, ConsentWithdrawn: withdrawn } = examples
const dispatching = { disclosureId, subjectRef }
const wasShared = examples.DataShared
/** What leaves rests on what was shared. */
const ground = { purpose: wasShared.data.purpose, basis: lawfulBasisOf(wasShared.data.basis) }
const narrowed = { ...granted, data: { ...granted.data, categories: ['OUT'] as const } }

test('what was shared goes out once', () => {
  given(...held, granted, wasShared)
    .when(recordDispatch(dispatching, 'STAFF', examples.DisclosureDispatched.data.at))
    .then({ ...examples.DisclosureDispatched, ...ground })
  given(...held, granted, wasShared, examples.DisclosureDispatched)
    .when(recordDispatch(dispatching, 'STAFF', now))
    .thenNothing()
})
test('[C32] it does not, where the consent was withdrawn between the record and the sending', () =>
  given(...held, granted, wasShared, withdrawn)
    .when(cancelPending(dispatching, { ...facts, now: examples.PendingDisclosureCancelled.data.at }))
    .then({ ...examples.PendingDisclosureCancelled, ...ground, basis: { art6: 'c' } }))
test('[C32] what went out before a withdrawal stays lawful', () =>
  given(...held, granted, wasShared, examples.DisclosureDispatched, withdrawn)
    .when(cancelPending(dispatching, facts))
    .thenNothing())
test('what still holds is not cancelled', () =>
  given(...held, granted, wasShared)
    .when(cancelPending(dispatching, facts))
    .thenNothing())
test.each<readonly [ReasonToCancel, readonly string[], readonly PersonEvent[]]>([
  ['SUBJECT_ERASED', ['SUBJECT_ERASED'], [granted, wasShared, examples.ErasureFenced]],
  ['CONSENT_WITHDRAWN', ['CONSENT_NOT_GRANTED'], [wasShared]],
  ['CONSENT_NARROWED', ['CONSENT_SCOPE_EXCEEDED'], [granted, wasShared, narrowed]],
  ['GROUND_GONE', ['RECIPIENT_DISPUTED'], [{ ...wasShared, data: { ...wasShared.data, recipient: 'RSC', purpose: 'JOINT_CARE' } }]],
])('in one word %s, and with every rule', (reason, because, past) => {
  expect(
    given(...held, ...past)
      .when(cancelPending(dispatching, facts))
      .events(),
  ).toMatchObject([{ data: { reason, because } }])
})
test('a failure is on record once, and it is tried again', () => {
  given(...held, granted, wasShared)
    .when(recordFailure(dispatching, 'STAFF', examples.DisclosureDispatchFailed.data.at))
    .then({ ...examples.DisclosureDispatchFailed, ...ground })
  given(...held, granted, wasShared, examples.DisclosureDispatchFailed)
    .when(recordFailure(dispatching, 'STAFF', now))
    .thenNothing()
  expect(isPending(given(...held, granted, wasShared, examples.DisclosureDispatchFailed).state, disclosureId)).toBe(true)
})

test.each<readonly [string, readonly PersonEvent[], boolean]>([
  ['nothing', [], false],
  ['what is only asked for', [examples.DisclosureRequested], false],
  ['what was shared', [wasShared], true],
  ['what failed once', [wasShared, examples.DisclosureDispatchFailed], true],
  ['what went out', [wasShared, examples.DisclosureDispatched], false],
  ['what was cancelled', [wasShared, examples.PendingDisclosureCancelled], false],
])('%s: pending or not', (_, past, pending) => {
  expect(isPending(given(...held, ...past).state, disclosureId)).toBe(pending)
})
