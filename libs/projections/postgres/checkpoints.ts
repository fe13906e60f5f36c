import type { Sql, TransactionSql } from 'postgres'
import { NotCurrent, declarationOf } from '../declaration.js'
import type { Projection } from '../projection.js'

/** Where a projection stands. `eventId` is undefined before its first event. */
export type Checkpoint = { readonly position: bigint; readonly eventId: string | undefined }
/** A read model's row: there is one as long as there are tables of it, in `read_model` or, while it is built, in `read_model_build`. */
export type Standing = Checkpoint & {
  readonly building: boolean
  /** The hash of the declaration that its tables follow; undefined where a release made them that stored none. */
  readonly declaration: string | undefined
  readonly tables: readonly string[]
}
type Row = { position: string; event_id: string | null; building: boolean; declaration: string | null; tables: readonly string[] }
const standingOf = ({ position, event_id, building, declaration, tables }: Row): Standing => ({
  position: BigInt(position),
  eventId: event_id ?? undefined,
  building,
  declaration: declaration ?? undefined,
  tables,
})

export async function readStanding(sql: Sql | TransactionSql, projection: string): Promise<Standing | undefined> {
  const [row] = await sql<Row[]>`select * from read_model.checkpoint where projection = ${projection}`
  return row && standingOf(row)
}

/** Whoever holds it moves it: a second one waits, and then sees where the first one went. */
export async function lockStanding(sql: TransactionSql, projection: string): Promise<Standing | undefined> {
  const [row] = await sql<Row[]>`select * from read_model.checkpoint where projection = ${projection} for update`
  return row && standingOf(row)
}

/** The same of one whose tables follow its declaration. @throws NotCurrent */
export async function lockCheckpoint(sql: TransactionSql, projection: Projection): Promise<Standing> {
  const standing = await lockStanding(sql, projection.name)
  if (standing?.declaration !== declarationOf(projection)) throw new NotCurrent(projection.name, standing?.building ?? false)
  return standing
}

export async function moveCheckpoint(sql: TransactionSql, projection: string, { position, eventId }: Checkpoint): Promise<void> {
  await sql`update read_model.checkpoint set position = ${String(position)}, event_id = ${eventId ?? null}, moved_at = clock_timestamp()
    where projection = ${projection}`
}

/** The row of a read model whose tables were just made, or put in their place. */
export async function writeStanding(sql: TransactionSql, projection: Projection, at: Checkpoint, building: boolean): Promise<void> {
  const tables = projection.tables.map(({ name }) => name)
  await sql`insert into read_model.checkpoint (projection, position, event_id, declaration, tables, building)
    values (${projection.name}, ${String(at.position)}, ${at.eventId ?? null}, ${declarationOf(projection)}, ${tables}, ${building})
    on conflict (projection) do update set position = excluded.position, event_id = excluded.event_id, declaration = excluded.declaration,
      tables = excluded.tables, building = excluded.building, moved_at = clock_timestamp()`
}
