import type { Sql } from 'postgres'
import type { Sealed } from '#kernel/personal'
import type { Case, CaseFacts } from './case.js'

export type CaseRow = Case & { readonly revision: bigint; readonly position: bigint }

/** The case of one person as the projection last wrote it. */
export async function findCase(sql: Sql, subjectRef: string): Promise<CaseRow | undefined> {
  const [row] = await sql<{ facts: CaseFacts; sealed_values: Record<string, Sealed>; revision: string; position: string }[]>`
    select facts, sealed_values, revision, position from read_model.case_view where subject_ref = ${subjectRef}`
  return row && { facts: row.facts, values: row.sealed_values, revision: BigInt(row.revision), position: BigInt(row.position) }
}

/** The people of whom there is a case, in the order of their references, after one of them. */
export async function subjectsAfter(sql: Sql, subjectRef: string, limit: number): Promise<readonly string[]> {
  const rows = await sql<
    { subject_ref: string }[]
  >`select subject_ref from read_model.case_view where subject_ref > ${subjectRef}::uuid order by subject_ref limit ${limit}`
  return rows.map(({ subject_ref: ref }) => ref)
}
