import type { Sql } from 'postgres'
import type { WholeLog } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { underLock } from '#locks/advisory-lock'
import type { FullTile, TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { type LeafHeader, entryOf } from '#verifier/leaf-header'
import { RecordedTimes, wentBack } from '#verifier/recorded-time'
import { headerOf } from '../leaf.js'
import { standsWell } from './grown.js'
import { type LastOfStream, assertNoneHidden, lastOfStreams } from './last-of-streams.js'
import { type NewLeaf, type Standing, beginLedger, writeBatch } from './ledger-rows.js'
import { IdsOfLeaves, assertComesNext, assertIsOurs } from './next-leaf.js'

/** Four tiles: while there is much to read, fewer statements of more leaves. */
const batchSize = 1_024
const sequencerLock = 7320

/** Revisions that were taken out of a stream before the ledger saw them. */
export type StreamGap = { readonly stream: string; readonly expected: bigint; readonly found: bigint }
/** An event that was recorded earlier than one before it in the log, by more than clocks may differ. */
export type StepBack = { readonly eventId: string; readonly position: bigint; readonly recordedAt: string; readonly after: string }
/** Somebody put an event into the log with a time of their choosing. The ledger does not go on over it: see `SequencerEars.steppedBack`. */
export class TimeWentBack extends Error {
  constructor(readonly step: StepBack) {
    super(
      `The event at position ${step.position} (${step.eventId}) ${wentBack(step.recordedAt, step.after)}. `
        + 'Nothing is sequenced or signed from there on',
    )
  }
}
export type SequencerEars = {
  /** Puts a gap on record; the leaf after the gap waits for it. */
  readonly gap: (gap: StreamGap) => Promise<void>
  /** Whether the ledger goes on over an event whose time went back; it does not where this is not given. */
  readonly steppedBack?: (step: StepBack) => 'goes on' | 'stops'
  /** Whether the ledger goes on over an event with the id of an earlier one; it does not where this is not given. */
  readonly repeated?: (eventId: string) => 'goes on' | 'stops'
  /** Told of what is in the ledger now; `oldest` is when the store took the first of it. */
  readonly sequenced?: (done: { readonly size: number; readonly leaves: number; readonly oldest: string }) => void
  /** Everything that the log holds is in the ledger now. */
  readonly caughtUp?: () => void
}

/**
 * The one writer of the ledger: every event of the log, in its order, becomes a leaf, exactly once. A batch is one transaction that also
 * says how far the log was read; a second sequencer waits for the lock, and could not write beside the first one if it had it.
 */
export class Sequencer {
  /** The last leaf of the streams that were written to of late. */
  readonly #last = new Map<string, LastOfStream>()

  /**
   * @param remembers how many streams: no fewer than a batch can have, because the batch before it may still be on its way to the
   * database.
   */
  constructor(
    private readonly sql: Sql,
    private readonly log: WholeLog,
    private readonly origin: string,
    private readonly ears: SequencerEars,
    private readonly remembers = 20_000,
  ) {}

  /**
   * Runs until the signal aborts. What it builds on is looked at first. @throws LockLost, LedgerMoved: begin again; EventStoreRewound when
   * the store is not the one that the ledger was made from; LedgerAltered, TimeWentBack, NoNextLeaf: somebody
   * has to look
   */
  run(signal: AbortSignal): Promise<void> {
    return underLock(this.sql, sequencerLock, signal, until => this.#follow(until))
  }

  async #follow(signal: AbortSignal): Promise<void> {
    this.#last.clear()
    let standing = await beginLedger(this.sql, this.origin)
    // First: what was changed in the ledger must not be taken for a store that was put back.
    const { edge, lastCreated } = await standsWell(this.sql, standing)
    if (standing.eventId !== undefined)
      await assertNotRewound(this.log, { position: standing.position, eventId: standing.eventId }, 'the ledger')
    const times = new RecordedTimes()
    const ids = new IdsOfLeaves(this.sql, id => this.ears.repeated?.(id) === 'goes on')
    if (lastCreated !== undefined) times.goesBackFrom(lastCreated)
    let batch: LeafHeader[] = []
    let writing = Promise.resolve()
    for await (const item of this.log.follow({ after: standing.position, signal })) {
      const caughtUp = 'caughtUp' in item
      if (!caughtUp) {
        const header = headerOf(this.origin, item, '')
        assertIsOurs(item, header)
        const after = times.goesBackFrom(header.created)
        if (after !== undefined) this.#stepBack({ eventId: item.id, position: item.position, recordedAt: header.created, after })
        batch.push(header)
      }
      if (!caughtUp && batch.length < batchSize) continue
      if (batch.length === 0) {
        this.ears.caughtUp?.()
        continue
      }
      const [{ leaves, tiles }] = await Promise.all([this.#prepared(standing, batch, edge), ids.assertNew(standing.log, batch)])
      await writing
      writing = this.#written(standing, leaves, tiles, edge.tiles)
      // Whoever awaits it next is told; until then nobody has to hear of it.
      writing.catch(() => undefined)
      const { pos, id } = batch.at(-1) as LeafHeader
      standing = { ...standing, size: edge.size, position: BigInt(pos), eventId: id }
      batch = []
      if (!caughtUp) continue
      await writing
      this.ears.caughtUp?.()
    }
    await writing
  }

  #stepBack(step: StepBack) {
    if ((this.ears.steppedBack?.(step) ?? 'stops') === 'stops') throw new TimeWentBack(step)
  }

  async #written(standing: Standing, leaves: readonly NewLeaf[], tiles: readonly FullTile[], edge: readonly (readonly Uint8Array[])[]) {
    await writeBatch(this.sql, standing, leaves, tiles, edge)
    this.ears.sequenced?.({ size: standing.size + leaves.length, leaves: leaves.length, oldest: (leaves[0] as NewLeaf).header.created })
  }

  async #prepared(
    standing: Standing,
    unlinked: readonly LeafHeader[],
    edge: TreeEdge,
  ): Promise<{ readonly leaves: readonly NewLeaf[]; readonly tiles: readonly FullTile[] }> {
    this.#forgetTheOldest()
    const streams = [...new Set(unlinked.map(({ stream }) => stream))]
    for (const [stream, last] of await lastOfStreams(
      this.sql,
      standing,
      streams.filter(stream => !this.#last.has(stream)),
    ))
      this.#remember(stream, last)
    const leaves: NewLeaf[] = []
    const tiles: FullTile[] = []
    for (const alone of unlinked) {
      const { stream } = alone
      const last = this.#last.get(stream)
      const [expected, revision] = [last ? last.revision + 1n : 0n, BigInt(alone.rev)]
      // The server gives the end of a stream the highest revision that there is.
      if (revision > expected && alone.type !== '$streamDeleted') {
        await assertNoneHidden(this.sql, standing.log)
        await this.ears.gap({ stream, expected, found: revision })
      }
      const header = { ...alone, prev: last?.hash ?? '' }
      const entry = entryOf(header)
      assertComesNext(header, entry, expected)
      const hash = leafHash(entry)
      this.#remember(stream, { revision, hash: hash.toString('base64') })
      leaves.push({ header, entry, hash })
      tiles.push(...edge.append(hash))
    }
    return { leaves, tiles }
  }

  #remember(stream: string, last: LastOfStream) {
    this.#last.delete(stream)
    this.#last.set(stream, last)
  }

  /** Between batches only: what a batch has looked up it still needs. */
  #forgetTheOldest() {
    for (const stream of this.#last.keys()) {
      if (this.#last.size <= this.remembers) return
      this.#last.delete(stream)
    }
  }
}
