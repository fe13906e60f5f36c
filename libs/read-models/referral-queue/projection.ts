import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { referralTable } from './table.js'

const { intake, erasure } = personConcerns
const { put, patch } = referralTable

export const referralQueue = rowProjection({
  name: 'referral-queue',
  concerns: [intake, erasure],
  tables: [referralTable],
  on: {
    ReferralReceived: ({ subjectRef, referralId, source, channel, serviceArea, receivedAt, wish }, { position }) =>
      put({
        subject_ref: subjectRef,
        referral_id: referralId,
        source,
        channel,
        service_area: serviceArea,
        received_at: receivedAt,
        wish,
        state: wish === 'YES' ? 'WANTED' : 'RECEIVED',
        eligibility: null,
        position,
      }),
    ServiceWishConfirmed: ({ subjectRef }) => patch(subjectRef, { wish: 'YES', state: 'WANTED' }),
    ServiceDeclined: ({ subjectRef }) => patch(subjectRef, { state: 'DECLINED' }),
    EligibilityConfirmed: ({ subjectRef }) => patch(subjectRef, { eligibility: 'CONFIRMED' }),
    EligibilityRefused: ({ subjectRef }) => patch(subjectRef, { eligibility: 'REFUSED' }),
    ReferralErased: ({ subjectRef }) => patch(subjectRef, { state: 'ERASED' }),
    ErasureCompleted: ({ subjectRef, extent }) => (extent === 'ALL' ? patch(subjectRef, { state: 'ERASED' }) : []),
    ErasureRequested: nothing,
    ErasureApproved: nothing,
    ErasureRefused: nothing,
    ErasureRequestClosed: nothing,
    ProjectionPurgeConfirmed: nothing,
  },
})
