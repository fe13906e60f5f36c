import { type AllStreamResolvedEvent, type EventStoreDBClient, START } from '@eventstore/db-client'
import type { CaughtUp, RecordedEvent } from '../event-store.js'
import { NoAnswer } from '../patience.js'
import type { View } from './namespace.js'

/** What waits for a slow consumer, at most: then the server is held back. */
const buffer = { full: 500, low: 100 }
const nextTurn = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve)
  })
export const positionOf = (position: bigint) => ({ commit: position, prepare: position })

/**
 * One subscription of the server, until it breaks: it does not come back by itself, and a consumer that is too slow may be dropped
 * (23.10). Says `caughtUp`
 * whenever it has gone live and nothing is left to deliver; the server says it at other times too. `searching` is called while the server
 * finds nothing of ours.
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
  let waiting: AllStreamResolvedEvent[] = []
  const seen: { live: boolean; broken: Error | undefined } = { live: false, broken: undefined }
  let wake: () => void = () => undefined
  const tell = (what: () => void) => () => {
    what()
    wake()
  }
  const ended = tell(() => {
    seen.broken ??= new Error('the subscription ended')
  })
  subscription
    .on('data', (event: AllStreamResolvedEvent) => {
      waiting.push(event)
      if (waiting.length >= buffer.full) subscription.pause()
      wake()
    })
    .on(
      'caughtUp',
      tell(() => {
        seen.live = true
      }),
    )
    .on('error', (error: Error) => {
      seen.broken ??= error
      wake()
    })
    .on('end', ended)
    .on('close', ended)
  const aborted = tell(() => undefined)
  signal.addEventListener('abort', aborted)
  // Asked through a function: it changes while this waits or yields.
  const isAborted = () => signal.aborted
  /** Nothing waits here, nor in the stream behind it. */
  const isDrained = () => waiting.length === 0 && subscription.readableLength === 0 && !subscription.isPaused()
  try {
    for (let told = false; !isAborted();) {
      if (waiting.length > 0) {
        const batch = waiting
        waiting = []
        for (const { event } of batch) {
          if (view.holds(event)) {
            told = false
            yield view.recorded(event)
          }
          if (isAborted()) return
        }
        if (waiting.length < buffer.low) subscription.resume()
        await nextTurn()
        continue
      }
      if (seen.broken) throw seen.broken
      if (seen.live && !told && isDrained()) {
        told = true
        yield { caughtUp: true }
        continue
      }
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  } finally {
    signal.removeEventListener('abort', aborted)
    subscription.unsubscribe().catch(() => undefined)
  }
}

/**
 * Our events after a position up to the head, as the server finds them among those of others: it sends no others. A server that is silent
 * for as long as
 * `patience` says, and is not searching, does not answer. @throws NoAnswer, and what broke the subscription
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
