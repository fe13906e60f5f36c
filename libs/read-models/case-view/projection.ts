import type { JsonObject } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import { personConcerns } from '#domain/person/person'
import { type Table, documentProjection } from '#projections/projection'
import { clear, sealedMap } from '#projections/table'
import { type Case, type CaseFacts, evolveCase, noCase } from './case.js'

export const caseTable: Table = {
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
}

const about = Object.values(personConcerns)

/** The current case view: one row a person. */
export const caseView = documentProjection<Case, (typeof about)[number]>({
  name: 'case-view',
  concerns: about,
  table: caseTable,
  fold: {
    initial: noCase,
    evolve: evolveCase,
    toRow: ({ facts, values }, id, { revision, position, recordedAt }) => ({
      subject_ref: id,
      revision,
      position,
      recorded_at: recordedAt,
      facts: JSON.parse(JSON.stringify(facts)) as JsonObject,
      sealed_values: values,
    }),
    fromRow: row => ({ facts: row['facts'] as CaseFacts, values: row['sealed_values'] as Readonly<Record<string, Sealed>> }),
  },
})
