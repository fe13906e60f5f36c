import { happened } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId } from '../invented.js'
import { type Past, stateOf } from '../spec.js'

const {
  DisclosureRequested: asked,
  DisclosureAuthorised: authorised,
  DisclosureRefused: denied,
  DataShared: shared,
  DisclosureReleased: released,
  DisclosureDispatched: dispatched,
  DisclosureFoundSent: found,
  SentDisclosureFlagged: flagged,
  DisclosureDispatchFailed: failed,
  PendingDisclosureCancelled: cancelled,
} = examples

describe('disclosures', () => {
  const other = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' as const }
  const disclosure = (...past: Past) => stateOf(...past).disclosures.get(disclosureId)
  const about = {
    purpose: 'EMPLOYMENT_SUPPORT',
    basis: shared.data.basis,
    urgency: 'ROUTINE',
    categories: ['EMP'],
    fields: ['EMP.status'],
    protects: false,
    since: '2026-01-01T00:00:00.000Z',
  }
  const { matrixVersion: _1, disclosureId: _2, subjectRef: _3, ...judged } = asked.data
  const { necessity: _4, recipientContact: _5, orderReference: _6, protects: _7, victimPeriod: _8, victimForm: _9, ...more } = judged
  const { victimReason: _10, probativeValue: _11, ...rest } = more
  const tries = { failed: 0, at: '' }
  const ground = { ...rest, reviewItems: [], hasOrderReference: true }
  test('none yet', () => {
    expect(disclosure()).toBeUndefined()
  })
  test('asked for, by whom, with what was asked', () => {
    expect(disclosure(happened(asked, { actor: other }))).toEqual({
      state: 'REQUESTED',
      recipient: 'DWP-JCP',
      requestedBy: other.id,
      request: asked.data,
      about,
      reviewItems: [],
      tries,
    })
  })
  test('an authorisation alone sends nothing', () => {
    expect(disclosure(asked, authorised)?.state).toBe('REQUESTED')
  })
  test('a no', () => {
    expect(disclosure(asked, denied)).toMatchObject({ state: 'REFUSED', recipient: 'DWP-JCP' })
  })
  test('shared at once: the one who shared it had asked', () => {
    expect(disclosure(happened(shared, { actor: other }))).toEqual({
      state: 'QUEUED',
      recipient: 'DWP-JCP',
      requestedBy: other.id,
      about,
      ground,
      authorisedAt: about.since,
      reviewItems: [],
      tries,
    })
  })
  test('shared after it was asked for: still the one who had asked', () => {
    const { requestedBy, request, state } = disclosure(happened(asked, { actor: other }), shared) ?? {}
    expect({ requestedBy, request, state }).toEqual({ requestedBy: other.id, request: asked.data, state: 'QUEUED' })
  })
  test('it waits since it was asked for', () => {
    const before = '2025-12-01T00:00:00.000Z'
    expect(disclosure(happened(asked, { occurredAt: before }), shared)?.about?.since).toBe(before)
  })
  test('what it rests on: the order may stand in the request, and what it went ahead of is remembered', () => {
    const wordless = { ...shared, data: { ...shared.data, orderReference: undefined, reviewItems: ['RISK_BASIS_MISSING'] } }
    expect(disclosure(asked, wordless)?.ground).toEqual({ ...ground, reviewItems: ['RISK_BASIS_MISSING'] })
    expect(disclosure(wordless)?.ground?.hasOrderReference).toBe(false)
  })
  test.each([
    ['RELEASED', released, {}],
    ['SENT', dispatched, { sentAt: dispatched.data.sentAt, reviewItems: ['CONSENT_WITHDRAWN'] }],
    ['SENT', found, { sentAt: found.data.sentAt, reviewItems: ['CONSENT_WITHDRAWN'] }],
    ['FAILED', failed, { tries: { failed: 1, at: failed.data.at } }],
    ['CANCELLED', cancelled, {}],
  ] as const)('then %s, the rest as it was', (state, event, change) => {
    expect(disclosure(shared, event)).toEqual({ ...disclosure(shared), state, ...change })
  })
  test('what went out is flagged, and stays out', () => {
    const { reviewItems: _, ...plain } = dispatched.data
    const sent = disclosure(shared, { ...dispatched, data: plain })
    expect([sent?.reviewItems, disclosure(shared, dispatched, flagged)]).toEqual([
      [],
      { ...disclosure(shared, dispatched), reviewItems: ['CONSENT_WITHDRAWN'] },
    ])
  })
  test.each([denied, released, dispatched, found, flagged, failed, cancelled])('$type of what nobody knows changes nothing', event => {
    expect(disclosure(event)).toBeUndefined()
  })
})
