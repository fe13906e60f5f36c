import { erasureRequestStates } from '#domain/person/erasure/erasures'
import type { Condition } from '#projections/question'
import { clear, declareTable, maybe } from '#projections/table'

export const erasureRequestTable = declareTable({
  name: 'erasure_request',
  item: 'ErasureRequestItem',
  key: 'request_id',
  subject: 'subject_ref',
  columns: {
    request_id: clear('uuid'),
    subject_ref: clear('uuid'),
    state: clear('text', { oneOf: erasureRequestStates }),
    channel: clear('text'),
    grounds: clear('text'),
    regime: clear('text'),
    received_at: clear('timestamptz(3)'),
    due: clear('text', { format: 'date' }),
    concerns_staff: clear('text[]', { hidden: true }),
    closed_because: maybe('text', { description: 'Of a request that was closed before anybody decided on it.' }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position']],
})

/** The open requests that somebody may decide: not those that concern them. */
export const undecidedBy = ({ id }: { readonly id: string }): readonly (readonly Condition<typeof erasureRequestTable>[])[] => [
  [
    { column: 'state', is: '=', value: 'RECEIVED' },
    { column: 'concerns_staff', is: 'lacks', value: id },
  ],
]
