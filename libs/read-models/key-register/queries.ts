import type { Sql } from 'postgres'

export type KeyRow = {
  readonly kid: string
  readonly scope: string
  readonly generation: number
  readonly state: string
  readonly created_at: Date
  readonly destroyed_at: Date | null
  readonly certificate_id: string | null
}

/** One key as it is told: never its material. */
export type KeyTold = {
  readonly kid: string
  readonly scope: string
  readonly generation: number
  readonly state: string
  readonly created: string
  readonly destroyed?: string
  readonly certificate?: string
}
export const keyTold = ({ kid, scope, generation, state, created_at, destroyed_at, certificate_id }: KeyRow): KeyTold => ({
  kid,
  scope,
  generation,
  state,
  created: created_at.toISOString(),
  ...(destroyed_at ? { destroyed: destroyed_at.toISOString() } : {}),
  ...(certificate_id ? { certificate: certificate_id } : {}),
})

export const findKeys = (sql: Sql, subjectRef: string): Promise<readonly KeyRow[]> =>
  sql<
    KeyRow[]
  >`select kid, scope, generation, state, created_at, destroyed_at, certificate_id from read_model.key_register where subject_ref = ${subjectRef} order by position, kid`
