import type { EventStore } from '#event-store/event-store'
import type { Out } from './out.js'

/** Says which events stand where the service puts none. Answers how many. @throws StoreUnavailable */
export async function tellOutOfPlace({ whole }: Pick<EventStore, 'whole'>, out: Out): Promise<number> {
  const events = await whole.outOfPlace()
  for (const { id, type, stream, revision, position } of events)
    out.say(
      { outOfPlace: id, type, stream, revision: String(revision), position: String(position) },
      `OUT OF PLACE  ${stream}@${revision}  ${type}  ${id}  at position ${position}, where the service puts none`,
    )
  return events.length
}
