import type { Sql } from 'postgres'
import type { Clock } from '#kernel/clock'
import { timeStamp } from '../time-stamping.js'
import type { LedgerReader } from './ledger-reader.js'

const every = 3_600_000

/** Has the newest checkpoint stamped once an hour, where it has grown: when it was there is then not only the service's own word. */
export class TimeStamps {
  constructor(
    private readonly sql: Sql,
    private readonly reader: LedgerReader,
    private readonly url: string,
    private readonly clock: Clock,
  ) {}

  /** Answers the size that was stamped; undefined where nothing was due. @throws StampRefused, StoreUnavailable: ask again */
  async stampDue(): Promise<number | undefined> {
    const standing = await this.reader.standing()
    const newest = standing && (await this.reader.signed(standing.log))
    if (!newest) return undefined
    const last = await this.reader.lastStamp(standing.log)
    if (last && (last.size === newest.size || Date.parse(this.clock.now()) - Date.parse(last.stampedAt) < every)) return undefined
    const { size, note } = newest
    const { token, time } = await timeStamp(this.url, Buffer.from(note))
    await this.sql`
        insert into ledger.time_stamp (log, size, note, token, stamped_at)
        values (${standing.log}, ${String(size)}, ${note}, ${token}, ${time}) on conflict do nothing`
    return size
  }
}
