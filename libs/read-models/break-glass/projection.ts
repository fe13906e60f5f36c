import { personConcerns } from '#domain/person/person'
import { nothing, rowProjection } from '#projections/projection'
import { breakGlassTable } from './table.js'

/** C37: the records that were opened in need, and what came of it. */
export const breakGlass = rowProjection({
  name: 'break-glass',
  concerns: [personConcerns.access],
  tables: [breakGlassTable],
  on: {
    BreakGlassUsed: ({ subjectRef, grantId, usedAt, until }, { actor, position }) =>
      breakGlassTable.put({
        grant_id: grantId,
        subject_ref: subjectRef,
        staff_ref: actor.id,
        role: actor.role,
        used_at: usedAt,
        until,
        state: 'TO_REVIEW',
        reviewed_by: null,
        reviewed_at: null,
        position,
      }),
    BreakGlassReviewed: ({ grantId, outcome, reviewedAt }, { actor }) =>
      breakGlassTable.patch(grantId, { state: outcome, reviewed_by: actor.id, reviewed_at: reviewedAt }),
    ConflictDeclared: nothing,
    ConflictEnded: nothing,
  },
})
