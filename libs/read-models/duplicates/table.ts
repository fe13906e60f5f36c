import type { Condition } from '#projections/question'
import { clear, declareTable } from '#projections/table'

export const duplicateTable = declareTable({
  name: 'duplicate',
  item: 'DuplicateItem',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    state: clear('text', { hidden: true, oneOf: ['TO_COMPARE', 'COMPARED'] }),
    possibly: clear('text[]', { description: 'The subjectRefs of the records that may be this person’s, too.' }),
    found_at: clear('timestamptz(3)', { description: 'When the first of them was found that nobody has compared yet.' }),
    /** What the fold goes on from. */
    folded: clear('jsonb', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})

/** Those of which somebody has to say whether they are one person. */
export const toCompare: readonly (readonly Condition<typeof duplicateTable>[])[] = [[{ column: 'state', is: '=', value: 'TO_COMPARE' }]]
