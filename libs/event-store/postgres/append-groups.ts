import type { Sql } from 'postgres'
import type { EncodedEvent } from '../appendable.js'
import { type Appended, AppendOutcomeUnknown, type ExpectedRevision, WrongExpectedRevision } from '../event-store.js'

type Append = { readonly stream: string; readonly expected: ExpectedRevision; readonly events: readonly EncodedEvent[] }
type Waiting = Append & { readonly resolve: (appended: Appended) => void; readonly reject: (error: Error) => void }
type Verdict = { request: number; verdict: 'appended' | 'conflict'; revision: string; position: string | null }

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

  constructor(private readonly sql: Sql) {}

  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...append, resolve, reject })
      this.#flying ??= this.#fly()
    })
  }

  async drain() { await this.#flying }

  async #fly() {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup()
      try {
        const verdicts = await withPatience(this.#send(group))
        for (const [n, append] of group.entries()) settle(append, verdicts[n])
      } catch (error) {
        for (const append of group) append.reject(new AppendOutcomeUnknown(error))
      }
    }
    this.#flying = undefined
  }

  #nextGroup(): readonly Waiting[] {
    const group: Waiting[] = []
    const later: Waiting[] = []
    const streams = new Set<string>()
    let events = 0
    for (const append of this.#waiting) {
      const fits = group.length < maxGroup.appends && (events === 0 || events + append.events.length <= maxGroup.events)
      if (!fits || streams.has(append.stream)) { later.push(append); streams.add(append.stream); continue }
      group.push(append)
      streams.add(append.stream)
      events += append.events.length
    }
    this.#waiting = later
    return group
  }

  async #send(group: readonly Waiting[]): Promise<readonly Verdict[]> {
    const [first] = group
    if (first && group.length === 1 && first.events.length === 1) {
      const [{ id, type, data, metadata }] = first.events as readonly [EncodedEvent]
      return this.sql<Verdict[]>`select 1 as request, * from event_store.append_one(${first.stream}, ${revisionOf(first)}, ${id}, ${type}, ${data}, ${metadata})`
    }
    const events = group.flatMap(append => append.events)
    const verdicts = await this.sql<Verdict[]>`select * from event_store.append_group(
      ${group.map(({ stream }) => stream).join(separator)}, ${`{${group.map(revisionOf).join(',')}}`}::text::bigint[], ${`{${group.map(append => append.events.length).join(',')}}`}::text::int[],
      ${`{${events.map(({ id }) => id).join(',')}}`}::text::uuid[], ${events.map(({ type }) => type).join(separator)},
      ${events.map(({ data }) => data).join(separator)}, ${events.map(({ metadata }) => metadata).join(separator)})`
    return [...verdicts].sort((a, b) => a.request - b.request)
  }
}

const revisionOf = ({ expected }: Append) => expected === 'no_stream' ? '-1' : String(expected)

function settle({ stream, expected, resolve, reject }: Waiting, verdict: Verdict | undefined) {
  if (!verdict) { reject(new AppendOutcomeUnknown(new Error('no verdict'))); return }
  if (verdict.verdict === 'appended' && verdict.position !== null) resolve({ revision: BigInt(verdict.revision), position: BigInt(verdict.position) })
  else reject(new WrongExpectedRevision(stream, expected, verdict.revision === '-1' ? 'no_stream' : BigInt(verdict.revision)))
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error(`no answer within ${patience} ms`)) }, patience) })
  try { return await Promise.race([work, late]) } finally { clearTimeout(timer) }
}
