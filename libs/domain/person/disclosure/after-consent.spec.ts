import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { type SaidOfConsent, afterConsent } from './after-consent.js'
import { given, held, now } from './spec.js'

const { ConsentGranted: granted, ConsentWithdrawn: withdrawn, DataShared: shared, DisclosureRequested: asked } = examples
const consent = { ...granted, data: { ...granted.data, completedAt: '2026-10-01T09:00:00.000Z' } }
const sent = {
  ...examples.DisclosureDispatched,
  data: { disclosureId, subjectRef, transport: 'STAFF', sentAt: '2026-11-02T09:00:00.000Z' },
}
const said: SaidOfConsent = { which: 'ALL', saidAt: '2026-11-02T08:00:00.000Z', left: [], because: 'CONSENT_WITHDRAWN' }
const after = (change: Partial<SaidOfConsent>, ...past: readonly PersonEvent[]) =>
  afterConsent(given(...held, consent, ...past).state, { ...said, ...change }, { subjectRef, now })
const onLaw = { ...shared, data: { ...shared.data, basis: { art6: 'c' } } }

describe('[C32] what waits and rests on a consent that ended', () => {
  const cancelled = [{ type: 'PendingDisclosureCancelled', data: { reason: 'CONSENT_WITHDRAWN', because: ['CONSENT_WITHDRAWN'], at: now } }]
  test.each([
    ['for its approval', [asked]],
    ['to be sent', [shared]],
    ['to be tried again', [shared, examples.DisclosureDispatchFailed]],
  ] as const)('%s, is cancelled', (_, past) => {
    expect(after({}, ...past)).toMatchObject(cancelled)
  })
  test('for this recipient and purpose only', () => {
    const { recipient, purpose } = shared.data
    expect(after({ which: { recipient, purpose } }, shared)).toMatchObject(cancelled)
    expect(after({ which: { recipient: 'NDTMS', purpose } }, shared)).toEqual([])
  })
  test('not what rests on something else, is in hand, or was cancelled', () => {
    for (const past of [[onLaw], [shared, examples.DisclosureReleased], [shared, examples.PendingDisclosureCancelled]])
      expect(after({}, ...past)).toEqual([])
  })
  test('nor where they agreed again since it was said', () => {
    expect(after({ saidAt: '2026-09-01T09:00:00.000Z' }, shared)).toEqual([])
  })
  test('of a narrower consent, what it no longer covers', () => {
    expect(after({ left: ['OUT'], because: 'CONSENT_SCOPE_EXCEEDED' }, shared)).toMatchObject([{ data: { reason: 'CONSENT_NARROWED' } }])
    expect(after({ left: ['EMP'], because: 'CONSENT_SCOPE_EXCEEDED' }, shared)).toEqual([])
  })
})

describe('[C32] what was sent after it was said, and it came to be known later', () => {
  const flagged = [{ type: 'SentDisclosureFlagged', data: { disclosureId, subjectRef, reviewItems: ['CONSENT_WITHDRAWN'], at: now } }]
  test('is flagged, and stays on record as it was', () => {
    expect(after({}, shared, sent)).toEqual(flagged)
  })
  test('not what went before it', () => {
    expect(after({ saidAt: '2026-11-02T09:00:00.000Z' }, shared, sent)).toEqual([])
  })
  test('once, and beside what was to be reviewed', () => {
    expect(after({}, shared, sent, examples.SentDisclosureFlagged)).toEqual([])
    const ahead = { ...shared, data: { ...shared.data, reviewItems: ['APPROVAL_DPO'] } }
    expect(after({}, ahead, sent)).toMatchObject([{ data: { reviewItems: ['APPROVAL_DPO', 'CONSENT_WITHDRAWN'] } }])
  })
  test('where they had agreed again before it was shared, it was lawful; where nobody knows any more, it is looked at', () => {
    const longAgo = { saidAt: '2025-09-01T09:00:00.000Z' }
    expect([after(longAgo, shared, sent), after(longAgo, withdrawn, shared, sent)]).toMatchObject([[], flagged])
  })
})
