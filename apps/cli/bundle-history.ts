import type { RecordedEvent } from '#event-store/event-store'
import type { JsonObject } from '#kernel/json'
import type { Bundle } from '#verifier/bundle-folder'
import { openedBundle } from '#verifier/bundle-zip'
import { parseEntry } from '#verifier/leaf-header'
import { leavesIn } from '#verifier/leaves'

/**
 * One stream of a bundle, as it was stored: sealed, without a database. Whether it is what was signed, `ledger verify` says. @throws
 * BundleUnreadable, BundleRefused, FormatError, Unsupported
 */
export async function* historyInBundle(path: string, stream: string): AsyncGenerator<RecordedEvent> {
  const { bundle, discard } = await openedBundle(path)
  try {
    yield* historyIn(bundle, stream)
  } finally {
    discard()
  }
}

function* historyIn(bundle: Bundle, stream: string): Generator<RecordedEvent> {
  for (const { entry, data, metadata } of leavesIn(bundle)) {
    const header = entry && parseEntry(entry)
    if (header?.stream !== stream || !data || !metadata) continue
    const { id, type, rev, pos, created } = header
    yield {
      id,
      type,
      stream,
      revision: BigInt(rev),
      position: BigInt(pos),
      recordedAt: created,
      data: JSON.parse(data.toString('utf8')) as JsonObject,
      metadata: JSON.parse(metadata.toString('utf8')) as JsonObject,
    }
  }
}
