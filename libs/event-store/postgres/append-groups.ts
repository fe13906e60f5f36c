import type { Sql } from 'postgres'
import type { EncodedEvent } from '../appendable.js'
import { type Appended, AppendAltered, AppendOutcomeUnknown, type ExpectedRevision, WrongExpectedRevision } from '../event-store.js'
import { withPatience } from '../patience.js'
import type { AlteredStreams } from '../altered-streams.js'
import { type GroupAnswer, digestOf, storedOf, wasPrevented } from './stored-as-sent.js'

type Append = { readonly stream: string; readonly expected: ExpectedRevision; readonly events: readonly EncodedEvent[] }
type Waiting = Append & { readonly resolve: (appended: Appended) => void; readonly reject: (error: Error) => void }
const separator = '\u001e'
const maxGroup = { appends: 256, events: 1_000 }
const maxFlying = 2
/** Fewer appends than this are not worth a commit of their own. */
const worthwhile = 16

/**
 * While one group is being committed the next one gathers: an append alone goes at once by the fast path, many share a statement and a
 * commit.
 * One group holds at most one append per stream, so each verdict is independent of the others.
 */
export class AppendGroups {
  #waiting: Waiting[] = []
  #inFlight = 0
  #landed: (() => void)[] = []
  /** Streams with an append on its way: the next one for such a stream waits, so that a caller's order is kept. */
  readonly #busy = new Set<string>()
  #launching = false
  /** The last group held several appends: their callers, just answered, are about to come back together. */
  #crowded = false

  /** @param patience how many milliseconds an append may take: then its outcome is unknown, and the caller repeats it. */
  constructor(
    private readonly sql: Sql,
    private readonly patience: number,
    private readonly altered: AlteredStreams,
  ) {}

  append(append: Append): Promise<Appended> {
    const idle = this.#inFlight === 0 && this.#waiting.length === 0 && !this.#crowded && !this.#launching
    return idle && append.events.length === 1 ? this.#alone(append) : this.#together(append)
  }

  /** The fast path: nobody else is appending. */
  async #alone(append: Append): Promise<Appended> {
    this.#takeOff([append])
    try {
      return await this.#verdict(append, await withPatience(this.patience, this.#sendOne(append)))
    } catch (error) {
      throw error instanceof WrongExpectedRevision || error instanceof AppendAltered ? error : failure(append, error)
    } finally {
      this.#land([append])
    }
  }

  #together(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...append, resolve, reject })
      if (this.#crowded) this.#launchSoon()
      else this.#launch()
    })
  }

  /** Until nothing is waiting or on its way. */
  async drain() {
    while (this.#inFlight > 0 || this.#waiting.length > 0) {
      this.#launch()
      await new Promise<void>(resolve => {
        this.#landed.push(resolve)
      })
    }
  }

  /** After this turn of the event loop: callers who were just answered, and who go on at once, share the next group. */
  #launchSoon() {
    if (this.#launching) return
    this.#launching = true
    setImmediate(() => {
      this.#launching = false
      this.#launch()
    })
  }

  /** One group flies alone until there is enough for two: then one is prepared while the other is being committed. */
  #launch() {
    if (this.#launching) return
    while (this.#waiting.length > 0 && this.#inFlight < maxFlying) {
      if (this.#inFlight > 0 && this.#waiting.length < worthwhile) return
      const share = this.#inFlight === 0 && this.#waiting.length >= 2 * worthwhile ? Math.ceil(this.#waiting.length / 2) : maxGroup.appends
      const group = this.#nextGroup(Math.min(share, maxGroup.appends))
      if (group.length === 0) return
      void this.#fly(group)
    }
  }

  #takeOff(group: readonly Append[]) {
    this.#inFlight++
    for (const { stream } of group) this.#busy.add(stream)
  }

  #land(group: readonly Append[]) {
    this.#inFlight--
    for (const { stream } of group) this.#busy.delete(stream)
    this.#crowded = group.length > 1 || this.#waiting.length > 0
    for (const tell of this.#landed.splice(0)) tell()
    if (this.#crowded) this.#launchSoon()
  }

  async #fly(group: readonly Waiting[]) {
    this.#takeOff(group)
    try {
      const stored = await withPatience(this.patience, this.#send(group))
      let events = 0
      for (const append of group) {
        const first = events + 1
        events += append.events.length
        const position = stored(first, events)
        if (position === 'altered') append.reject(this.altered.add(append.stream))
        else if (position !== undefined) append.resolve({ revision: lastRevisionOf(append), position })
        else await this.#verdict(append, undefined).then(append.resolve, append.reject)
      }
    } catch (error) {
      // One of them would have been changed, so that none was stored: the others are appended without it.
      if (wasPrevented(error) && group.length > 1) for (const append of group) await this.#fly([append])
      else for (const append of group) append.reject(failure(append, error))
    } finally {
      this.#land(group)
    }
  }

  #nextGroup(most: number): readonly Waiting[] {
    const group: Waiting[] = []
    const later: Waiting[] = []
    const held = new Set<string>()
    let events = 0
    for (const append of this.#waiting) {
      const fits = group.length < most && (events === 0 || events + append.events.length <= maxGroup.events)
      if (!fits || held.has(append.stream) || this.#busy.has(append.stream)) {
        later.push(append)
        held.add(append.stream)
        continue
      }
      group.push(append)
      held.add(append.stream)
      events += append.events.length
    }
    this.#waiting = later
    return group
  }

  async #sendOne({ stream, expected, events: [event] }: Append): Promise<bigint | undefined> {
    const { id, type, data, metadata } = event as EncodedEvent
    const sent = digestOf(stream, expectedOf(expected) + 1n, event as EncodedEvent)
    const [stored] = await this.sql<{ stored_at: string | null; digest: Buffer | null }[]>`
      select * from event_store.append_one(${stream}, ${String(expectedOf(expected))}, ${id}, ${type}, ${data}, ${metadata}, ${sent})`
    if (!stored?.stored_at) return undefined
    if (!stored.digest?.equals(sent)) throw this.altered.add(stream)
    return BigInt(stored.stored_at)
  }

  async #send(group: readonly Waiting[]): Promise<ReturnType<typeof storedOf>> {
    const lists: readonly [string[], string[], string[], string[], string[], string[], string[], string[]] = [
      [],
      [],
      [],
      [],
      [],
      [],
      [],
      [],
    ]
    const [streams, expected, revisions, many, ids, types, data, metadata] = lists
    const sent: Buffer[] = []
    for (const append of group) {
      const from = expectedOf(append.expected)
      for (const [n, event] of append.events.entries()) {
        streams.push(append.stream)
        expected.push(String(from))
        revisions.push(String(from + BigInt(n + 1)))
        many.push(append.events.length > 1 ? 't' : 'f')
        ids.push(event.id)
        types.push(event.type)
        data.push(event.data)
        metadata.push(event.metadata)
        sent.push(digestOf(append.stream, from + BigInt(n + 1), event))
      }
    }
    const [answer] = await this.sql<GroupAnswer[]>`
      select * from event_store.append_group(${streams.join(separator)}, ${`{${expected.join(',')}}`}::text::bigint[],
        ${`{${revisions.join(',')}}`}::text::bigint[], ${`{${many.join(',')}}`}::text::boolean[],
        ${`{${ids.join(',')}}`}::text::uuid[], ${types.join(separator)}, ${data.join(separator)}, ${metadata.join(separator)},
        ${Buffer.concat(sent)})`
    if (!answer) throw new Error('no answer')
    return storedOf(answer, sent)
  }

  /** Stored now, or stored before by the same append. @throws WrongExpectedRevision */
  async #verdict(append: Append, position: bigint | undefined): Promise<Appended> {
    const { stream, expected } = append
    const stored = position ?? (await this.#storedBefore(append))
    if (stored === undefined) throw new WrongExpectedRevision(stream, expected, await this.#revisionOf(stream))
    return { revision: lastRevisionOf(append), position: stored }
  }

  async #revisionOf(stream: string): Promise<ExpectedRevision> {
    const [last] = await this.sql<
      { revision: string }[]
    >`select revision from event_store.event where stream = ${stream} order by revision desc limit 1`
    return last ? BigInt(last.revision) : 'no_stream'
  }

  /** The position of the same append, if it was stored before: a repeat answers as the first time did. What is stored never changes. */
  async #storedBefore(append: Append): Promise<bigint | undefined> {
    const [first, last] = [expectedOf(append.expected) + 1n, lastRevisionOf(append)]
    const stored = await this.sql<{ id: string; position: string }[]>`
      select id, position from event_store.event where stream = ${append.stream} and revision between ${String(first)} and ${String(last)}
      order by revision`
    const same = stored.length === append.events.length && append.events.every(({ id }, n) => stored[n]?.id === id)
    return same ? BigInt(stored.at(-1)?.position ?? 0) : undefined
  }
}

const failure = ({ stream }: Append, error: unknown) => (wasPrevented(error) ? new AppendAltered(stream) : new AppendOutcomeUnknown(error))
const expectedOf = (expected: ExpectedRevision) => (expected === 'no_stream' ? -1n : expected)
const lastRevisionOf = ({ expected, events }: Append) => expectedOf(expected) + BigInt(events.length)
