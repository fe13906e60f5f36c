import { erasableScopes } from '#event-kit/scope'
import { examples } from '../examples.js'
import { erasureId, requestId } from '../invented.js'
import { type Past, eventId, stateOf } from '../spec.js'

const {
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureRefused: refusedErasure,
  ProjectionPurgeConfirmed: purged,
  ErasureCompleted: completed,
  ReferralErased: tombstone,
} = examples

describe('erasures', () => {
  const erasures = (...past: Past) => stateOf(...past).erasures
  const { due, concernsStaff, channel, grounds, receivedAt } = requested.data
  const request = { due, concernsStaff, asked: { channel, grounds, receivedAt } }
  const what = { erasureId, extent: 'ALL', scopes: erasableScopes }
  test('none yet', () => {
    expect(erasures()).toEqual({ requests: new Map(), purged: new Map(), certificates: [] })
  })
  test('a request, with the day it is due and the staff it concerns', () => {
    expect(erasures(requested)).toEqual({
      requests: new Map([[requestId, { state: 'RECEIVED', ...request }]]),
      purged: new Map(),
      certificates: [],
    })
  })
  test('approved as a whole, or in part', () => {
    expect(erasures(requested, approved).requests.get(requestId)).toEqual({ state: 'APPROVED', ...request, ...what })
    expect(
      erasures(requested, { ...approved, data: { ...approved.data, extent: 'SCOPES', scopes: ['EMP'] } }).requests.get(requestId),
    ).toEqual({ state: 'PARTLY', ...request, erasureId, extent: 'SCOPES', scopes: ['EMP'] })
  })
  test('refused', () => {
    expect(erasures(requested, refusedErasure).requests.get(requestId)).toEqual({ state: 'REFUSED', ...request })
  })
  test('closed, where everything was erased before anybody decided', () => {
    expect(erasures(requested, examples.ErasureRequestClosed).requests.get(requestId)).toEqual({ state: 'CLOSED', ...request })
  })
  test.each([approved, refusedErasure, completed, examples.ErasureRequestClosed])(
    '$type of what nobody requested makes no request',
    event => {
      expect(erasures(event).requests.size).toBe(0)
    },
  )
  test('purged, as far as where', () => {
    expect(erasures(purged).purged).toEqual(new Map([[erasureId, { projections: ['case-view'], position: '42' }]]))
  })
  test('certificates, in order, and the request is done', () => {
    const { requests, certificates } = erasures(requested, approved, completed, tombstone)
    expect(requests.get(requestId)?.state).toBe('COMPLETED')
    expect(certificates).toEqual([
      { of: 'REQUEST', issued: completed.data },
      { of: 'REFERRAL', issued: tombstone.data },
    ])
    expect(erasures(tombstone, completed).certificates.map(({ of }) => of)).toEqual(['REFERRAL', 'REQUEST'])
  })
  test('one request among others', () => {
    const second = { ...requested, data: { ...requested.data, requestId: eventId(77) as typeof requestId } }
    const { requests } = erasures(requested, second, approved)
    expect([...requests].map(([id, { state }]) => [id, state])).toEqual([
      [requestId, 'APPROVED'],
      [eventId(77), 'RECEIVED'],
    ])
  })
})
