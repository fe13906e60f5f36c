import type { Evolve } from '#decider/decider'
import type { ErasureEvent } from '#domain/person/erasure/events'
import { type Case, same, withFacts } from './facts.js'
import { onReferral } from './referral.js'

export const erasure: Evolve<Case, ErasureEvent> = {
  ErasureRequested: (was, { requestId, receivedAt, due }) =>
    withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { requestId, state: 'RECEIVED', receivedAt, due } } }),
  ErasureApproved: (was, { requestId, extent }) => requestIn(was, requestId, extent === 'ALL' ? 'APPROVED' : 'PARTLY'),
  ErasureRefused: (was, { requestId }) => requestIn(was, requestId, 'REFUSED'),
  ErasureRequestClosed: (was, { requestId }) => requestIn(was, requestId, 'CLOSED'),
  ProjectionPurgeConfirmed: same,
  ErasureCompleted: (was, data, meta) => requestIn(onReferral.ErasureCompleted(was, data, meta), data.requestId, 'COMPLETED'),
  ReferralErased: onReferral.ReferralErased,
}

function requestIn(was: Case, requestId: string, state: string): Case {
  const request = was.facts.erasureRequests[requestId]
  return request ? withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { ...request, state } } }) : was
}
