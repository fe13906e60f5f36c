import { personConcerns } from '#domain/person/person'
import { type Table, nothing, rowProjection } from '#projections/projection'
import { clear } from '#projections/table'

export const erasureRequestTable: Table = {
  name: 'erasure_request',
  key: 'request_id',
  subject: 'subject_ref',
  columns: {
    request_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text'),
    channel: clear('text'),
    grounds: clear('text'),
    regime: clear('text'),
    received_at: clear('timestamptz(3)'),
    due: clear('text'),
    position: clear('bigint'),
  },
  indexes: [['position'], ['state', 'position']],
}
const become = (requestId: string, state: string) => [{ table: erasureRequestTable, patch: { request_id: requestId, state } }]

export const erasureRequests = rowProjection({
  name: 'erasure-requests',
  concerns: [personConcerns.erasure],
  tables: [erasureRequestTable],
  on: {
    ErasureRequested: ({ requestId, subjectRef, channel, grounds, regime, receivedAt, due }, { position }) => [
      {
        table: erasureRequestTable,
        put: {
          request_id: requestId,
          subject_ref: subjectRef,
          state: 'RECEIVED',
          channel,
          grounds,
          regime,
          received_at: receivedAt,
          due,
          position,
        },
      },
    ],
    ErasureApproved: ({ requestId, extent }) => become(requestId, extent === 'ALL' ? 'APPROVED' : 'PARTLY'),
    ErasureRefused: ({ requestId }) => become(requestId, 'REFUSED'),
    ErasureCompleted: ({ requestId }) => become(requestId, 'COMPLETED'),
    ProjectionPurgeConfirmed: nothing,
    ReferralErased: nothing,
  },
})
