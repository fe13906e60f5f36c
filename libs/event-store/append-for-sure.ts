import { type Appended, AppendOutcomeUnknown, type EventStore, type ExpectedRevision, type NewEvent } from './event-store.js'

/** About five seconds in all: longer than a cluster needs for a new leader, shorter than a caller waits. */
const pauses = [50, 100, 200, 400, 800, 1_600, 1_600]
/** A store that is silent takes all of its patience each time: then it is not asked as often. */
const enough = 5_000

/** Time passes; a simulation has its own. */
export type Pause = (ms: number) => Promise<void>
export const realPause: Pause = ms => new Promise(resolve => setTimeout(resolve, ms))

/**
 * After an unknown outcome the same bytes are appended again at the same revision, which stores them once. @throws what `append` throws;
 * AppendOutcomeUnknown at last.
 */
export async function appendForSure(
  store: Pick<EventStore, 'append'>,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  pause: Pause = realPause,
  now = () => performance.now(),
): Promise<Appended> {
  const until = now() + enough
  for (const ms of pauses) {
    try {
      return await store.append(stream, expected, events)
    } catch (error) {
      if (!(error instanceof AppendOutcomeUnknown) || now() > until) throw error
    }
    await pause(ms)
  }
  return store.append(stream, expected, events)
}
