import { Commands } from '#commands/commands'
import { StreamFolds, idOn } from '#commands/folds'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import type { DecodedEvent } from '#event-codec/codec'
import type { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { LogKeyHistory } from '#processes/key-history'
import type { Clock } from '#kernel/clock'
import { person } from '#domain/person/person'
import { carryOutErasure, erasureBegunBy } from '#processes/erasure'
import { dispatchBegunBy, dispatchDisclosure } from '#processes/dispatch'
import type { Work } from '#processes/work'
import type { InMemorySubjectKeys } from '#subject-keys/memory'
import type { InMemoryRevocationJournal } from '#subject-keys/memory-revocation-journal'
import { passRestoreGate } from '#subject-keys/restore-gate'
import { FaultyEventStore, FaultyVault, type Weather } from './faulty-stores.js'
import type { CaseTable } from './read-model.js'
import { Process } from './scheduler.js'
import { lookThenSend, policiesInForce } from './sharing.js'

/** What survives every crash. */
export type Durable = {
  readonly log: InMemoryEventStore
  readonly vault: InMemorySubjectKeys
  readonly journal: InMemoryRevocationJournal
  readonly cases: CaseTable
  /** The erasure process: how far it read, and what it has still to do. */
  readonly erasures: { position: bigint; readonly work: Map<string, Work> }
  /** What waits to be sent, and what a transport has sent. */
  readonly sending: { readonly work: Map<string, Work>; readonly left: Set<string> }
  readonly clock: Clock
}
/** A transport cannot be reached, and says so. */
export class TransportDown extends Error {}
const erasureDue = '2026-12-01T09:00:00.000Z'
const batchSize = 5

/** One process of ours over the durable world: it loads, decides, seals and appends with the real code, and dies when it is killed. */
export class Service {
  readonly process = new Process()
  readonly store: FaultyEventStore
  readonly keys: FaultyVault
  readonly codec: EventCodec
  readonly folds: StreamFolds
  readonly commands: Commands
  #gate: Promise<void> | undefined

  constructor(
    private readonly durable: Durable,
    private readonly weather: Weather,
  ) {
    this.store = new FaultyEventStore(durable.log, this.process, weather)
    this.keys = new FaultyVault(durable.vault, () => this.#heard(), this.process, weather)
    this.codec = new EventCodec(catalogue, this.keys)
    this.folds = new StreamFolds(this.store, this.codec)
    this.commands = new Commands(this.store, this.codec, this.folds, durable.clock, () => weather.scheduler.point(this.process))
  }

  /** Reads the log a little further for the case view, and for the erasure process. */
  async project(): Promise<boolean> {
    const { cases } = this.durable
    const events = await this.#after(cases.checkpoint, batchSize)
    if (events.length === 0) return false
    if (this.weather.plant === 'checkpoint-before-rows') {
      cases.checkpoint = events.at(-1)?.meta.position ?? cases.checkpoint
      await this.weather.scheduler.point(this.process)
      cases.applyRows(events)
    } else cases.apply(events)
    return true
  }

  async react(): Promise<boolean> {
    const { erasures, sending } = this.durable
    const events = await this.#after(erasures.position, batchSize)
    for (const event of events) {
      const toSend = dispatchBegunBy(event)
      if (toSend && !sending.work.has(toSend.workId)) sending.work.set(toSend.workId, toSend)
      const work = erasureBegunBy(event)
      if (work && !erasures.work.has(work.workId)) erasures.work.set(work.workId, work)
      erasures.position = event.meta.position
    }
    return events.length > 0
  }

  async erase(work: Work): Promise<void> {
    if (this.weather.plant === 'fence-after-destruction') await this.#destroyFirst(work)
    const { cases, clock } = this.durable
    await carryOutErasure(work, {
      commands: this.commands,
      folds: this.folds,
      store: this.store,
      codec: this.codec,
      keys: this.keys,
      clock,
      reindex: () => Promise.resolve(),
      seen: { forgetSubject: () => Promise.resolve() },
      readModels: {
        names: ['case-view'],
        allHavePassed: position => Promise.resolve(cases.checkpoint >= position),
        sealedValuesOf: (subject, kids) => Promise.resolve(cases.sealedUnder(subject, kids)),
      },
      copiesUnreadableBy: () => Promise.resolve(erasureDue),
      assertOwnLog: () => Promise.resolve(),
    })
    this.durable.erasures.work.delete(work.workId)
  }

  async send(work: Work): Promise<void> {
    const { sending, clock } = this.durable
    const { folds, commands, weather } = this
    const handOver = async () => {
      await weather.scheduler.point(this.process)
      if (!weather.calm && weather.random.chance(0.2)) throw new TransportDown('it is down')
      sending.left.add(work.workId)
      await weather.scheduler.point(this.process)
    }
    if (weather.plant === 'look-then-send') {
      const [disclosureId, subjectRef] = [work.workId as never, idOn<'SubjectRef'>(person, work.stream)]
      const { state } = await folds.load(person, subjectRef)
      await lookThenSend(commands, state, { disclosureId, subjectRef, now: clock.now() }, handOver)
    } else {
      const policies = { inForce: (now: string) => Promise.resolve(policiesInForce(now)) }
      await dispatchDisclosure(work, { commands, folds, policies, transport: { name: 'SIM', handOver }, clock })
    }
    sending.work.delete(work.workId)
  }

  /** The planted fault: destroys what was approved before the log says so. */
  async #destroyFirst({ workId, stream, sourceEventId }: Work) {
    const subjectRef = idOn(person, stream)
    const { state } = await this.folds.load(person, subjectRef)
    const approved = [...state.erasures.requests.values()].find(request => request.erasureId === workId)
    if (approved?.scopes)
      await this.keys.close({ subject: subjectRef, scopes: approved.scopes, kids: [], fenceEventId: sourceEventId, cause: 'ERASURE' })
  }

  async #after(position: bigint, limit: number): Promise<readonly DecodedEvent[]> {
    const events: DecodedEvent[] = []
    for await (const recorded of this.store.readAll({ after: position, limit })) events.push(this.codec.decode(recorded))
    return events
  }

  /** Once per process: a restore kills every process, as it closes every connection of a real one. */
  async #heard() {
    if (this.weather.plant === 'no-restore-gate') return
    const { vault, journal } = this.durable
    const passing = (this.#gate ??= passRestoreGate(
      vault,
      journal,
      new LogKeyHistory(this.store, this.codec, this.folds, this.commands),
    ).then(() => undefined))
    try {
      await passing
    } catch (error) {
      if (this.#gate === passing) this.#gate = undefined
      throw error
    }
  }
}
