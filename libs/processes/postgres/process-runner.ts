import type { Sql, TransactionSql } from 'postgres'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import { type EventStore, EventStoreRewound, type RecordedEvent } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { kindOf } from '#kernel/error-kind'
import { NotYet, type Work } from '../work.js'
import { listUnread, putAside } from './unread.js'

/** A process: which events begin work, and what the work is. Tried until it is done; every step of it is idempotent. */
export type Process = {
  readonly name: string
  readonly begunBy: (event: DecodedEvent) => Work | undefined
  readonly carryOut: (work: Work) => Promise<void>
}
type WorkRow = { work_id: string; stream: string; source_event_id: string; attempts: number }
type Begun = { readonly work: Work } | { readonly unread: RecordedEvent; readonly error: string }
type Report = (
  message: string,
  details: { readonly process: string; readonly workId?: string; readonly error?: string; readonly count?: number },
) => void

/** Work that another worker took and did not finish is free again after this long. */
const leaseSeconds = 15
const idlePause = 100
/** How often what could not be read is tried again: a newer worker may have come beside an older one. */
const readAgainEvery = 30_000
const soon = 25
const backOffMs = (attempts: number) => Math.min(15_000, 100 * 2 ** Math.min(attempts, 10))

/** Reacts to the log from a checkpoint (a new process starts from the start), and works off what is due. */
export class ProcessRunner {
  constructor(
    private readonly sql: Sql,
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly process: Process,
    private readonly report: Report,
  ) {}

  /** Runs until the signal aborts. @throws EventStoreRewound */
  async run(signal: AbortSignal): Promise<void> {
    // One of the two failing ends both: the caller begins both again, and no loop is left over.
    const both = new AbortController()
    const either = AbortSignal.any([signal, both.signal])
    const parts = [this.#react(either), this.#work(either)].map(part =>
      part.finally(() => {
        both.abort()
      }),
    )
    await Promise.allSettled(parts)
    await Promise.all(parts)
  }

  async #react(signal: AbortSignal) {
    const { name } = this.process
    const [standing] = await this.sql<
      { position: string; event_id: string | null }[]
    >`select position, event_id from process.checkpoint where process = ${name}`
    const after = BigInt(standing?.position ?? 0)
    if (standing?.event_id) await assertNotRewound(this.store, { position: after, eventId: standing.event_id }, `the process ${name}`)
    let last: RecordedEvent | undefined
    let left = after
    let begun: Begun[] = []
    for await (const item of this.store.subscribe({ after, signal })) {
      if (!('caughtUp' in item)) {
        last = item
        const what = this.#begunBy(item)
        if (what) begun.push(what)
        if (begun.length < 100) continue
      }
      if (!last) continue
      await this.#checkpoint(last, begun, left)
      left = last.position
      begun = []
      last = undefined
    }
  }

  /** What this version cannot decode is put aside, for a newer one: it does not hold up everybody's erasure, and it is not passed over. */
  #begunBy(recorded: RecordedEvent): Begun | undefined {
    let event: DecodedEvent
    try {
      event = this.codec.decode(recorded)
    } catch (error) {
      this.report('an event could not be decoded and was put aside', {
        process: this.process.name,
        workId: recorded.id,
        error: kindOf(error),
      })
      return { unread: recorded, error: kindOf(error) }
    }
    const work = this.process.begunBy(event)
    return work && { work }
  }

  /** Takes up what was put aside and can be decoded now. What the log does not hold stays: the log may be the wrong one. */
  async #readAgain() {
    const { name } = this.process
    for (let page = await listUnread(this.sql, name); page.length > 0; page = await listUnread(this.sql, name, page.at(-1)?.position)) {
      for (const { position, eventId } of page) {
        const recorded = await this.store.at(position)
        if (recorded?.id !== eventId) continue
        const found = this.#begunBy(recorded)
        if (found && 'unread' in found) continue
        await this.sql.begin(async sql => {
          await sql`delete from process.unread where process = ${name} and position = ${String(position)}`
          if (found) await this.#begin(sql, found.work)
        })
      }
    }
  }

  async #begin(sql: TransactionSql, { workId, stream, sourceEventId }: Work) {
    await sql`insert into process.work (process, work_id, stream, source_event_id, state) values (${this.process.name}, ${workId}, ${stream}, ${sourceEventId}, 'WAITING') on conflict do nothing`
  }

  async #checkpoint({ position, id }: RecordedEvent, begun: readonly Begun[], left: bigint) {
    const { name } = this.process
    await this.sql.begin(async sql => {
      // A database that was restored under a running worker would lose what lies between.
      const [standing] = await sql<{ position: string }[]>`select position from process.checkpoint where process = ${name} for update`
      if (BigInt(standing?.position ?? 0) < left) throw new Error(`The checkpoint of ${name} fell back`)
      for (const what of begun) await ('work' in what ? this.#begin(sql, what.work) : putAside(sql, name, what.unread, what.error))
      await sql`insert into process.checkpoint (process, position, event_id) values (${name}, ${position.toString()}, ${id})
        on conflict (process) do update set position = excluded.position, event_id = excluded.event_id where process.checkpoint.position < excluded.position`
    })
  }

  async #work(signal: AbortSignal) {
    const { name } = this.process
    for (let [readAgainAt, missed] = [0, 0]; !signal.aborted;) {
      let pause = idlePause
      try {
        if (performance.now() >= readAgainAt) {
          await this.#readAgain()
          readAgainAt = performance.now() + readAgainEvery
        }
        const [row] = await this.#take()
        if (missed > 0) this.report('a process reached its work again', { process: name, count: missed })
        missed = 0
        if (row) pause = await this.#carryOut(row)
      } catch (error) {
        if (error instanceof EventStoreRewound) throw error
        // Told once, however long it lasts.
        if (++missed === 1) this.report('a process could not reach its work', { process: name, error: kindOf(error) })
        pause = 1_000
      }
      if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    }
  }

  #take() {
    return this.sql<
      WorkRow[]
    >`update process.work set due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}), attempts = attempts + 1
      where (process, work_id) = (
        select process, work_id from process.work where process = ${this.process.name} and state = 'WAITING' and due_at <= clock_timestamp() order by due_at limit 1 for update skip locked
      ) returning work_id, stream, source_event_id, attempts`
  }

  /** Answers how long to rest before the next piece of work. */
  async #carryOut({ work_id, stream, source_event_id, attempts }: WorkRow): Promise<number> {
    try {
      await this.process.carryOut({ workId: work_id, stream, sourceEventId: source_event_id })
      await this
        .sql`update process.work set state = 'DONE', last_error = null where process = ${this.process.name} and work_id = ${work_id}`
      return 0
    } catch (error) {
      if (error instanceof EventStoreRewound) throw error
      const waiting = error instanceof NotYet
      if (!waiting)
        this.report('a process failed and will try again', { process: this.process.name, workId: work_id, error: kindOf(error) })
      const wait = waiting && attempts < 200 ? soon : backOffMs(attempts)
      await this
        .sql`update process.work set due_at = clock_timestamp() + make_interval(secs => ${wait / 1_000}), last_error = ${kindOf(error)} where process = ${this.process.name} and work_id = ${work_id}`
      return waiting ? soon : 0
    }
  }
}
