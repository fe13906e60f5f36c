import type { StreamFolds } from '#commands/folds'
import { derivedId, eventIdOf, newId } from '#commands/ids'
import {
  type LedgerEvent,
  LedgerEpochBegun,
  LedgerExported,
  LedgerGapFound,
  LedgerHeartbeatRecorded,
  LedgerKeyAdded,
  LedgerOpened,
} from '#domain/ledger/events'
import { ledger } from '#domain/ledger/ledger'
import type { EventMetadata } from '#event-codec/metadata'
import type { EventCodec } from '#event-codec/codec'
import { appendForSure } from '#event-store/append-for-sure'
import { type EventStore, WrongExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { Checkpoint } from '#merkle/checkpoint'
import { type Scope, ledgerId, ledgerStream, scopeDigestOf } from '#verifier/bundle-layout'
import { filterVersion, streamInLedger } from './leaf.js'

/** Who says it: the machine. */
export type JournalFacts = Omit<EventMetadata, 'commandId' | 'correlationId' | 'command' | 'occurredAt'>
const attempts = 5

/** What the ledger says of itself: ordinary events on its own stream, sequenced like all others. Everything @throws StoreUnavailable */
export class LedgerJournal {
  readonly #stream: string
  readonly #seed: string

  constructor(
    private readonly store: EventStore,
    private readonly folds: StreamFolds,
    private readonly codec: EventCodec,
    private readonly clock: Clock,
    private readonly origin: string,
    private readonly facts: JournalFacts,
  ) {
    this.#stream = ledgerStream(origin)
    this.#seed = derivedId(origin, 'ledger')
  }

  /** Opens the ledger, once. */
  async open(vkey: string): Promise<void> {
    if (await this.store.lastOf(this.#stream)) return
    const event = LedgerOpened.of({ origin: this.origin, vkey: vkey, filterVersion, leafVersion: 1, at: this.clock.now() })
    await this.#append(event, derivedId(this.#seed, 'open'), 'OpenLedger', () => Promise.resolve('no_stream'))
  }

  /** Puts the keys on record that sign beside the first. */
  async keys(vkeys: readonly string[]): Promise<void> {
    const { state } = await this.folds.load(ledger, ledgerId(this.origin))
    for (const vkey of vkeys)
      if (!state.vkeys.includes(vkey))
        await this.#append(
          LedgerKeyAdded.of({ origin: this.origin, vkey, at: this.clock.now() }),
          derivedId(this.#seed, `key:${vkey}`),
          'AddLedgerKey',
        )
  }

  /** Puts on record where the ledger before this one ended, once. */
  async epoch({ origin: previous, size, root }: Checkpoint): Promise<void> {
    const commandId = derivedId(this.#seed, `epoch:${previous}`)
    if (await this.#isOnRecord(commandId)) return
    await this.#append(
      LedgerEpochBegun.of({ origin: this.origin, previous, size, root: Buffer.from(root).toString('base64'), at: this.clock.now() }),
      commandId,
      'BeginEpoch',
    )
  }

  async heartbeat({ position, size }: { readonly position: bigint; readonly size: number }): Promise<void> {
    await this.#append(LedgerHeartbeatRecorded.of({ at: this.clock.now(), position: String(position), size }), newId(), 'RecordHeartbeat')
  }

  /** Once for each gap: a sequencer that was killed after this finds it on record. */
  async gap({ stream, expected, found }: { readonly stream: string; readonly expected: bigint; readonly found: bigint }): Promise<void> {
    const commandId = derivedId(this.#seed, `gap:${stream}:${found}`)
    if (await this.#isOnRecord(commandId)) return
    await this.#append(
      LedgerGapFound.of({ stream: streamInLedger(stream), expected: String(expected), found: String(found), at: this.clock.now() }),
      commandId,
      'RecordGap',
    )
  }

  /** A bundle was made. @param approval where somebody approved that it says something of everybody. */
  async exported(made: Scope, manifestDigest: string, approval: string | undefined): Promise<void> {
    const { kind, stream, from, to, headers, size, counts, reference } = made
    const event = LedgerExported.of({
      scope: kind,
      stream: stream && streamInLedger(stream),
      from,
      to,
      headers,
      size,
      leaves: counts.leaves,
      scopeDigest: scopeDigestOf(made),
      manifestDigest,
      reference,
      approval,
      at: this.clock.now(),
    })
    await this.#append(event, newId(), 'ExportLedger')
  }

  async #isOnRecord(commandId: string): Promise<boolean> {
    return (await this.folds.load(ledger, ledgerId(this.origin))).commands.has(commandId)
  }

  async #append(
    event: LedgerEvent,
    commandId: string,
    command: string,
    expected = async () => (await this.store.lastOf(this.#stream))?.revision ?? ('no_stream' as const),
  ): Promise<void> {
    const metadata: EventMetadata = { ...this.facts, commandId, correlationId: this.#seed, command, occurredAt: this.clock.now() }
    const { events } = await this.codec.encode([
      { id: eventIdOf(this.#stream, commandId, '0'), type: event.type, data: event.data, metadata },
    ])
    for (let attempt = 1; ; attempt++) {
      try {
        await appendForSure(this.store, this.#stream, await expected(), events)
        return
      } catch (error) {
        // Another process has just opened the ledger, or wrote to its stream.
        if (!(error instanceof WrongExpectedRevision) || attempt === attempts) throw error
        if (command === 'OpenLedger') return
      }
    }
  }
}
