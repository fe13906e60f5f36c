import type { WholeLog } from '#event-store/event-store'
import type { Report } from '#verifier/verdict'
import { streamInLedger } from '../leaf.js'

/**
 * Events where the service puts none: before the first position, where readers of streams see them and those of the log do not, or behind
 * the last. @throws StoreUnavailable
 */
export async function checkOutOfPlace(log: Pick<WholeLog, 'outOfPlace'>, report: Report): Promise<void> {
  for (const { id, stream, revision, position } of await log.outOfPlace())
    report.found({
      check: 'completeness',
      result: 'failed',
      what: `The event store has an event at position ${position}, where the service puts none: somebody put it there`,
      stream: streamInLedger(stream),
      revision: String(revision),
      eventId: id,
    })
}
