import { EventStoreRewound, type WholeLog } from './event-store.js'

/** Where a reader stands: position and event id together, so that another store at the same position is noticed. */
export type Standing = { readonly position: bigint; readonly eventId: string }
/** How long a store that holds less than was read is waited for: a follower catches up, a restored store does not. */
const patience = 10_000
const pause = 250

/**
 * Returns when the event that was read last is still where it was. A store that ends before it is waited for, because it may lag; one
 * that holds another event there is another store. @throws EventStoreRewound, StoreUnavailable
 */
export async function assertNotRewound(
  store: Pick<WholeLog, 'at' | 'head'>,
  { position, eventId }: Standing,
  who: string,
  waitMs = patience,
): Promise<void> {
  for (const until = performance.now() + waitMs; ;) {
    const head = (await store.head()) ?? 0n
    if ((await store.at(position))?.id === eventId) return
    if (head >= position || performance.now() >= until) throw new EventStoreRewound(who)
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

/**
 * Whether the log bears out where a reader stands, asked at once. A reader that has read nothing stands anywhere. @throws
 * StoreUnavailable
 */
export async function isBorneOut(
  store: Pick<WholeLog, 'at' | 'head'>,
  { position, eventId }: { readonly position: bigint; readonly eventId: string | undefined },
): Promise<boolean> {
  return eventId === undefined || (await store.at(position))?.id === eventId
}
