import { personConcerns } from '#domain/person/person'
import { type Change, nothing, rowProjection } from '#projections/projection'
import { keyTable } from './table.js'

const { keys, erasure } = personConcerns
const { put, patch } = keyTable

const certified = ({ kids, certificateId }: { readonly kids: readonly string[]; readonly certificateId: string }): readonly Change[] =>
  kids.map(kid => patch(kid, { certificate_id: certificateId }))

export const keyRegister = rowProjection({
  name: 'key-register',
  concerns: [keys, erasure],
  tables: [keyTable],
  on: {
    SubjectKeyCreated: ({ subjectRef, kid, scope, generation }, { recordedAt, position }) =>
      put({
        kid,
        subject_ref: subjectRef,
        scope,
        generation,
        state: 'ACTIVE',
        created_at: recordedAt,
        fenced_at: null,
        destroyed_at: null,
        erasure_id: null,
        certificate_id: null,
        position,
      }),
    ErasureFenced: ({ kids, erasureId }, { recordedAt }) =>
      kids.map(kid => patch(kid, { state: 'FENCED', fenced_at: recordedAt, erasure_id: erasureId })),
    SubjectKeyDestroyed: ({ kid, destroyedAt }) => patch(kid, { state: 'DESTROYED', destroyed_at: destroyedAt }),
    KeyRetired: ({ kid }, { recordedAt }) => patch(kid, { state: 'RETIRED', fenced_at: recordedAt, destroyed_at: recordedAt }),
    ErasureCompleted: certified,
    ReferralErased: certified,
    ErasureRequested: nothing,
    ErasureApproved: nothing,
    ErasureRefused: nothing,
    ErasureRequestClosed: nothing,
    ProjectionPurgeConfirmed: nothing,
  },
})
