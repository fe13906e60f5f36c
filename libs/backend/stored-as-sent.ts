import { AppendAltered } from '#event-store/event-store'
import type { Part } from './health.js'

/** Whether the event store stored what this process sent it. Once it did not, that is said until the process ends: somebody has to look. */
export class StoredAsSent {
  #altered = 0

  /** @param failed the class of the error that an append ended with */
  appended(failed: string | undefined): boolean {
    const altered = failed === AppendAltered.name
    if (altered) this.#altered++
    return altered
  }

  part(): Promise<Part> {
    const part = 'stored as sent'
    return Promise.resolve(
      this.#altered === 0
        ? { part, ready: true }
        : {
            part,
            ready: false,
            why:
              `${this.#altered} times the event store would have stored something else than this process sent, or did: a trigger, a rule `
              + 'or a function of the database, or whoever stands between, changes events. That is a security incident until it is '
              + 'explained; this process says so until it is started again.',
          },
    )
  }
}
