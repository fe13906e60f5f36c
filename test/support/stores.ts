import { randomUUID } from 'node:crypto'
import { type CaughtUp, type EventStore, type NewEvent, type RecordedEvent, StoreUnavailable } from '#event-store/event-store'
import type { JsonObject } from '#kernel/json'
import type { FaultProxy } from './fault-proxy.js'
import { patient } from './patience.js'

/** A store that the contract is asked of. */
export type StoreUnderTest = {
  readonly open: () => Promise<EventStore>
  /** The same data, opened as another process would after a restart. Absent where a store forgets. */
  readonly reopen?: () => Promise<EventStore>
  /** The same data, opened beside it in the same process, with a third of its patience. */
  readonly hasty?: () => Promise<EventStore>
  /** What stands between the store and its server. Absent where there is no server. */
  readonly faults?: () => FaultProxy
  /** Holds an append open in the middle, as a stalled process does; the answer lets it go on. */
  readonly stall?: (stream: string, event: NewEvent) => Promise<() => Promise<void>>
}

export const event = (data: JsonObject = { n: 1 }): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  data,
  metadata: { by: 'contract' },
})
export const stream = () => `contract-${randomUUID()}`
export const all = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
export const isEvent = (item: RecordedEvent | CaughtUp): item is RecordedEvent => !('caughtUp' in item)

/** Takes `count` events of these streams from a subscription, then cancels it. */
export async function take(store: EventStore, count: number, of: ReadonlySet<string>, after?: bigint): Promise<readonly RecordedEvent[]> {
  const stop = new AbortController()
  const found: RecordedEvent[] = []
  for await (const item of store.subscribe({ ...(after === undefined ? {} : { after }), signal: stop.signal })) {
    if (isEvent(item) && of.has(item.stream)) found.push(item)
    if (found.length === count) stop.abort()
  }
  return found
}
export const headOf = async (store: EventStore) => (await store.head()) ?? 0n

/** A server that has just come back may still be away for a moment. */
export async function enough(reached: () => Promise<boolean>) {
  for (const deadline = Date.now() + patient(30_000); ;) {
    try {
      if (await reached()) return
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** The caller's duty after an unknown outcome: the same events at the same revision, until there is an answer. */
export async function appendForSure(store: EventStore, name: string, expected: bigint, events: readonly NewEvent[]) {
  for (const deadline = Date.now() + patient(30_000); ;) {
    try {
      return await store.append(name, expected, events)
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
