import type { EventStore } from '#event-store/event-store'
import type { Out } from './out.js'

/** Says which events the log does not tell its readers of. Answers how many. @throws StoreUnavailable */
export async function tellOutOfPlace({ whole }: Pick<EventStore, 'whole'>, out: Out): Promise<number> {
  const events = await whole.outOfPlace()
  for (const { id, type, stream, revision, position } of events)
    out.say(
      { outOfPlace: id, type, stream, revision: String(revision), position: String(position) },
      `OUT OF PLACE  ${stream}@${revision}  ${type}  ${id}  at position ${position}, where no reader of the log is led`,
    )
  return events.length
}
