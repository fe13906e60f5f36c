import type { Sql } from 'postgres'
import type { StaffRef, SubjectRef } from '#kernel/id'
import type { ReadModels } from '#projections/postgres/read-models'
import { caseload } from './projection.js'

/** Whom somebody supports now; undefined while the caseload has not come to this position of the log. */
export async function supportedBy(
  sql: Sql,
  readModels: Pick<ReadModels, 'live'>,
  worker: StaffRef,
  at: bigint,
): Promise<readonly SubjectRef[] | undefined> {
  if ((await readModels.live(caseload.name)).position < at) return undefined
  const rows = await sql<{ subject_ref: SubjectRef }[]>`
    select subject_ref from read_model.caseload where worker = ${worker} and state = 'OPEN' order by position`
  return rows.map(({ subject_ref: ref }) => ref)
}
