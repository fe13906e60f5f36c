import type { WholeLog } from '#event-store/event-store'
import type { Report } from '#verifier/verdict'
import { streamInLedger } from '../leaf.js'

/** Events that no reader of the log is led to, and so no leaf is of: readers of their streams would see them. @throws StoreUnavailable */
export async function checkOutOfPlace(log: Pick<WholeLog, 'outOfPlace'>, report: Report): Promise<void> {
  for (const { id, stream, revision, position } of await log.outOfPlace())
    report.found({
      check: 'completeness',
      result: 'failed',
      what: `The event store has an event at position ${position}, where no reader of the log is led: somebody put it there`,
      stream: streamInLedger(stream),
      revision: String(revision),
      eventId: id,
    })
}
