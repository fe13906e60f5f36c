import { setTimeout as pause } from 'node:timers/promises'
import postgres, { type Sql } from 'postgres'

/** The connection that held a lock broke, and with it went the lock: somebody else may hold it now. */
export class LockLost extends Error {
  constructor() {
    super('The connection that held a database lock was lost')
  }
}

const askAgainEvery = 500

/**
 * Waits for its turn, however long, and works while it holds the lock: the work's signal aborts with the given one, or when the lock is
 * lost. @throws LockLost, and what the work throws.
 */
export async function underLock(sql: Sql, key: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const lock = await AdvisoryLock.acquire(sql, key, async () => {
    await pause(askAgainEvery, undefined, { signal }).catch(() => undefined)
    return !signal.aborted
  })
  if (!lock) return
  try {
    await work(AbortSignal.any([signal, lock.lost]))
    lock.lost.throwIfAborted()
  } finally {
    await lock.release()
  }
}

/**
 * An advisory lock of PostgreSQL, held by a connection of its own that is never given back to a pool: one that came back after it had
 * broken would look the same, without the lock.
 */
export class AdvisoryLock {
  readonly #lost = new AbortController()
  /** The session that holds the lock: what it commits was committed under the lock. Not to be used once `lost`. */
  readonly session: Sql

  private constructor(sql: Sql) {
    const options = {
      ...sql.options,
      max: 1,
      idle_timeout: null,
      max_lifetime: null,
      onclose: () => {
        this.#lost.abort(new LockLost())
      },
    }
    this.session = postgres(options as unknown as postgres.Options<Record<string, never>>)
  }

  /**
   * Asks for the lock, again as long as `again` says so; undefined when somebody else has it to the end. @throws LockLost, and what the
   * database throws.
   */
  static async acquire(sql: Sql, key: number, again: () => boolean | Promise<boolean> = () => false): Promise<AdvisoryLock | undefined> {
    const lock = new AdvisoryLock(sql)
    try {
      do {
        lock.lost.throwIfAborted()
        const [row] = await lock.session<{ got: boolean }[]>`select pg_try_advisory_lock(${key}) as got`
        if (row?.got) return lock
      } while (await again())
    } catch (error) {
      await lock.release()
      throw error
    }
    await lock.release()
    return undefined
  }

  /** Aborts, with LockLost, when the connection breaks. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  async release(): Promise<void> {
    await this.session.end({ timeout: this.lost.aborted ? 0 : 5 })
  }
}
