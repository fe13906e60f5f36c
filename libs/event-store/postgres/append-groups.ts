import type { Sql } from 'postgres'
import type { EncodedEvent } from '../appendable.js'
import { type Appended, AppendOutcomeUnknown, type ExpectedRevision, WrongExpectedRevision } from '../event-store.js'

type Append = { readonly stream: string; readonly expected: ExpectedRevision; readonly events: readonly EncodedEvent[] }
type Waiting = Append & { readonly resolve: (appended: Appended) => void; readonly reject: (error: Error) => void }
/** Where the stream stood, and the position that the event got if that is where it was expected to stand. */
type Verdict = { actual: string; position: string }

const separator = '\u001e'
const maxGroup = { appends: 256, events: 1_000 }
/** An append that takes longer has an unknown outcome: the caller repeats it. */
const patience = 15_000

/**
 * While one group is being committed the next one gathers: an append alone goes at once by the fast path, many share a statement and a commit.
 * One group holds at most one append per stream, so each verdict is independent of the others.
 */
export class AppendGroups {
  #waiting: Waiting[] = []
  #flying: Promise<void> | undefined
  #launching = false
  /** The last group held several appends: their callers, just answered, are about to come back together. */
  #crowded = false

  constructor(private readonly sql: Sql) {}

  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...append, resolve, reject })
      if (this.#crowded) this.#launchSoon()
      else this.#launch()
    })
  }

  /** Until nothing is waiting or on its way. */
  async drain() {
    while (this.#flying || this.#waiting.length > 0) {
      this.#launch()
      await this.#flying
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

  #launch() {
    if (this.#flying || this.#launching || this.#waiting.length === 0) return
    const group = this.#nextGroup()
    this.#flying = this.#fly(group).finally(() => {
      this.#flying = undefined
      this.#crowded = group.length > 1 || this.#waiting.length > 0
      if (this.#crowded) this.#launchSoon()
    })
  }

  async #fly(group: readonly Waiting[]) {
    try {
      const verdicts = await withPatience(this.#send(group))
      let event = 0
      for (const append of group) {
        event += append.events.length
        await this.#settle(append, verdicts[event - 1])
      }
    } catch (error) {
      for (const append of group) append.reject(new AppendOutcomeUnknown(error))
    }
  }

  #nextGroup(): readonly Waiting[] {
    const group: Waiting[] = []
    const later: Waiting[] = []
    const held = new Set<string>()
    let events = 0
    for (const append of this.#waiting) {
      const fits = group.length < maxGroup.appends && (events === 0 || events + append.events.length <= maxGroup.events)
      if (!fits || held.has(append.stream)) { later.push(append); held.add(append.stream); continue }
      group.push(append)
      held.add(append.stream)
      events += append.events.length
    }
    this.#waiting = later
    return group
  }

  async #send(group: readonly Waiting[]): Promise<readonly Verdict[]> {
    const [first] = group
    if (first && group.length === 1 && first.events.length === 1) {
      const [{ id, type, data, metadata }] = first.events as readonly [EncodedEvent]
      return this.sql<Verdict[]>`select * from event_store.append_one(${first.stream}, ${String(expectedOf(first))}, ${id}, ${type}, ${data}, ${metadata})`
    }
    const lists: readonly [string[], string[], string[], string[], string[], string[], string[]] = [[], [], [], [], [], [], []]
    const [streams, expected, revisions, ids, types, data, metadata] = lists
    for (const append of group) {
      const from = expectedOf(append)
      for (const [n, event] of append.events.entries()) {
        streams.push(append.stream)
        expected.push(String(from))
        revisions.push(String(from + BigInt(n + 1)))
        ids.push(event.id)
        types.push(event.type)
        data.push(event.data)
        metadata.push(event.metadata)
      }
    }
    return this.sql<Verdict[]>`select * from event_store.append_group(${streams.join(separator)}, ${`{${expected.join(',')}}`}::text::bigint[], ${`{${revisions.join(',')}}`}::text::bigint[],
      ${`{${ids.join(',')}}`}::text::uuid[], ${types.join(separator)}, ${data.join(separator)}, ${metadata.join(separator)})`
  }

  async #settle(append: Waiting, verdict: Verdict | undefined) {
    if (!verdict) throw new Error('no verdict')
    const { stream, expected, events, resolve, reject } = append
    const revision = expectedOf(append) + BigInt(events.length)
    if (BigInt(verdict.actual) === expectedOf(append)) { resolve({ revision, position: BigInt(verdict.position) }); return }
    const before = await this.#storedBefore(append)
    if (before !== undefined) resolve({ revision, position: before })
    else reject(new WrongExpectedRevision(stream, expected, verdict.actual === '-1' ? 'no_stream' : BigInt(verdict.actual)))
  }

  /** The position of the same append, if it was stored before: a repeat answers as the first time did. What is stored never changes. */
  async #storedBefore(append: Append): Promise<bigint | undefined> {
    const [first, last] = [expectedOf(append) + 1n, expectedOf(append) + BigInt(append.events.length)]
    const stored = await this.sql<{ id: string; position: string }[]>`
      select id, position from event_store.event where stream = ${append.stream} and revision between ${String(first)} and ${String(last)} order by revision`
    const same = stored.length === append.events.length && append.events.every(({ id }, n) => stored[n]?.id === id)
    return same ? BigInt(stored.at(-1)?.position ?? 0) : undefined
  }
}

const expectedOf = ({ expected }: Append) => expected === 'no_stream' ? -1n : expected

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error(`no answer within ${patience} ms`)) }, patience) })
  try { return await Promise.race([work, late]) } finally { clearTimeout(timer) }
}
