import { NoAnswer } from '#event-store/patience'
import { StoreUnavailable } from '#event-store/event-store'
import { isCausedBy, isConnectionError } from '#kernel/error-kind'
import { hindrance, hindranceIn } from '#kernel/outage'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import type { EventStoreChoice } from './settings.js'
import { type Part, PartAway } from './waiting.js'

/** Loaded where it is used: the client alone takes a third of a second of each process. */
const eventStoreDb = () => import('./reached-eventstoredb.js')

/** Does something with both stores. @throws PartAway in place of an error that says that one of them is away. */
export async function reaching<T>(database: string, setting: string, choice: EventStoreChoice, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PartAway) throw error
    if (choice.kind === 'eventstoredb' && isCausedBy(error, StoreUnavailable))
      throw await (await eventStoreDb()).eventStoreAway(choice, error)
    if (error instanceof StoreUnavailable || error instanceof KeyStoreUnavailable || error instanceof NoAnswer)
      throw new PartAway(databasePart(database, setting), hindranceIn(error))
    throw isDatabaseError(error) ? new PartAway(databasePart(database, setting), hindranceIn(error)) : error
  }
}

export function databasePart(url: string, setting: string): Part {
  const { hostname, port } = new URL(url)
  return { name: 'PostgreSQL', address: `${hostname}:${port || '5432'}`, setting }
}

/** What the database or the way to it says, rather than a mistake of ours. */
export const isDatabaseError = (error: unknown) => isConnectionError(error) || hindranceIn(error).words !== hindrance('').words
