import { personConcerns } from '#domain/person/person'
import { type Table, clear, nothing, maybe, rowProjection } from '#projections/projection'

export const referralTable: Table = {
  name: 'referral_queue',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    referral_id: clear('uuid'),
    source: clear('text'),
    channel: clear('text'),
    service_area: clear('text'),
    received_at: clear('timestamptz(3)'),
    wish: clear('text'),
    state: clear('text'),
    eligibility: maybe('text'),
    position: clear('bigint'),
  },
  indexes: [['position'], ['state', 'position']],
}

const { intake, erasure } = personConcerns

export const referralQueue = rowProjection({
  name: 'referral-queue',
  concerns: [intake, erasure],
  tables: [referralTable],
  on: {
    ReferralReceived: ({ subjectRef, referralId, source, channel, serviceArea, receivedAt, wish }, { position }) => [
      {
        table: referralTable,
        put: {
          subject_ref: subjectRef,
          referral_id: referralId,
          source,
          channel,
          service_area: serviceArea,
          received_at: receivedAt,
          wish,
          state: wish === 'YES' ? 'WANTED' : 'RECEIVED',
          position,
        },
      },
    ],
    ServiceWishConfirmed: ({ subjectRef }) => [{ table: referralTable, patch: { subject_ref: subjectRef, wish: 'YES', state: 'WANTED' } }],
    ServiceDeclined: ({ subjectRef }) => [{ table: referralTable, patch: { subject_ref: subjectRef, state: 'DECLINED' } }],
    EligibilityConfirmed: ({ subjectRef }) => [{ table: referralTable, patch: { subject_ref: subjectRef, eligibility: 'CONFIRMED' } }],
    EligibilityRefused: ({ subjectRef }) => [{ table: referralTable, patch: { subject_ref: subjectRef, eligibility: 'REFUSED' } }],
    ReferralErased: ({ subjectRef }) => [{ table: referralTable, patch: { subject_ref: subjectRef, state: 'ERASED' } }],
    ErasureCompleted: ({ subjectRef, extent }) =>
      extent === 'ALL' ? [{ table: referralTable, patch: { subject_ref: subjectRef, state: 'ERASED' } }] : [],
    ErasureRequested: nothing,
    ErasureApproved: nothing,
    ErasureRefused: nothing,
    ProjectionPurgeConfirmed: nothing,
  },
})
