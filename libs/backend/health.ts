import { type EventStore, StreamDamaged } from '#event-store/event-store'
import { EventsOutOfPlace } from '#event-store/out-of-place'
import { NoAnswer, withPatience } from '#event-store/patience'
import { isBorneOut } from '#event-store/standing'
import type { Clock } from '#kernel/clock'
import type { LedgerReader } from '#ledger/postgres/ledger-reader'
import type { Standing as LedgerStanding } from '#ledger/postgres/ledger-rows'
import type { Checkpoint } from '#merkle/checkpoint'
import { NewerEvent } from '#kernel/newer-event'
import { FormatError, SignatureRefused } from '#merkle/format-error'
import { sameHash } from '#merkle/tree-hash'
import { NoPolicyInForce } from '#policy/policy'
import type { ReadModels, StandingOf } from '#projections/postgres/read-models'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import type { PartGauged } from '#telemetry/metrics'
import type { Policies } from '#commands/policies-in-force'

/** In milliseconds, against this process: what is ahead of it is positive. */
export type Differences = {
  /** The database's clock. */
  readonly database: number
  /** The clock that the log's last event was recorded by, as far as it is ahead. */
  readonly recorded: number
  /** The clock of the worker, against the one that recorded what it wrote last. */
  readonly worker?: number
}
export type Part = PartGauged & { readonly why?: string; readonly differences?: Differences; readonly limitMs?: number }
type UnreadOf = { readonly process: string; readonly events: number }
type Gate = { passGate(): Promise<unknown> }
const vaultPatience = 2_000
/** A projection whose next event is older than this is not ready. */
const mostBehindSeconds = 30
/** Minutes. Checkpoints are seconds apart. */
const longestUnsigned = 5

/** Which parts are ready, and why one is not. */
export class Health {
  #asked: Promise<readonly Part[]> | undefined

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
    private readonly vault: Gate,
    private readonly policies: Pick<Policies, 'inForce'>,
    private readonly clock: Clock,
    private readonly unread: () => Promise<readonly UnreadOf[]>,
    private readonly ledger: Pick<LedgerReader, 'standing' | 'signed' | 'rootAt'>,
    private readonly signedLast: () => Checkpoint | undefined = () => undefined,
    private readonly more: readonly (() => Promise<Part>)[] = [],
  ) {}

  /** However many ask at once, the parts are asked once: nobody counts who asks, so that a flood of them must cost nothing. */
  parts(): Promise<readonly Part[]> {
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined
    })
    return this.#asked
  }

  async #ask(): Promise<readonly Part[]> {
    const [others, ...more] = await Promise.all([
      this.#others(),
      this.#vaultPart(),
      this.#policiesPart(),
      this.#ledgerPart(),
      ...this.more.map(part => part()),
    ])
    return [...others, ...more]
  }

  async #policiesPart(): Promise<Part> {
    const part = 'policies'
    try {
      await this.policies.inForce(this.clock.now())
      return { part, ready: true }
    } catch (error) {
      return {
        part,
        ready: false,
        why:
          error instanceof NoPolicyInForce || error instanceof StreamDamaged || error instanceof NewerEvent
            ? error.message
            : 'the event store cannot be read',
      }
    }
  }

  /** Nothing is sealed or opened before the vault has heard what the log says about erasures. */
  async #vaultPart(): Promise<Part> {
    const part = 'vault'
    try {
      await withPatience(vaultPatience, this.vault.passGate())
      return { part, ready: true }
    } catch (error) {
      return { part, ready: false, why: whyNoVault(error) }
    }
  }

  /**
   * A service whose ledger stands still goes on: the tail is sequenced and signed later, and until then it is said here. One whose signer
   * signed another ledger is not ready.
   */
  async #ledgerPart(): Promise<Part> {
    const part = 'audit ledger'
    try {
      // First: what is signed later than this the ledger holds by then.
      const remembered = this.signedLast()
      const standing = await this.ledger.standing()
      if (standing && !(await isBorneOut(this.store.whole, standing)))
        return {
          part,
          ready: false,
          why:
            'EVENT_STORE_REWOUND: the event store no longer holds what the audit ledger has read. '
            + 'Stop the service and run caseledger recover, which says what to do.',
        }
      const signed = standing && (await this.ledger.signed(standing.log))
      const another = standing && (await this.#signedElsewhere(standing, remembered))
      if (another !== undefined) return { part, ready: false, why: another }
      if (!signed) return { part, ready: true, why: 'nothing was signed yet: are the worker and the signer running?' }
      const unsigned = standing.size - signed.size
      const minutes = Math.round((Date.parse(this.clock.now()) - Date.parse(signed.signedAt)) / 60_000)
      return {
        part,
        ready: true,
        ...(unsigned > 0 && minutes > longestUnsigned
          ? {
              why:
                `${unsigned} events wait for a checkpoint; the last one was signed ${minutes} minutes ago: `
                + 'are the worker and the signer running?',
            }
          : {}),
      }
    } catch (error) {
      if (error instanceof FormatError || error instanceof SignatureRefused)
        return { part, ready: false, why: `what the signer keeps on disk was changed: ${error.message}` }
      return { part, ready: false, why: 'the database or the event store cannot be reached' }
    }
  }

  /** What the signer remembers, where this process may know it, is not what the ledger holds: then nothing more is signed. */
  async #signedElsewhere({ log, origin, size }: LedgerStanding, signed: Checkpoint | undefined): Promise<string | undefined> {
    if (signed?.origin !== origin || signed.size === 0) return undefined
    const remedy = 'Nothing is signed until it is mended: stop the service and run caseledger recover, which says what to do.'
    if (signed.size > size)
      return (
        `the signer has signed ${signed.size} leaves, and the ledger holds ${size}: they are being sequenced again, `
        + `or the log is an older one. ${remedy}`
      )
    return sameHash(await this.ledger.rootAt(log, signed.size), signed.root)
      ? undefined
      : `the signer signed another ledger of ${signed.size} leaves. ${remedy}`
  }

  async #others(): Promise<readonly Part[]> {
    let head: bigint
    let eventStore: Part = { part: 'event store', ready: true }
    try {
      head = (await this.store.head()) ?? 0n
      const misplaced = await this.store.whole.outOfPlace()
      if (misplaced.length > 0) eventStore = { ...eventStore, ready: false, why: new EventsOutOfPlace(misplaced).message }
    } catch {
      return [{ part: 'event store', ready: false, why: 'it cannot be reached' }]
    }
    const found = await Promise.all([this.readModels.standings(), this.unread()]).catch(() => undefined)
    if (!found) return [eventStore, { part: 'read models', ready: false, why: 'the database cannot be reached' }]
    const [standings, unread] = [new Map(found[0].map(standing => [standing.projection, standing])), found[1]]
    try {
      return [
        eventStore,
        ...(await Promise.all(this.readModels.names.map(name => this.#projection(name, standings.get(name), head)))),
        ...unread.map(processPart),
      ]
    } catch {
      return [{ part: 'event store', ready: false, why: 'it cannot be reached' }]
    }
  }

  async #projection(part: string, standing: StandingOf | undefined, head: bigint): Promise<Part> {
    if (standing?.state !== 'live') return notLive(part, standing, head, Date.parse(this.clock.now()))
    const { position, parked } = standing
    const lag = String(head > position ? head - position : 0n)
    if (!(await isBorneOut(this.store, standing)))
      return {
        part,
        lag,
        ready: false,
        why:
          'EVENT_STORE_REWOUND: the event store no longer holds what this projection has read. '
          + 'Restore the store, or rebuild the projection from it.',
      }
    const behindSeconds = head > position ? await this.#ageOfNext(position) : 0
    const common = { part, lag, behindSeconds, ...(parked > 0 ? { parked } : {}) }
    if (behindSeconds > mostBehindSeconds) return { ...common, ready: false, why: 'it is too far behind the log: is the worker running?' }
    return {
      ...common,
      ready: true,
      ...(parked > 0 ? { why: `it could not go on with ${parked} streams: see caseledger projections status` } : {}),
    }
  }

  /** How long the first event after a position has waited, in seconds. */
  async #ageOfNext(position: bigint): Promise<number> {
    for await (const { recordedAt } of this.store.readAll({ after: position, limit: 1 }))
      return Math.max(0, Math.round((Date.parse(this.clock.now()) - Date.parse(recordedAt)) / 1_000))
    return 0
  }
}

function whyNoVault(error: unknown): string {
  if (error instanceof NoAnswer) return 'it is still hearing what the log says about erasures, or does not answer'
  if (error instanceof KeyStoreUnavailable) return 'it cannot be reached, or the log that it has to hear cannot'
  return error instanceof Error ? error.message : 'it failed'
}

/** One that is being built is no reason to ask nothing of the others; one that nobody builds is. */
function notLive(part: string, standing: StandingOf | undefined, head: bigint, now: number): Part {
  if (standing?.state !== 'building')
    return { part, ready: false, why: 'it is not there as this release declares it: is its worker running?' }
  const { position, movedAt, parked } = standing
  const common = { part, lag: String(head > position ? head - position : 0n), ...(parked > 0 ? { parked } : {}) }
  const stands = now - movedAt.getTime() > mostBehindSeconds * 1_000
  return {
    ...common,
    ready: !stands,
    why: `it is being built, and is at ${position} of ${head}${stands ? ': it stands still; is the worker running?' : ''}`,
  }
}

const processPart = ({ process, events }: UnreadOf): Part => ({
  part: `process ${process}`,
  ready: true,
  parked: events,
  why: `it could not read ${events} events and put them aside: is the worker older than the API? See caseledger projections status`,
})
