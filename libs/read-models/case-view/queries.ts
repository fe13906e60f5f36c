import type { Sql } from 'postgres'
import type { SubjectRef } from '#kernel/id'
import { readRow, readRows } from '#projections/postgres/read-rows'
import type { RowOf } from '#projections/table'
import type { Case } from './facts.js'
import { caseIn, caseTable } from './table.js'

export type CaseRow = Case & { readonly revision: bigint; readonly position: bigint }

/** The case of one person as the projection last wrote it. */
export async function findCase(sql: Sql, subjectRef: string): Promise<CaseRow | undefined> {
  const row = await readRow(sql, caseTable, subjectRef)
  return row && { ...caseIn(row), revision: BigInt(row.revision), position: BigInt(row.position) }
}

/** The cases of these people: of some, there may be none yet. */
export async function findCases(sql: Sql, refs: readonly SubjectRef[]): Promise<readonly (Case & { readonly subjectRef: SubjectRef })[]> {
  const rows = await readRows(sql, caseTable, { where: [{ column: 'subject_ref', is: 'among', values: refs }] })
  return rows.map(row => ({ ...caseIn(row), subjectRef: row.subject_ref as SubjectRef }))
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
