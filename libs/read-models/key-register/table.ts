import { clear, declareTable, maybe } from '#projections/table'

/** The register of crypto-shredding keys: ids, states and dates. There is no column that could hold key material. */
export const keyTable = declareTable({
  name: 'key_register',
  item: 'KeyItem',
  key: 'kid',
  subject: 'subject_ref',
  columns: {
    kid: clear('uuid'),
    subject_ref: clear('uuid', { hidden: true }),
    scope: clear('text'),
    generation: clear('int'),
    state: clear('text', { oneOf: ['ACTIVE', 'FENCED', 'RETIRED', 'DESTROYED', 'LOST'] }),
    created_at: clear('timestamptz(3)', { as: 'created' }),
    fenced_at: maybe('timestamptz(3)', { hidden: true }),
    destroyed_at: maybe('timestamptz(3)', { as: 'destroyed' }),
    erasure_id: maybe('uuid', { hidden: true }),
    certificate_id: maybe('uuid', { as: 'certificate', description: 'The certificate of the erasure that destroyed it.' }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['subject_ref']],
})
