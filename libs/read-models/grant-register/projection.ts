import { accessConcerns } from '#domain/access/events'
import { staffConcerns } from '#domain/staff/events'
import { type Projection, nothing, rowProjection } from '#projections/projection'
import { grantTable } from './table.js'

const { put, patch } = grantTable

/** C37: whose record is open to whom beyond caseload and team, by whom, until when, and when it was used last. */
export const grantRegister: Projection = {
  ...rowProjection({
    name: 'grant-register',
    concerns: [staffConcerns.grants, accessConcerns.reads],
    tables: [grantTable],
    on: {
      AccessGranted: ({ staffRef, grantId, subjectRef, kind, role, about, grantedAt, until }, { actor, position }) =>
        put({
          grant_id: grantId,
          staff_ref: staffRef,
          role,
          subject_ref: subjectRef,
          kind,
          about: about ?? null,
          state: 'GRANTED',
          granted_by: actor.id,
          granted_at: grantedAt,
          until,
          used_at: null,
          revoked_at: null,
          cause: null,
          position,
        }),
      AccessRevoked: ({ grantId, cause, revokedAt }) => patch(grantId, { state: 'REVOKED', cause, revoked_at: revokedAt }),
      RecordAccessed: ({ alsoOf = [], at, ...first }) =>
        [first, ...alsoOf].flatMap(({ ground, grantId }) =>
          ground === 'GRANT' && grantId !== undefined ? [patch(grantId, { used_at: at })] : [],
        ),
      SearchMade: nothing,
      HistoryRead: nothing,
    },
  }),
  mixesStreams: true,
}
