import type { Sql } from 'postgres'
import type { EventCodec } from '#event-codec/codec'
import { type EventStore, EventStoreRewound } from '#event-store/event-store'
import { kindOf } from '#kernel/error-kind'
import { hear } from '#projections/hear'
import type { Process, Report } from '../process.js'
import { NotYet } from '../work.js'
import { listUnread } from './unread.js'
import { type Taken, beginWork, takeWork, workDone, workLater } from './work-rows.js'

const idlePause = 100
/** How often what could not be read is tried again: a newer worker may have come beside an older one. */
const readAgainEvery = 30_000
const soon = 25
const backOffMs = (attempts: number) => Math.min(15_000, 100 * 2 ** Math.min(attempts, 10))

/** Carries out the work of a process as it falls due, beside whoever reads the log. Of several, each takes other work. */
export class ProcessRunner {
  constructor(
    private readonly sql: Sql,
    private readonly store: Pick<EventStore, 'at'>,
    private readonly codec: Pick<EventCodec, 'decode'>,
    private readonly process: Process,
    private readonly report: Report,
  ) {}

  /** Runs until the signal aborts. @throws EventStoreRewound */
  async run(signal: AbortSignal): Promise<void> {
    const { name } = this.process
    for (let [readAgainAt, missed] = [0, 0]; !signal.aborted;) {
      let pause = idlePause
      try {
        if (performance.now() >= readAgainAt) {
          await this.#readAgain()
          readAgainAt = performance.now() + readAgainEvery
        }
        const taken = await takeWork(this.sql, name)
        if (missed > 0) this.report('a process reached its work again', { process: name, count: missed })
        missed = 0
        if (taken) pause = await this.#carryOut(taken)
      } catch (error) {
        if (error instanceof EventStoreRewound) throw error
        // Told once, however long it lasts.
        if (++missed === 1) this.report('a process could not reach its work', { process: name, error: kindOf(error) })
        pause = 1_000
      }
      if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    }
  }

  /** Takes up what was put aside and can be decoded now. What the log does not hold stays: the log may be the wrong one. */
  async #readAgain() {
    const { name } = this.process
    for (let page = await listUnread(this.sql, name); page.length > 0; page = await listUnread(this.sql, name, page.at(-1)?.position)) {
      for (const { position, eventId } of page) {
        const recorded = await this.store.at(position)
        if (recorded?.id !== eventId) continue
        const { event } = hear(this.codec, recorded)
        if (!event) continue
        const work = this.process.begunBy(event)
        await this.sql.begin(async sql => {
          await sql`delete from process.unread where process = ${name} and position = ${String(position)}`
          if (work) await beginWork(sql, name, work)
        })
      }
    }
  }

  /** Answers how long to rest before the next piece of work. */
  async #carryOut({ work, attempts }: Taken): Promise<number> {
    const { name } = this.process
    try {
      await this.process.carryOut(work)
      await workDone(this.sql, name, work)
      return 0
    } catch (error) {
      if (error instanceof EventStoreRewound) throw error
      const waiting = error instanceof NotYet
      if (!waiting) this.report('a process failed and will try again', { process: name, workId: work.workId, error: kindOf(error) })
      await workLater(this.sql, name, work, waiting && attempts < 200 ? soon : backOffMs(attempts), kindOf(error))
      return waiting ? soon : 0
    }
  }
}
