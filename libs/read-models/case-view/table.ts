import { type RowOf, clear, declareTable, sealedMap } from '#projections/table'
import type { Case, CaseFacts } from './facts.js'

export const caseTable = declareTable({
  name: 'case_view',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    revision: clear('bigint'),
    position: clear('bigint'),
    recorded_at: clear('timestamptz(3)'),
    facts: clear('jsonb'),
    sealed_values: sealedMap,
  },
})

/** The case that a row holds. */
export const caseIn = ({ facts, sealed_values: values }: RowOf<typeof caseTable>): Case => ({
  facts: facts as unknown as CaseFacts,
  values,
})
