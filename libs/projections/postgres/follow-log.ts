import type { Sql } from 'postgres'
import type { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { underLock } from '#locks/advisory-lock'
import type { Follower } from '../follower.js'
import { LogReader, type Watch } from '../log-reader.js'
import type { Projection } from '../projection.js'
import { type Applied, ProjectionFollower } from './projection-follower.js'

const runnerLock = 7310
type LogToFollow = { readonly sql: Sql; readonly store: EventStore; readonly codec: EventCodec }

type Options = {
  readonly watch?: Watch
  /** What is done first, while nobody else follows. */
  readonly first?: () => Promise<void>
}

/**
 * Feeds the followers from one reading of the log, until the signal aborts. One at a time wins the lock, the others wait to take over.
 * @throws LockLost, and what ends a LogReader
 */
export const followLog = (
  { sql, store, codec }: LogToFollow,
  followers: readonly Follower[],
  signal: AbortSignal,
  { watch, first }: Options = {},
): Promise<void> =>
  underLock(sql, runnerLock, signal, async until => {
    await first?.()
    await new LogReader(store, codec, followers, watch).run(until)
  })

/** These projections, as followers. */
export const projecting = (
  { sql, store }: Omit<LogToFollow, 'codec'>,
  projections: readonly Projection[],
  applied?: Applied,
): readonly Follower[] => projections.map(projection => new ProjectionFollower(sql, store, projection, applied))
