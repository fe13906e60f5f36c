import type { Sql } from 'postgres'
import type { IncidentId } from '#kernel/id'
import type { ReadModels } from '#projections/postgres/read-models'
import { hubRegister } from './projection.js'

/** Every incident, for the machine's own work; undefined while the register has not come to this position of the log. */
export async function everyIncident(
  sql: Sql,
  readModels: Pick<ReadModels, 'live'>,
  at: bigint,
): Promise<readonly IncidentId[] | undefined> {
  if ((await readModels.live(hubRegister.name)).position < at) return undefined
  const rows = await sql<{ incident_id: IncidentId }[]>`select incident_id from read_model.hub_register order by position`
  return rows.map(({ incident_id: id }) => id)
}
