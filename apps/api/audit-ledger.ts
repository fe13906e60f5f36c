import { Injectable } from '@nestjs/common'
import type { StreamFolds } from '#commands/folds'
import { ledger } from '#domain/ledger/ledger'
import type { EventStore } from '#event-store/event-store'
import { ledgerId } from '#verifier/bundle-layout'
import type { Covered, LedgerReader } from '#ledger/postgres/ledger-reader'
import { FormatError, Unsupported } from '#merkle/format-error'
import { type TilePlace, parseTilePath, widthIn } from '#merkle/tile'
import { parseEntry } from '#verifier/leaf-header'

/** The audit ledger as it was signed: nothing that no checkpoint covers is shown, because what is shown may be kept for ever. */
@Injectable()
export class AuditLedger {
  constructor(
    private readonly reader: LedgerReader,
    private readonly folds: StreamFolds,
    readonly store: EventStore,
  ) {}

  async checkpoint(): Promise<string | undefined> {
    return (await this.reader.newest())?.checkpoint.note
  }

  /**
   * @param path as c2sp.org/tlog-tiles writes it, from `tile/` on. Undefined for what is no tile, or none of the ledger that was signed
   * last.
   */
  async tile(path: string): Promise<Buffer | undefined> {
    const place = placeOf(path)
    const newest = place && (await this.reader.newest())
    if (!newest || place.width > widthIn(newest.checkpoint.size, place.level === 'entries' ? 0 : place.level, place.index)) return undefined
    return this.reader.tile(newest.log, place)
  }

  /**
   * The keys that the ledger was opened with and given since, as a trust policy: a copy to begin with, since a ledger cannot vouch for
   * itself.
   */
  async policy(): Promise<string | undefined> {
    const standing = await this.reader.standing()
    const { vkeys } = standing ? (await this.folds.load(ledger, ledgerId(standing.origin))).state : { vkeys: [] }
    if (vkeys.length === 0) return undefined
    const says = '# As the ledger says itself. Compare the key with one that you had by another way, and keep your own copy.\n'
    return `${says}${vkeys.map(key => `log ${key}\n`).join('')}quorum none\n`
  }

  /** The stream of the leaf that an event became. */
  async streamOf(eventId: string): Promise<string | undefined> {
    const standing = await this.reader.standing()
    const leaf = standing && (await this.reader.leafOfEvent(standing.log, eventId))
    return leaf && parseEntry(leaf.entry).stream
  }

  /** @param shows the leaf itself, or its hash only. */
  proofOf(eventId: string, shows: 'entry' | 'hash' = 'entry'): Promise<Covered> {
    return this.reader.proof(eventId, shows)
  }
}

function placeOf(path: string): TilePlace | undefined {
  try {
    return parseTilePath(path)
  } catch (error) {
    if (error instanceof FormatError || error instanceof Unsupported) return undefined
    throw error
  }
}
