import { personConcerns } from '#domain/person/person'
import { rowProjection } from '#projections/projection'
import { misObjectionTable } from './table.js'

const { put, patch } = misObjectionTable

/** C41: who objects to storage, and what is to be done about it. */
export const misObjections = rowProjection({
  name: 'mis-objections',
  concerns: [personConcerns.mis],
  tables: [misObjectionTable],
  on: {
    MisStorageObjectionRecorded: ({ objectionId, subjectRef, channel, receivedAt }, { position }) =>
      put({
        objection_id: objectionId,
        subject_ref: subjectRef,
        state: 'OPEN',
        channel,
        received_at: receivedAt,
        explained_at: null,
        chosen_at: null,
        position,
      }),
    MisStorageExplained: ({ objectionId, explainedAt }) => patch(objectionId, { state: 'EXPLAINED', explained_at: explainedAt }),
    MisStorageChosen: ({ objectionId, choice, saidAt }) => patch(objectionId, { state: choice, chosen_at: saidAt }),
  },
})
