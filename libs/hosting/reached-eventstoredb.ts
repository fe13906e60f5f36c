import { isRefusal } from '#event-store/eventstoredb/answers'
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store'
import { hindranceTo } from '#event-store/eventstoredb/probe'
import { parseEventStoreUrl } from '#event-store/eventstoredb/url'
import { type Hindrance, hindrance, hindranceIn } from '#kernel/outage'
import type { EventStoreChoice } from './settings.js'
import { type Part, PartAway } from './waiting.js'

type EventStoreDbChoice = Extract<EventStoreChoice, { readonly kind: 'eventstoredb' }>

/** @throws PartAway */
export async function reachEventStore(choice: EventStoreDbChoice): Promise<void> {
  const inTheWay = await hindranceTo(choice.url)
  if (inTheWay) throw new PartAway(eventStorePart(choice), inTheWay)
  const store = new EventStoreDbEventStore(choice)
  try {
    await store.whole.head()
  } catch (error) {
    throw await eventStoreAway(choice, error)
  } finally {
    await store.close()
  }
}

/** What an error of the store means to whoever waits for it. */
export const eventStoreAway = async (choice: EventStoreDbChoice, error: unknown) =>
  new PartAway(eventStorePart(choice), await hindranceOf(choice, error))

async function hindranceOf({ url }: EventStoreDbChoice, error: unknown): Promise<Hindrance> {
  if (isRefusal(error)) return { code: 'not let in', words: 'it refuses the credentials, or they do not allow this', mends: false }
  return (
    (await hindranceTo(url))
    ?? (hindranceIn(error).code === 'NoAnswer'
      ? hindrance('NoAnswer')
      : { code: 'not ready', words: 'it is there, and does not serve yet', mends: true })
  )
}

const eventStorePart = ({ url }: EventStoreDbChoice): Part => ({
  name: 'EventStoreDB',
  address: parseEventStoreUrl(url)
    .hosts.map(({ host, port }) => `${host}:${port}`)
    .join(','),
  setting: 'EVENTSTOREDB_URL',
})
