import { type EventStoreDBClient, START } from '@eventstore/db-client'
import type { CaughtUp, RecordedEvent } from '../event-store.js'
import { NoAnswer } from '../patience.js'
import { Arrivals } from './arrivals.js'
import type { View } from './namespace.js'

const nextTurn = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve)
  })
export const positionOf = (position: bigint) => ({ commit: position, prepare: position })

/**
 * One subscription of the server, until it breaks: it does not come back by itself, and a consumer that is too slow may be dropped
 * (23.10). Says `caughtUp` whenever it has gone live and nothing is left to deliver; the server says it at other times too. `searching` is
 * called while the server finds nothing of ours.
 * @throws what broke it.
 */
export async function* oneSubscription<T>(
  client: EventStoreDBClient,
  view: View<T>,
  after: bigint | undefined,
  signal: AbortSignal,
  searching: () => void = () => undefined,
): AsyncGenerator<T | CaughtUp> {
  const subscription = client.subscribeToAll({
    fromPosition: after === undefined ? START : positionOf(after),
    filter: view.filter(searching),
    requiresLeader: true,
  })
  const arrivals = new Arrivals(subscription)
  const aborted = () => {
    arrivals.wake()
  }
  signal.addEventListener('abort', aborted)
  // Asked through a function: it changes while this waits or yields.
  const isAborted = () => signal.aborted
  try {
    for (let told = false; !isAborted();) {
      if (arrivals.areWaiting) {
        for (const { event } of arrivals.take()) {
          if (view.holds(event)) {
            told = false
            yield view.recorded(event)
          }
          if (isAborted()) return
        }
        arrivals.goOn()
        await nextTurn()
        continue
      }
      if (arrivals.broken) throw arrivals.broken
      if (arrivals.isLive && !told && arrivals.areDrained) {
        told = true
        yield { caughtUp: true }
        continue
      }
      await arrivals.news()
    }
  } finally {
    signal.removeEventListener('abort', aborted)
    subscription.unsubscribe().catch(() => undefined)
  }
}

/**
 * Our events after a position up to the head, as the server finds them among those of others: it sends no others. A server that is silent
 * for as long as `patience` says, and is not searching, does not answer. @throws NoAnswer, and what broke the subscription
 */
export async function* filteredRead(
  client: EventStoreDBClient,
  view: View<RecordedEvent>,
  after: bigint | undefined,
  patience: number,
): AsyncGenerator<RecordedEvent> {
  const stop = new AbortController()
  let silence: NodeJS.Timeout | undefined
  const items = oneSubscription(client, view, after, stop.signal, () => {
    silence?.refresh()
  })
  const next = () =>
    new Promise<IteratorResult<RecordedEvent | CaughtUp>>((resolve, reject) => {
      silence = setTimeout(() => {
        reject(new NoAnswer(patience))
      }, patience)
      items.next().then(resolve, reject)
    }).finally(() => {
      clearTimeout(silence)
    })
  try {
    for (let item = await next(); !item.done && !('caughtUp' in item.value); item = await next()) yield item.value
  } finally {
    stop.abort()
    // It rests where it yielded last, and gives the subscription back only when it is resumed.
    items.return(undefined).catch(() => undefined)
  }
}
