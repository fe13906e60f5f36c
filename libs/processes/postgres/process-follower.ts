import type { Sql } from 'postgres'
import type { EventStore } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { CheckpointFellBack, type Follower, type Stands } from '#projections/follower'
import type { Heard } from '#projections/hear'
import type { Process, Report } from '../process.js'
import type { Work } from '../work.js'
import { putAside } from './unread.js'
import { beginWork } from './work-rows.js'

type Begun = { readonly work: Work } | { readonly unread: Heard }

/** That part of a process which reacts to the log, from its start where it is new: it notes what work begins. It carries nothing out. */
export class ProcessFollower implements Follower {
  /** Where this one left it. */
  #left = 0n

  constructor(
    private readonly sql: Sql,
    private readonly store: Pick<EventStore, 'at' | 'head'>,
    private readonly process: Process,
    private readonly report: Report,
  ) {}

  get name() {
    return this.process.name
  }

  async stands(): Promise<Stands> {
    const [standing] = await this.sql<
      { position: string; event_id: string | null }[]
    >`select position, event_id from process.checkpoint where process = ${this.name}`
    const position = BigInt(standing?.position ?? 0)
    if (standing?.event_id) await assertNotRewound(this.store, { position, eventId: standing.event_id }, `the process ${this.name}`)
    this.#left = position
    return { position, beside: false }
  }

  async take(batch: readonly Heard[]): Promise<void> {
    const last = batch.at(-1)
    if (!last) return
    await this.sql.begin(async sql => {
      const [standing] = await sql<{ position: string }[]>`select position from process.checkpoint where process = ${this.name} for update`
      const position = BigInt(standing?.position ?? 0)
      // A database that was restored under a running worker would lose what lies between.
      if (position < this.#left) throw new CheckpointFellBack(this.name)
      const begun = batch.flatMap(heard => (heard.position > position ? this.#begunBy(heard) : []))
      for (const what of begun) await ('work' in what ? beginWork(sql, this.name, what.work) : putAside(sql, this.name, what.unread))
      await sql`insert into process.checkpoint (process, position, event_id)
        values (${this.name}, ${last.position.toString()}, ${last.eventId})
        on conflict (process) do update set position = excluded.position, event_id = excluded.event_id
          where process.checkpoint.position < excluded.position`
    })
    this.#left = last.position
  }

  /** What this version cannot decode is put aside, for a newer one: it does not hold up everybody's erasure, and it is not passed over. */
  #begunBy(heard: Heard): readonly Begun[] {
    if (!heard.event) {
      this.report('an event could not be decoded and was put aside', {
        process: this.name,
        workId: heard.eventId,
        ...(heard.undecodable === undefined ? {} : { error: heard.undecodable }),
      })
      return [{ unread: heard }]
    }
    const work = this.process.begunBy(heard.event)
    return work ? [{ work }] : []
  }
}
