import type { DecodedEvent } from '#event-codec/codec'
import type { Work } from './work.js'

/** A process: which events begin work, and what the work is. Tried until it is done; every step of it is idempotent. */
export type Process = {
  readonly name: string
  readonly begunBy: (event: DecodedEvent) => Work | undefined
  readonly carryOut: (work: Work) => Promise<void>
}
/** What becomes known of a process: kinds of errors and ids, never what was in an event. */
export type Report = (
  message: string,
  details: { readonly process: string; readonly workId?: string; readonly error?: string; readonly count?: number },
) => void
