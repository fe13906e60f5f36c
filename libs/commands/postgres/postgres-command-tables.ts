import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import { bodyDigest, newId } from '../ids.js'
import type { SeenCommands, StaffIdentities } from '../seen-commands.js'

type Seen = { digest_key: Buffer; digest: Buffer }

/** The two tables of the `command` schema. @throws StoreUnavailable when the database does not answer. */
export class PostgresCommandTables implements SeenCommands, StaffIdentities {
  constructor(private readonly sql: Sql) {}

  /** A row that a power cut takes with it detects no misuse: nothing else rests on it, so nobody waits for the disk. */
  async isSame(commandId: string, subjectRef: string | undefined, body: string) {
    const key = randomBytes(32)
    const [before] = await reaching(() => this.sql<Seen[]>`
      with added as (
        insert into command.seen (command_id, subject_ref, digest_key, digest)
        select ${commandId}::uuid, ${subjectRef ?? null}::uuid, ${key}::bytea, ${bodyDigest(key, body)}::bytea from (select set_config('synchronous_commit', 'off', true)) as no_waiting on conflict do nothing
      ) select digest_key, digest from command.seen where command_id = ${commandId}`)
    // A row that another request wrote at the same moment is not in this statement's snapshot: ask again.
    const rows: readonly Seen[] = before ? [before] : await reaching(() => this.sql<Seen[]>`select digest_key, digest from command.seen where command_id = ${commandId}`)
    const seen = rows[0]
    return seen === undefined || timingSafeEqual(bodyDigest(seen.digest_key, body), seen.digest)
  }

  async forget(commandId: string) { await reaching(() => this.sql`delete from command.seen where command_id = ${commandId}`) }
  async forgetSubject(subjectRef: string) { await reaching(() => this.sql`delete from command.seen where subject_ref = ${subjectRef}`) }
  async forgetBefore(instant: string) { await reaching(() => this.sql`delete from command.seen where seen_at < ${instant}`) }

  async find(identity: Buffer) {
    const [row] = await reaching(() => this.sql<{ staff_ref: string }[]>`select staff_ref from command.staff_identity where identity = ${identity}`)
    return row?.staff_ref
  }

  async register(identity: Buffer) {
    await reaching(() => this.sql`insert into command.staff_identity (identity, staff_ref) values (${identity}, ${newId()}) on conflict do nothing`)
    return await this.find(identity) as string
  }
}

async function reaching<T>(ask: () => Promise<T>): Promise<T> {
  try { return await ask() } catch (error) { throw new StoreUnavailable(error) }
}
