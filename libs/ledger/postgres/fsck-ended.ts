import type { LoggedEvent, Payload } from '#event-store/event-store'
import { parseCheckpointText } from '#merkle/checkpoint'
import { FormatError } from '#merkle/format-error'
import { parseNote } from '#merkle/note'
import type { Report } from '#verifier/verdict'
import type { LedgerReader } from './ledger-reader.js'
import type { Standing } from './ledger-rows.js'

/** Where a ledger ended, as the one after it put it on record. */
export type Epoch = { readonly previous: unknown; readonly size: unknown; readonly root: unknown }

/** What an event says of the ledger before; undefined for another event, or one that says nothing. */
export function epochIn({ type, data }: Pick<LoggedEvent, 'type' | 'data'>): Epoch | undefined {
  if (type !== 'LedgerEpochBegun') return undefined
  const { previous, size, root } = jsonOf(data)
  return { previous, size, root }
}
function jsonOf(data: Payload): Readonly<Record<string, unknown>> {
  try {
    return ('json' in data ? data.json : 'canonical' in data ? JSON.parse(data.canonical) : {}) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** A ledger that ended did so where the one after it says. */
export async function checkEnded(
  ledger: LedgerReader,
  ended: readonly Standing[],
  epochs: readonly Epoch[],
  report: Report,
): Promise<void> {
  for (const { log, origin } of ended) {
    const last = (await ledger.stored.checkpoints(log)).at(-1)
    const epoch = epochs.find(({ previous }) => previous === origin)
    const failed = (what: string) => {
      report.found({ check: 'consistency', result: 'failed', what: `The ledger ${origin} has ended, and ${what}` })
    }
    if (!epoch && last) failed('no ledger after it says so: somebody may have ended it by hand')
    else if (epoch && (epoch.size !== last?.size || epoch.root !== rootIn(last?.note)))
      failed('its last checkpoint is not the one that the ledger after it put on record')
  }
}

function rootIn(note: string | undefined): string | undefined {
  try {
    return note === undefined ? undefined : Buffer.from(parseCheckpointText(parseNote(note).text).root).toString('base64')
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}
