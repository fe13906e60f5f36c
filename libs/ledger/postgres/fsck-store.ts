import { canonicalJson } from '#event-kit/canonical'
import { type EventStore, type LoggedEvent, StreamDamaged } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'
import { type LeafHeader, entryOf } from '#verifier/leaf-header'
import { RecordedTimes, wentBack } from '#verifier/recorded-time'
import type { Report } from '#verifier/verdict'
import { headerOf, streamInLedger } from '../leaf.js'
import { LogBesideLeaves } from '../log-beside-leaves.js'
import { type Epoch, epochIn } from './fsck-ended.js'
import { PositionCheck } from './fsck-positions.js'
import type { LedgerLeaf } from './ledger-leaf.js'
import { whyNoLeaf } from './next-leaf.js'

/** The event store, read once beside the leaves of the ledger that goes on. */
export class StoreCheck {
  readonly #beside: LogBesideLeaves | undefined
  readonly #positions: PositionCheck | undefined
  readonly #spokenOf = new Set<string>()
  readonly #times = new RecordedTimes()
  /** Where ledgers before this one ended. */
  readonly epochs: Epoch[] = []

  /**
   * @param deep reads every event; without it, the server is asked about what the leaves say of streams, and where it can tell that, at
   * which positions it has events.
   */
  constructor(
    private readonly store: EventStore,
    private readonly origin: string,
    private readonly report: Report,
    deep: boolean,
  ) {
    if (deep)
      this.#beside = new LogBesideLeaves(store, ({ stream, revision, id }) => {
        report.found({
          check: 'completeness',
          result: 'failed',
          what: 'The event store has an event that is no leaf',
          stream: streamInLedger(stream),
          revision: String(revision),
          eventId: id,
        })
      })
    else if (store.whole.positions)
      this.#positions = new PositionCheck(store.whole.positions.bind(store.whole), store.whole.at.bind(store.whole), report)
  }

  async take(header: LeafHeader, leaf: LedgerLeaf): Promise<void> {
    this.#noteSpokenOf(header)
    this.#times.goesBackFrom(header.created)
    await this.#positions?.take(header, leaf.index)
    if (this.#beside) await this.#compare(this.#beside, header, leaf)
  }

  /** Up to where the ledger says that it stands: whatever is left there is no leaf. What comes after waits to be one. */
  async end(position: bigint): Promise<void> {
    await this.#positions?.end()
    const next = await this.#beside?.at(position + 1n)
    if (next) this.#waits(next)
    if (this.#beside) for await (const event of this.#beside.rest()) this.#waits(event)
    await this.#checkDamage()
  }
  stop() {
    this.#beside?.stop()
  }

  #waits(event: LoggedEvent) {
    this.#noteSpokenOf(event)
    const { recordedAt, stream, revision, id } = event
    const found = (check: 'headers' | 'payloads', what: string) => {
      this.report.found({ check, result: 'failed', what, stream: streamInLedger(stream), revision: String(revision), eventId: id })
    }
    const why = whyNoLeaf(event, headerOf(this.origin, event, ''))
    if (why !== undefined) found('payloads', `It is no leaf yet, and can be none: ${why}`)
    const after = event.damaged === undefined ? this.#times.goesBackFrom(recordedAt) : undefined
    if (after !== undefined) found('headers', `It ${wentBack(recordedAt, after)}`)
  }

  /** The server says something of a stream by an event: that it has metadata, or that it was deleted. */
  #noteSpokenOf({ stream, type }: Pick<LeafHeader, 'stream' | 'type'>) {
    if (type === '$metadata') this.#spokenOf.add(stream.replace(/^\$\$/, ''))
    else if (type === '$streamDeleted') this.#spokenOf.add(stream)
  }

  /** Nothing may be gone yet, and still be hidden from whoever reads the stream: as it is now, whatever was said before. */
  async #checkDamage() {
    for (const stream of this.#spokenOf) {
      const damage = await this.store.whole.damageTo(stream)
      if (damage)
        this.report.found({
          check: 'completeness',
          result: 'failed',
          what: new StreamDamaged(streamInLedger(stream), damage).message,
          stream: streamInLedger(stream),
        })
    }
  }

  async #compare(log: LogBesideLeaves, header: LeafHeader, { index, entry, position }: LedgerLeaf) {
    const place = { index, stream: header.stream, revision: header.rev, eventId: header.id }
    const event = await log.at(position)
    if (!event) {
      this.report.found({ check: 'payloads', result: 'failed', what: 'The event store no longer has this event', ...place })
      return
    }
    const epoch = epochIn(event)
    if (epoch) this.epochs.push(epoch)
    if (event.damaged !== undefined)
      this.report.found({ check: 'payloads', result: 'failed', what: `It cannot be read in the event store: ${event.damaged}`, ...place })
    const now = headerOf(this.origin, event, header.prev)
    if (entryOf(now) === entry.toString('utf8')) return
    const differs = (Object.keys(inWords) as (keyof LeafHeader)[]).filter(
      field => canonicalJson(now[field] as JsonValue) !== canonicalJson(header[field] as JsonValue),
    )
    this.report.found({
      check: 'payloads',
      result: 'failed',
      what: `In the event store it has other ${differs.map(field => inWords[field]).join(', ')}`,
      ...place,
    })
  }
}

const inWords: { readonly [F in keyof LeafHeader]: string } = {
  v: 'version',
  log: 'log',
  stream: 'stream',
  rev: 'revision',
  id: 'id',
  type: 'type',
  pos: 'position',
  created: 'time',
  data: 'data',
  meta: 'metadata',
  prev: 'predecessor',
  kids: 'keys',
}
