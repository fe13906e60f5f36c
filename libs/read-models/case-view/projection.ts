import type { JsonObject } from '#kernel/json'
import { personConcerns } from '#domain/person/person'
import { documentProjection } from '#projections/projection'
import type { RowOf, WholeRow } from '#projections/table'
import { evolveCase, noCase } from './case.js'
import type { Case } from './facts.js'
import { caseIn, caseTable } from './table.js'

/** The current case view: one row a person. */
export const caseView = documentProjection({
  name: 'case-view',
  concerns: Object.values(personConcerns),
  /**
   * 2: a scope of which something was erased goes on once something is given again; what was said last about a consent counts. 3: the
   * referral is folded as the domain has it. 4: a type of evidence is one of the list. 6: the episode
   * with its jobs. 7: how the person may be reached, and until when data is kept. 8: what contact is planned. 9: messages, and the notice.
   * 10: standing facts, equality monitoring, and what was recorded in error. 11: that the person is being asked whether they want the
   * service. 12: which other records are of the same person.
   */
  revision: 12,
  table: caseTable,
  fold: {
    initial: noCase,
    evolve: evolveCase,
    toRow: ({ facts, values }: Case, id, { revision, position, recordedAt }): WholeRow<(typeof caseTable)['columns']> => ({
      subject_ref: id,
      revision,
      position,
      recorded_at: recordedAt,
      facts: JSON.parse(JSON.stringify(facts)) as JsonObject,
      sealed_values: values,
    }),
    fromRow: row => caseIn(row as RowOf<typeof caseTable>),
  },
})
