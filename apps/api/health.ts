import { Injectable } from '@nestjs/common'
import type { EventStore } from '#event-store/event-store'
import { ReadModels } from '#projections/postgres/read-models'

export type Part = { readonly part: string; readonly ready: boolean; readonly why?: string; readonly lag?: string }
/** A projection that is further behind than this is not ready. */
const mostBehind = 10_000n

@Injectable()
export class Health {
  constructor(private readonly store: EventStore, private readonly readModels: ReadModels) {}

  async parts(): Promise<readonly Part[]> {
    let head: bigint
    try { head = await this.store.head() ?? 0n } catch { return [{ part: 'event store', ready: false, why: 'it cannot be reached' }] }
    try {
      const standing = await this.readModels.checkpoints()
      return [{ part: 'event store', ready: true }, ...this.readModels.names.map((part): Part => {
        const lag = head - (standing.get(part) ?? 0n)
        return { part, lag: String(lag), ready: lag <= mostBehind, ...(lag <= mostBehind ? {} : { why: 'it is too far behind the log: is the worker running?' }) }
      })]
    } catch { return [{ part: 'event store', ready: true }, { part: 'read models', ready: false, why: 'the database cannot be reached' }] }
  }
}
