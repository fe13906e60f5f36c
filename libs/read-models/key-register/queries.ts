import type { Sql } from 'postgres'

export type KeyRow = { readonly kid: string; readonly scope: string; readonly generation: number; readonly state: string; readonly created_at: Date; readonly destroyed_at: Date | null; readonly certificate_id: string | null }

export const findKeys = (sql: Sql, subjectRef: string): Promise<readonly KeyRow[]> =>
  sql<KeyRow[]>`select kid, scope, generation, state, created_at, destroyed_at, certificate_id from read_model.key_register where subject_ref = ${subjectRef} order by position, kid`
