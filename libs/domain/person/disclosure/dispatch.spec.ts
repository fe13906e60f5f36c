import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { cancelPending, isPending, recordDispatch, recordFailure, whyNotToSend } from './dispatch-disclosure.js'
import { given, held, now } from './spec.js'

const { ConsentGranted: granted, ConsentWithdrawn: withdrawn, ErasureFenced: fenced } = examples
const dispatching = { disclosureId, subjectRef }
const wasShared = examples.DataShared
/** What leaves rests on what was shared. */
const ground = { purpose: wasShared.data.purpose, basis: wasShared.data.basis }

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
    .when(cancelPending(dispatching, examples.PendingDisclosureCancelled.data.at))
    .then({ ...examples.PendingDisclosureCancelled, ...ground, basis: { art6: 'c' } }))
test('[C17] nor where the person was erased', () => {
  expect(whyNotToSend(given(...held, granted, wasShared, fenced).state, disclosureId, now)).toBe('SUBJECT_ERASED')
})
test('[C31] nor where the consent ran out', () => {
  expect(whyNotToSend(given(...held, granted, wasShared).state, disclosureId, '2027-11-01T09:00:00.000Z')).toBe('CONSENT_EXPIRED')
})
test('[C32] what went out before a withdrawal stays lawful', () =>
  given(...held, granted, wasShared, examples.DisclosureDispatched, withdrawn)
    .when(cancelPending(dispatching, now))
    .thenNothing())
test('a failure is on record once, and it is tried again', () => {
  given(...held, granted, wasShared)
    .when(recordFailure(dispatching, 'STAFF', examples.DisclosureDispatchFailed.data.at))
    .then({ ...examples.DisclosureDispatchFailed, ...ground })
  given(...held, granted, wasShared, examples.DisclosureDispatchFailed)
    .when(recordFailure(dispatching, 'STAFF', now))
    .thenNothing()
  expect(isPending(given(...held, granted, wasShared, examples.DisclosureDispatchFailed).state, disclosureId)).toBe(true)
})

describe('just before it is sent', () => {
  const sent = examples.DataShared
  const onLaw = { ...sent, data: { ...sent.data, basis: { art6: 'c' } } }
  const why = (at: string, ...past: PersonEvent[]) => whyNotToSend(given(...held, ...past).state, disclosureId, at)
  test('what rests on no consent asks for none', () => {
    expect([why(now, onLaw), why(now, onLaw, withdrawn), why(now)]).toEqual([undefined, undefined, undefined])
  })
  test('a consent that holds', () => {
    expect(why(now, granted, sent)).toBeUndefined()
  })
  test('one that is gone, refused, or was never there', () => {
    expect([why(now, granted, sent, withdrawn), why(now, granted, sent, examples.ConsentRefused), why(now, sent)]).toEqual([
      'CONSENT_WITHDRAWN',
      'CONSENT_WITHDRAWN',
      'CONSENT_WITHDRAWN',
    ])
  })
  test('one that ran out, to the instant', () => {
    const until = '2027-11-01T09:00:00.000Z'
    expect([why('2027-11-01T08:59:59.999Z', granted, sent), why(until, granted, sent)]).toEqual([undefined, 'CONSENT_EXPIRED'])
    expect(why('2127-01-01T00:00:00.000Z', { ...granted, data: { ...granted.data, validUntil: undefined } }, sent)).toBeUndefined()
  })
  test('an erasure stops what the law requires too', () => {
    expect(why(now, onLaw, fenced)).toBe('SUBJECT_ERASED')
  })
  test.each<readonly [string, readonly PersonEvent[], boolean]>([
    ['nothing', [], false],
    ['what is only asked for', [examples.DisclosureRequested], false],
    ['what was shared', [sent], true],
    ['what failed once', [sent, examples.DisclosureDispatchFailed], true],
    ['what went out', [sent, examples.DisclosureDispatched], false],
    ['what was cancelled', [sent, examples.PendingDisclosureCancelled], false],
  ])('%s: pending or not', (_, past, pending) => {
    expect(isPending(given(...held, ...past).state, disclosureId)).toBe(pending)
  })
})
