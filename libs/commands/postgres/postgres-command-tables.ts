import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Sql } from 'postgres'
import { StoreUnavailable } from '#event-store/event-store'
import { withPatience } from '#event-store/patience'
import { Batched } from '#kernel/batched'
import { bodyDigest, newId } from '../ids.js'
import type { SeenCommands, StaffIdentities } from '../seen-commands.js'

type CommandAsked = { readonly commandId: string; readonly subjectRef: string | undefined; readonly body: string }
type Seen = { readonly command_id: string; readonly digest_key: Buffer; readonly digest: Buffer }

/** The two tables of the `command` schema. @throws StoreUnavailable when the database does not answer. */
export class PostgresCommandTables implements SeenCommands, StaffIdentities {
  readonly #together = new Batched<CommandAsked, boolean>(asked => reaching(() => this.#areSame(asked)), 100)

  constructor(private readonly sql: Sql) {}

  isSame(commandId: string, subjectRef: string | undefined, body: string) {
    return this.#together.one({ commandId, subjectRef, body })
  }

  async #areSame(asked: readonly CommandAsked[]): Promise<readonly boolean[]> {
    const ids = asked.map(({ commandId }) => commandId)
    const seen = new Map((await this.#recorded(ids, asked)).map(row => [row.command_id, row]))
    // A row that another process wrote at the same moment is not in that statement's snapshot: ask again.
    if (ids.some(id => !seen.has(id)))
      for (const row of await this.sql<
        Seen[]
      >`select command_id, digest_key, digest from command.seen where command_id = any (${ids}::uuid[])`)
        seen.set(row.command_id, row)
    return asked.map(({ commandId, body }) => {
      const row = seen.get(commandId)
      return row === undefined || timingSafeEqual(bodyDigest(row.digest_key, body), row.digest)
    })
  }

  /**
   * Those that were there, and those that are now; in the order of their ids, so that two processes do not wait for each other. A row
   * that a power cut takes with it detects no misuse: nothing else rests on it, so nobody waits for the disk.
   */
  #recorded(ids: readonly string[], asked: readonly CommandAsked[]) {
    const subjects = asked.map(({ subjectRef }) => subjectRef ?? null)
    const keys = asked.map(() => randomBytes(32))
    const digests = asked.map(({ body }, n) => bodyDigest(keys[n] as Buffer, body))
    return this.sql<Seen[]>`
      with added as (
        insert into command.seen (command_id, subject_ref, digest_key, digest)
        select new.command_id, new.subject_ref, decode(new.digest_key, 'hex'), decode(new.digest, 'hex')
        from unnest(${ids}::uuid[], ${subjects}::uuid[], ${hexOf(keys)}::text[], ${hexOf(digests)}::text[])
            with ordinality as new (command_id, subject_ref, digest_key, digest, nth),
          (select set_config('synchronous_commit', 'off', true)) as no_waiting
        order by new.command_id, new.nth on conflict do nothing returning command_id, digest_key, digest
      ) select command_id, digest_key, digest from command.seen where command_id = any (${ids}::uuid[])
      union all select command_id, digest_key, digest from added`
  }

  async forget(commandId: string) {
    await reaching(() => this.sql`delete from command.seen where command_id = ${commandId}`)
  }
  async forgetSubject(subjectRef: string) {
    await reaching(() => this.sql`delete from command.seen where subject_ref = ${subjectRef}`)
  }
  async forgetBefore(instant: string) {
    await reaching(() => this.sql`delete from command.seen where seen_at < ${instant}`)
  }

  async find(identity: Buffer) {
    const [row] = await reaching(
      () => this.sql<{ staff_ref: string }[]>`select staff_ref from command.staff_identity where identity = ${identity}`,
    )
    return row?.staff_ref
  }

  async register(identity: Buffer) {
    await reaching(
      () => this.sql`insert into command.staff_identity (identity, staff_ref) values (${identity}, ${newId()}) on conflict do nothing`,
    )
    return (await this.find(identity)) as string
  }
}

const hexOf = (bytes: readonly Buffer[]) => bytes.map(one => one.toString('hex'))

/** These are asked before a door is reached, where nobody else has an eye on the time. */
const patience = 8_000

async function reaching<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await withPatience(patience, ask())
  } catch (error) {
    throw new StoreUnavailable(error)
  }
}
