import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import { cancelPending, giveUpReleased, recordDispatch, recordFailure, releaseForSending } from './dispatch-disclosure.js'
import type { ReasonToCancel } from './events.js'
import { facts, given, held, now } from './spec.js'

const { ConsentGranted: granted, ConsentWithdrawn: withdrawn } = examples
const dispatching = { disclosureId, subjectRef }
const wasShared = examples.DataShared
/** What leaves rests on what was shared. */
const ground = { purpose: wasShared.data.purpose, basis: lawfulBasisOf(wasShared.data.basis) }
const narrowed = { ...granted, data: { ...granted.data, categories: ['OUT'] as const } }

const { DisclosureReleased: released, DisclosureDispatchFailed: failed } = examples
const at = (now: string) => ({ ...facts, now })
const later = '2026-11-02T11:00:00.000Z'

test('what was shared is released once, where nothing stands in its way', () => {
  given(...held, granted, wasShared)
    .when(releaseForSending(dispatching, 'MESH', at(released.data.at)))
    .then({ ...released, ...ground })
  for (const past of [[wasShared, released], [wasShared, withdrawn], [wasShared, examples.DisclosureDispatched], []] as const)
    given(...held, granted, ...past)
      .when(releaseForSending(dispatching, 'MESH', facts))
      .thenNothing()
})
test('what was released goes out, and nothing else does', () => {
  given(...held, granted, wasShared, released)
    .when(recordDispatch(dispatching, 'MESH', facts))
    .then({ type: 'DisclosureDispatched', data: { ...dispatching, transport: 'MESH', sentAt: now }, ...ground })
  for (const past of [[wasShared], [wasShared, released, examples.DisclosureDispatched]] as const)
    given(...held, granted, ...past)
      .when(recordDispatch(dispatching, 'MESH', facts))
      .thenNothing()
})
test('[C32] what was withdrawn while it was handed over went out all the same, and is reviewed where it went after that', () => {
  const meanwhile = { ...withdrawn, data: { ...withdrawn.data, withdrawnAt: now } }
  const handedOver = (then: string) =>
    given(...held, granted, wasShared, released, meanwhile)
      .when(recordDispatch(dispatching, 'MESH', at(then)))
      .events()
  expect(handedOver(later)).toMatchObject([{ data: { sentAt: later, reviewItems: ['CONSENT_WITHDRAWN'] } }])
  expect(handedOver('2026-11-02T09:59:00.000Z')[0]?.data).not.toHaveProperty('reviewItems')
})
test('whoever died with it in hand does not hand it over again once its ground is gone, and nobody knows whether it left', () => {
  expect(
    given(...held, granted, wasShared, released, withdrawn)
      .when(giveUpReleased(dispatching, facts))
      .events(),
  ).toMatchObject([{ type: 'PendingDisclosureCancelled', data: { because: ['CONSENT_WITHDRAWN', 'HAND_OVER_UNKNOWN'] } }])
  given(...held, granted, wasShared, released)
    .when(giveUpReleased(dispatching, facts))
    .thenNothing()
  given(...held, granted, wasShared, withdrawn)
    .when(giveUpReleased(dispatching, facts))
    .thenNothing()
})
test('what somebody has in hand is not cancelled under their hands', () =>
  given(...held, granted, wasShared, released, withdrawn)
    .when(cancelPending(dispatching, facts))
    .thenNothing())
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
test('each try that failed is on record, and it waits again', () => {
  given(...held, granted, wasShared, released)
    .when(recordFailure(dispatching, failed.data.transport, failed.data.at))
    .then({ ...failed, ...ground })
  given(...held, granted, wasShared, failed)
    .when(recordFailure(dispatching, 'MESH', now))
    .thenNothing()
  expect(given(...held, granted, wasShared, released, failed).state.disclosures.get(disclosureId)).toMatchObject({
    state: 'FAILED',
    tries: { failed: 1, at: failed.data.at },
  })
})
