import { personConcerns } from '#domain/person/person'
import { type Change, type Table, nothing, rowProjection } from '#projections/projection'
import { clear, maybe } from '#projections/table'

/** The register of crypto-shredding keys: ids, states and dates. There is no column that could hold key material. */
export const keyTable: Table = {
  name: 'key_register',
  key: 'kid',
  subject: 'subject_ref',
  columns: {
    kid: clear('uuid'),
    subject_ref: clear('uuid'),
    scope: clear('text'),
    generation: clear('int'),
    state: clear('text'),
    created_at: clear('timestamptz(3)'),
    fenced_at: maybe('timestamptz(3)'),
    destroyed_at: maybe('timestamptz(3)'),
    erasure_id: maybe('uuid'),
    certificate_id: maybe('uuid'),
    position: clear('bigint'),
  },
  indexes: [['subject_ref']],
}

const certified = (kids: readonly string[], certificateId: string): readonly Change[] =>
  kids.map(kid => ({ table: keyTable, patch: { kid, certificate_id: certificateId } }))

const { keys, erasure } = personConcerns

export const keyRegister = rowProjection({
  name: 'key-register',
  concerns: [keys, erasure],
  tables: [keyTable],
  on: {
    SubjectKeyCreated: ({ subjectRef, kid, scope, generation }, { recordedAt, position }) => [
      { table: keyTable, put: { kid, subject_ref: subjectRef, scope, generation, state: 'ACTIVE', created_at: recordedAt, position } },
    ],
    ErasureFenced: ({ kids, erasureId }, { recordedAt }) =>
      kids.map(kid => ({ table: keyTable, patch: { kid, state: 'FENCED', fenced_at: recordedAt, erasure_id: erasureId } })),
    SubjectKeyDestroyed: ({ kid, destroyedAt }) => [{ table: keyTable, patch: { kid, state: 'DESTROYED', destroyed_at: destroyedAt } }],
    KeyRetired: ({ kid }, { recordedAt }) => [
      { table: keyTable, patch: { kid, state: 'RETIRED', fenced_at: recordedAt, destroyed_at: recordedAt } },
    ],
    ErasureCompleted: ({ kids, certificateId }) => certified(kids, certificateId),
    ReferralErased: ({ kids, certificateId }) => certified(kids, certificateId),
    ErasureRequested: nothing,
    ErasureApproved: nothing,
    ErasureRefused: nothing,
    ProjectionPurgeConfirmed: nothing,
  },
})
