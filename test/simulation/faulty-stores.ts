import { randomBytes, randomUUID } from 'node:crypto'
import {
  AppendOutcomeUnknown,
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  StoreUnavailable,
  type StreamPlace,
  WrongExpectedRevision,
} from '#event-store/event-store'
import { allOurs } from '#event-store/whole-log'
import type { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { keyCommitment, sealValue } from '#subject-keys/envelope'
import type { InMemorySubjectKeys } from '#subject-keys/memory'
import { type Fence, KeyStoreUnavailable, type KeyFact, type SubjectKeys, type ToOpen, type ToSeal } from '#subject-keys/subject-keys'
import type { Sealed } from '#kernel/personal'
import type { Random } from '../support/random.js'
import type { Process, Scheduler } from './scheduler.js'
import type { Plant } from './plants.js'

export type Weather = { readonly random: Random; readonly scheduler: Scheduler; readonly plant: Plant | undefined; calm: boolean }

/** The store as one process reaches it: appends get lost on the way, or their answers do; reads fail. */
export class FaultyEventStore implements EventStore {
  constructor(
    private readonly real: InMemoryEventStore,
    private readonly process: Process,
    private readonly weather: Weather,
  ) {}

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    await this.#point()
    if (this.#strikes(0.04)) throw new AppendOutcomeUnknown(new Error('lost on the way'))
    const appended = await this.#store(stream, expected, events)
    if (this.#strikes(0.04)) throw new AppendOutcomeUnknown(new Error('the answer was lost'))
    await this.#point()
    return appended
  }

  async #store(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    try {
      return await this.real.append(stream, this.weather.plant === 'any-revision' ? await this.#any(stream) : expected, events)
    } catch (error) {
      if (error instanceof WrongExpectedRevision) await this.#point()
      throw error
    }
  }

  async #any(stream: string): Promise<ExpectedRevision> {
    return (await this.real.lastOf(stream))?.revision ?? 'no_stream'
  }

  async *readStream(stream: string, options?: { readonly from?: bigint; readonly limit?: number }) {
    await this.#reading()
    yield* this.real.readStream(stream, options)
  }
  async *readAll(options?: { readonly after?: bigint; readonly limit?: number }) {
    await this.#reading()
    yield* this.real.readAll(options)
  }
  async since(places: readonly StreamPlace[]) {
    await this.#reading()
    return this.real.since(places)
  }
  async lastOf(stream: string) {
    await this.#reading()
    return this.real.lastOf(stream)
  }
  async at(position: bigint) {
    await this.#reading()
    return this.real.at(position)
  }
  async head() {
    await this.#reading()
    return this.real.head()
  }
  subscribe(options: { readonly after?: bigint; readonly signal: AbortSignal }) {
    return this.real.subscribe(options)
  }
  readonly whole = allOurs(this)
  close() {
    return Promise.resolve()
  }

  async #reading() {
    await this.#point()
    if (this.#strikes(0.02)) throw new StoreUnavailable(new Error('away'))
  }
  #strikes(chance: number) {
    return !this.weather.calm && this.weather.random.chance(chance)
  }
  #point() {
    return this.weather.scheduler.point(this.process)
  }
}

/** The vault as one process reaches it; each call hears the restore gate first. */
export class FaultyVault implements SubjectKeys {
  readonly #fresh = new Map<string, KeyFact & { readonly bytes: Buffer }>()

  constructor(
    private readonly real: InMemorySubjectKeys,
    private readonly gate: () => Promise<void>,
    private readonly process: Process,
    private readonly weather: Weather,
  ) {}

  async seal(values: readonly ToSeal[]) {
    await this.gate()
    await this.#point()
    return this.weather.plant === 'check-then-insert' ? this.#sealUnlocked(values) : this.real.seal(values)
  }
  async open(values: readonly ToOpen[]) {
    await this.gate()
    await this.#point()
    return this.real.open(values)
  }
  async close(fence: Fence) {
    await this.#point()
    const gone = await this.real.close(fence)
    await this.#point()
    return gone
  }
  async renew(subject: string, kid: string) {
    await this.#point()
    return this.real.renew(subject, kid)
  }
  async probe(subject: string, sealed: readonly Sealed[]) {
    await this.#point()
    return this.real.probe(subject, sealed)
  }
  async remaining(subject: string, kids: readonly string[], scopes: Parameters<SubjectKeys['remaining']>[2]) {
    await this.#point()
    return this.real.remaining(subject, kids, scopes)
  }

  /** The planted fault: looks for a key, is overtaken, and mints one all the same. */
  async #sealUnlocked(values: readonly ToSeal[]) {
    const used = new Map<string, KeyFact & { readonly bytes: Buffer }>()
    for (const { subject, scope } of values) {
      const slot = `${subject}|${scope}`
      let key = this.#fresh.get(slot)
      await this.#point()
      if (!key) {
        const bytes = randomBytes(32)
        key = { kid: randomUUID(), subject, scope, generation: 1, kc: keyCommitment(bytes), bytes }
        this.#fresh.set(slot, key)
      }
      used.set(slot, key)
    }
    const keyOf = ({ subject, scope }: ToSeal) => used.get(`${subject}|${scope}`) as KeyFact & { readonly bytes: Buffer }
    return {
      sealed: values.map(value => sealValue(keyOf(value).bytes, keyOf(value).kid, value.subject, value.scope, value.at, value.plaintext)),
      keys: [...used.values()].map(({ bytes: _, ...fact }) => fact),
    }
  }

  async #point() {
    await this.weather.scheduler.point(this.process)
    if (!this.weather.calm && this.weather.random.chance(0.02)) throw new KeyStoreUnavailable(new Error('away'))
  }
}
