import { clear, declareTable, maybe } from '#projections/table'

/** TO_BEGIN: nobody asks the person yet. ANSWERED: they have said it themselves. */
const wishCheckStates = ['TO_BEGIN', 'ASKING', 'ANSWERED', 'ERASED'] as const

export const wishCheckTable = declareTable({
  name: 'wish_check',
  item: 'WishCheckItem',
  names: 'ID.name',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    source: clear('text'),
    received_at: clear('timestamptz(3)'),
    state: clear('text', { oneOf: wishCheckStates, description: 'TO_BEGIN: nobody asks the person yet.' }),
    owner: maybe('uuid', { description: 'The staffRef of whoever asks the person.' }),
    requested_at: maybe('timestamptz(3)'),
    due: maybe('timestamptz(3)', { description: 'From then on a team leader decides, where the person has not said it.' }),
    tried_on: clear('text[]', { description: 'The days on which somebody tried, by a way that was safe.' }),
    /** What the fold goes on from. */
    folded: clear('jsonb', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position'], ['owner', 'position'], ['due', 'position']],
})
