import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { erasureRequestTable } from './table.js'

const { put, patch } = erasureRequestTable

export const erasureRequests = rowProjection({
  name: 'erasure-requests',
  /** 2: knows whom among the staff a request concerns. */
  revision: 2,
  concerns: [personConcerns.erasure],
  tables: [erasureRequestTable],
  on: {
    ErasureRequested: ({ requestId, subjectRef, channel, grounds, regime, receivedAt, due, concernsStaff }, { position }) =>
      put({
        request_id: requestId,
        subject_ref: subjectRef,
        state: 'RECEIVED',
        channel,
        grounds,
        regime,
        received_at: receivedAt,
        due,
        concerns_staff: concernsStaff,
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
