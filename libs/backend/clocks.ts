import type { Sql } from 'postgres'
import { type EventStore, StoreUnavailable } from '#event-store/event-store'
import { withPatience } from '#event-store/patience'
import { type Clock, ClockWrong } from '#kernel/clock'
import type { Differences, Part } from './health.js'

/** How far clocks may differ, and for how long nothing may have been recorded before somebody has to say that this is right. */
export type ClockLimits = { readonly differenceMs: number; readonly standstillMs: number }

const answerWithin = 5_000
/** A check holds so long, unless the clock has jumped. */
const holdsFor = 60_000
const day = 86_400_000

/** Compares the clock of this process with all others that the record goes by. */
export class Clocks {
  #right: { readonly at: number; readonly now: number } | undefined
  #looking: Promise<void> | undefined

  /** @param workers the stream that a worker writes its heartbeats to, where there is one */
  constructor(
    private readonly clock: Clock,
    private readonly sql: Sql,
    private readonly store: Pick<EventStore, 'head' | 'at' | 'lastOf'>,
    private readonly limits: ClockLimits,
    private readonly workers: () => Promise<string | undefined> = () => Promise.resolve(undefined),
  ) {}

  /**
   * Before anything is appended: the clocks were found right a moment ago, and this one has not jumped since. @throws ClockWrong,
   * StoreUnavailable
   */
  async assertRight(): Promise<void> {
    const [now, at] = [this.#now(), performance.now()]
    const right = this.#right
    const jumped = right && Math.abs(now - right.now - (at - right.at)) > this.limits.differenceMs
    if (right && !jumped && at - right.at < holdsFor) return
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** What health says of them. */
  async part(): Promise<Part> {
    const part = 'clocks'
    const { differenceMs: limitMs } = this.limits
    try {
      const { differences, wrong } = await this.#compare()
      return { part, ready: wrong === undefined, differences, limitMs, ...(wrong === undefined ? {} : { why: wrong }) }
    } catch {
      return { part, ready: false, why: 'they cannot be compared: the database or the event store cannot be reached', limitMs }
    }
  }

  async #look() {
    const { wrong } = await this.#compare().catch((error: unknown) => {
      throw error instanceof StoreUnavailable ? error : new StoreUnavailable(error)
    })
    if (wrong !== undefined) throw new ClockWrong(wrong)
    this.#right = { at: performance.now(), now: this.#now() }
  }

  async #compare(): Promise<{ readonly differences: Differences; readonly wrong: string | undefined }> {
    const asked = this.#now()
    const [row] = await withPatience(answerWithin, this.sql<{ at: Date }[]>`select clock_timestamp() as at`)
    const answered = this.#now()
    const database = row?.at.getTime() ?? answered
    // It may have answered at any moment between.
    const ofDatabase = database < asked ? database - asked : Math.max(0, database - answered)
    const [last, worker] = await Promise.all([this.#lastRecorded(), this.#worker()])
    const now = this.#now()
    const recorded = last === undefined ? 0 : Math.max(0, last - now)
    const differences = { database: ofDatabase, recorded, ...(worker === undefined ? {} : { worker }) }
    return { differences, wrong: this.#wrongWith(differences, now, last) }
  }

  #wrongWith({ database, recorded, worker }: Differences, now: number, last: number | undefined): string | undefined {
    const { differenceMs, standstillMs } = this.limits
    const here = `This machine’s clock says ${instant(now)}`
    const remedy = 'Set the clocks by one time server'
    if (Math.abs(database) > differenceMs)
      return `${here}, and the database’s ${instant(now + database)}: ${inWords(database)} apart. ${remedy}. Nothing is recorded meanwhile.`
    if (recorded > differenceMs)
      return (
        `${here}, which is ${inWords(recorded)} before the last event on record (${instant(now + recorded)}). ${remedy}. `
        + 'Where that event has the wrong time, CASELEDGER_CLOCK_LIMIT_SECONDS says how far clocks may differ. '
        + 'Nothing is recorded meanwhile.'
      )
    if (last !== undefined && now - last > standstillMs)
      return (
        `${here}, which is ${inWords(now - last)} after the last event on record (${instant(last)}). Set the clock; or, where nothing was `
        + 'recorded for so long, say so with CASELEDGER_STANDSTILL_DAYS. Nothing is recorded meanwhile.'
      )
    if (worker !== undefined && Math.abs(worker) > differenceMs)
      return `The worker’s clock is ${inWords(worker)} from the one that recorded its last heartbeat. ${remedy}.`
    return undefined
  }

  async #lastRecorded(): Promise<number | undefined> {
    const head = await this.store.head()
    const last = head === undefined ? undefined : await this.store.at(head)
    return last && Date.parse(last.recordedAt)
  }

  /** It gives its heartbeat the time, and the store gives its own. */
  async #worker(): Promise<number | undefined> {
    const stream = await this.workers()
    const beat = stream === undefined ? undefined : await this.store.lastOf(stream)
    const said = beat?.metadata['occurredAt']
    return beat === undefined || typeof said !== 'string' ? undefined : Date.parse(said) - Date.parse(beat.recordedAt)
  }

  #now() {
    return Date.parse(this.clock.now())
  }
}

const instant = (ms: number) => new Date(ms).toISOString()
const inWords = (ms: number) => {
  const much = Math.abs(ms)
  return much >= 2 * day ? `${Math.round(much / day)} days` : `${Math.round(much / 1_000)} seconds`
}

/** Appends only while the clocks are right. */
export function appendByTheClock(store: EventStore, clocks: Pick<Clocks, 'assertRight'>): void {
  const append = store.append.bind(store)
  store.append = async (...what) => {
    await clocks.assertRight()
    return append(...what)
  }
}
