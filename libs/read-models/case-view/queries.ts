import type { Sql } from 'postgres'
import type { SubjectRef } from '#kernel/id'
import type { Sealed } from '#kernel/personal'
import { readRow } from '#projections/postgres/read-rows'
import type { RowOf } from '#projections/table'
import type { Case } from './facts.js'
import { caseIn, caseTable } from './table.js'

export type CaseRow = Case & { readonly revision: bigint; readonly position: bigint }

/** The case of one person as the projection last wrote it. */
export async function findCase(sql: Sql, subjectRef: string): Promise<CaseRow | undefined> {
  const row = await readRow(sql, caseTable, subjectRef)
  return row && { ...caseIn(row), revision: BigInt(row.revision), position: BigInt(row.position) }
}

type FieldFact = Case['facts']['fields'][string]
type HeldField = { readonly subject_ref: SubjectRef; readonly fact: FieldFact; readonly value: Sealed | null }
/** One field of each of these people’s cases, and nothing else of them: of some, there may be none yet. */
export async function fieldOfEach(sql: Sql, field: string, refs: readonly SubjectRef[]) {
  const rows = await sql<HeldField[]>`
    select subject_ref, facts -> 'fields' -> ${field} as fact, sealed_values -> ${field} as value
    from read_model.case_view where subject_ref = any (${[...refs]}::uuid[]) and facts -> 'fields' ? ${field}`
  return rows.map(({ subject_ref: subjectRef, fact, value }) => ({
    subjectRef,
    facts: { fields: { [field]: fact } },
    values: value === null ? {} : { [field]: value },
  }))
}

/** Which of these people there is a case of. */
export async function casesAmong(sql: Sql, refs: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<Pick<RowOf<typeof caseTable>, 'subject_ref'>[]>`
    select subject_ref from read_model.case_view where subject_ref = any (${[...refs]}::uuid[])`
  return new Set(rows.map(({ subject_ref: ref }) => ref))
}

/** The people of whom there is a case, in the order of their references, after one of them. */
export async function subjectsAfter(sql: Sql, subjectRef: string, limit: number): Promise<readonly string[]> {
  const rows = await sql<Pick<RowOf<typeof caseTable>, 'subject_ref'>[]>`
    select subject_ref from read_model.case_view where subject_ref > ${subjectRef}::uuid order by subject_ref limit ${limit}`
  return rows.map(({ subject_ref: ref }) => ref)
}
