import { EventStoreRewound, StoreUnavailable } from '#event-store/event-store'
import type { Heard } from './hear.js'

/** Whatever follows the log from a checkpoint of its own: a projection, or that part of a process which finds its work. */
export interface Follower {
  /** As checkpoints, health and logs call it. */
  readonly name: string
  /**
   * Where it goes on from. Asked before it follows, and again after a failure of its own.
   * @throws EventStoreRewound when the log does not bear it out; what `isEverybodys`; all else is a failure of its own
   */
  stands(): Promise<Stands>
  /**
   * What it has not had yet of a batch, and then its checkpoint, in one transaction. What is given again is passed over.
   * @throws what `isEverybodys`; all else is a failure of its own
   */
  take(batch: readonly Heard[]): Promise<void>
  /** It has read as far as the live ones, and takes its place among them: what was beside no longer is. */
  join?(): Promise<void>
}
/** `position`: it has had everything up to here. `beside`: it is not live yet, so nobody waits for it and it does not lead. */
export type Stands = { readonly position: bigint; readonly beside: boolean }

/**
 * The database lost commits in a crash, or was restored: what this process wrote is not all there, so everybody reads again from where the
 * checkpoints are now.
 */
export class CheckpointFellBack extends Error {
  constructor(name: string) {
    super(`The checkpoint of ${name} fell back`)
  }
}

/** The database is away or busy: nobody's event is to blame. SQLSTATE classes 08, 40, 53, 55, 57 and the client's own codes. */
function isOutage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|08|40|53|55|57)/.test(code)
}

/** A failure that is not one follower's own: all of them end with it. */
export const isEverybodys = (error: unknown): boolean =>
  isOutage(error) || error instanceof CheckpointFellBack || error instanceof EventStoreRewound || error instanceof StoreUnavailable
