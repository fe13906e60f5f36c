import type { Evolve } from '#decider/decider'
import type { ErasureEvent } from '#domain/person/erasure/events'
import { type Case, inState, same, withFacts } from './facts.js'

export const erasure: Evolve<Case, ErasureEvent> = {
  ErasureRequested: (was, { requestId, receivedAt, due }) =>
    withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { requestId, state: 'RECEIVED', receivedAt, due } } }),
  ErasureApproved: (was, { requestId, extent }) => requestIn(was, requestId, extent === 'ALL' ? 'APPROVED' : 'PARTLY'),
  ErasureRefused: (was, { requestId }) => requestIn(was, requestId, 'REFUSED'),
  ErasureRequestClosed: (was, { requestId }) => requestIn(was, requestId, 'CLOSED'),
  ProjectionPurgeConfirmed: same,
  ErasureCompleted: (was, { requestId, extent }) => requestIn(extent === 'ALL' ? inState(was, 'ERASED') : was, requestId, 'COMPLETED'),
  ReferralErased: was => inState(was, 'ERASED'),
}

function requestIn(was: Case, requestId: string, state: string): Case {
  const request = was.facts.erasureRequests[requestId]
  return request ? withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { ...request, state } } }) : was
}
