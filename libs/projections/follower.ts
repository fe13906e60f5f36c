import type { Heard } from './hear.js'

/** Whatever follows the log from a checkpoint of its own: a projection, or that part of a process which finds its work. */
export interface Follower {
  /** As checkpoints, health and logs call it. */
  readonly name: string
  /**
   * The position after which it goes on. Asked before it follows, and again after a failure of its own.
   * @throws EventStoreRewound when the log does not bear it out
   */
  stands(): Promise<bigint>
  /**
   * What it has not had yet of a batch, and then its checkpoint, in one transaction. What is given again is passed over.
   * @throws what `isEverybodys`; all else is a failure of its own
   */
  take(batch: readonly Heard[]): Promise<void>
}

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
export function isOutage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|08|40|53|55|57)/.test(code)
}

/** A failure that is not one follower's own: all of them end with it. */
export const isEverybodys = (error: unknown): boolean => isOutage(error) || error instanceof CheckpointFellBack
