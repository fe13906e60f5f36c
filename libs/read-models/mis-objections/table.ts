import { channels } from '#domain/person/channels'
import { objectionStates } from '#domain/person/mis/storage'
import { clear, declareTable, maybe } from '#projections/table'

export const misObjectionTable = declareTable({
  name: 'mis_objection',
  item: 'MisObjectionItem',
  key: 'objection_id',
  subject: 'subject_ref',
  columns: {
    objection_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text', {
      oneOf: objectionStates,
      description: 'OPEN: nobody has explained yet what follows. EXPLAINED: it waits for their choice.',
    }),
    channel: clear('text', { oneOf: channels }),
    received_at: clear('timestamptz(3)'),
    explained_at: maybe('timestamptz(3)'),
    chosen_at: maybe('timestamptz(3)'),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})
