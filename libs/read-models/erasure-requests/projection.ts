import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { erasureRequestTable } from './table.js'

const { put, patch } = erasureRequestTable

export const erasureRequests = rowProjection({
  name: 'erasure-requests',
  concerns: [personConcerns.erasure],
  tables: [erasureRequestTable],
  on: {
    ErasureRequested: ({ requestId, subjectRef, channel, grounds, regime, receivedAt, due }, { position }) =>
      put({
        request_id: requestId,
        subject_ref: subjectRef,
        state: 'RECEIVED',
        channel,
        grounds,
        regime,
        received_at: receivedAt,
        due,
        closed_because: null,
        position,
      }),
    ErasureApproved: ({ requestId, extent }) => patch(requestId, { state: extent === 'ALL' ? 'APPROVED' : 'PARTLY' }),
    ErasureRefused: ({ requestId }) => patch(requestId, { state: 'REFUSED' }),
    ErasureRequestClosed: ({ requestId, reason }) => patch(requestId, { state: 'CLOSED', closed_because: reason }),
    ErasureCompleted: ({ requestId }) => patch(requestId, { state: 'COMPLETED' }),
    ProjectionPurgeConfirmed: nothing,
    ReferralErased: nothing,
  },
})
