import { refusedWrongly } from './judge.js'
import type { Heard, Lie, Moment, Person, Truth } from './truth.js'

export type Listed = { readonly id: string; readonly stream: string; readonly revision: string; readonly position: string }
type Disclosed = { readonly disclosureId: string; readonly subjectRef: string; readonly state: string }
const fewest = 3
const someOf = (all: readonly string[]) => `${all.length}: ${all.slice(0, fewest).join(', ')}${all.length > fewest ? ' …' : ''}`

/** A list of disclosures, whole: of one person, or the whole ledger. What was shown once is shown again. */
export function judgeDisclosures(
  operation: string,
  people: readonly Person[],
  disclosed: readonly Disclosed[],
  moment: Moment,
  after: bigint | undefined,
): readonly Lie[] {
  const lies: Lie[] = []
  const byRef = new Map(people.map(person => [person.ref, person]))
  const ids = new Set(disclosed.map(({ disclosureId }) => disclosureId))
  const say = (kind: string, about: readonly string[]) => {
    if (about.length > 0) lies.push({ kind: `${operation}: ${kind}`, about: someOf(about) })
  }
  if (ids.size < disclosed.length)
    say(
      'twice',
      disclosed.map(({ disclosureId }) => disclosureId).filter((id, n, all) => all.indexOf(id) < n),
    )
  say(
    'of somebody about whom nothing was shared',
    disclosed.filter(({ subjectRef }) => !byRef.get(subjectRef)?.mayHave('share', moment)).map(({ disclosureId }) => disclosureId),
  )
  // What waits to be sent when an erasure is approved is cancelled.
  const mayBeCancelled = (subjectRef: string) => byRef.get(subjectRef)?.mayHave('approve', moment) === true
  say(
    'neither waiting nor sent',
    disclosed
      .filter(({ state, subjectRef }) => !['QUEUED', 'SENT'].includes(state) && !(state === 'CANCELLED' && mayBeCancelled(subjectRef)))
      .map(({ disclosureId }) => disclosureId),
  )
  say(
    'lacks what was acknowledged',
    people.flatMap(person => person.mustShowDisclosures(moment, after)).filter(id => !ids.has(id)),
  )
  say(
    'lacks what it showed before',
    people
      .flatMap(person => [...person.shown.disclosures])
      .filter(([id, at]) => at < moment.asked && !ids.has(id))
      .map(([id]) => id),
  )
  if (lies.length > 0) return lies
  for (const { disclosureId, subjectRef } of disclosed) {
    const shown = byRef.get(subjectRef)?.shown.disclosures
    if (shown && !shown.has(disclosureId)) shown.set(disclosureId, moment.answered)
  }
  return lies
}

/** The events of one person's stream, asked for at once. */
export function judgeStream(person: Person, heard: Heard, moment: Moment): readonly Lie[] {
  if (heard.status !== 200) return refusedWrongly('stream', heard, person.ref)
  const { items = [], next } = heard.body as { readonly items?: readonly Listed[]; readonly next?: string }
  const lies: Lie[] = []
  const say = (kind: string, about: readonly string[]) => {
    if (about.length > 0) lies.push({ kind: `stream: ${kind}`, about: `${person.ref} ${someOf(about)}` })
  }
  const ids = new Set(items.map(({ id }) => id))
  say(
    'lacks what was acknowledged',
    person.deeds
      .filter(({ acknowledged }) => acknowledged < moment.asked)
      .flatMap(({ eventIds }) => eventIds)
      .filter(id => !ids.has(id)),
  )
  say(
    'of another',
    items.filter(({ stream }) => stream !== person.stream).map(({ id }) => id),
  )
  say(
    'has a gap',
    items
      .filter(({ revision }, n) => Number(revision) !== n)
      .slice(0, 1)
      .map(({ revision }) => revision),
  )
  if (next !== undefined) say('not whole', [next])
  return lies
}

/** Pages of the log, one after the other, judged one by one; from the beginning, also as a whole. */
export class Walk {
  readonly #seen = new Set<string>()
  readonly #revisions = new Map<string, bigint>()
  #events = 0

  constructor(
    private readonly truth: Truth,
    private readonly from: bigint,
  ) {}

  get events(): number {
    return this.#events
  }

  /** A page of 200, which was asked for with `after`. */
  page({ body }: Heard, after: bigint, moment: Moment): readonly Lie[] {
    const { items = [], next } = body as { readonly items?: readonly Listed[]; readonly next?: string }
    const lies: Lie[] = []
    const say = (kind: string, about: readonly string[]) => {
      if (about.length > 0)
        lies.push({
          kind: `events: ${kind}`,
          about: `after ${after}, ${items.length} events${next === undefined ? ' and no next' : ''}; ${someOf(about)}`,
        })
    }
    say(
      'out of order',
      items.filter(({ position }, n) => BigInt(position) <= (n === 0 ? after : BigInt(items[n - 1]?.position ?? 0))).map(({ id }) => id),
    )
    say(
      'twice',
      items.filter(({ id }) => this.#seen.has(id)).map(({ id }) => id),
    )
    if (this.from === 0n)
      say(
        'a gap in a stream',
        items.filter(item => !this.#follows(item)).map(({ stream, revision }) => `${stream} ${revision}`),
      )
    say(
      'moved',
      items.filter(item => this.#isElsewhere(item)).map(({ id }) => id),
    )
    for (const { id } of items) this.#seen.add(id)
    say('lacks what was acknowledged', this.#missing(after, next === undefined ? undefined : BigInt(next), moment))
    this.#events += items.length
    this.#learn(items)
    return lies
  }

  #follows({ stream, revision }: Listed): boolean {
    const due = this.#revisions.get(stream) ?? 0n
    this.#revisions.set(stream, BigInt(revision) + 1n)
    return BigInt(revision) === due
  }

  #isElsewhere({ id, position, stream }: Listed): boolean {
    const known = this.truth.log.get(id)
    return known !== undefined && (known.stream !== stream || (known.position !== undefined && known.position !== BigInt(position)))
  }

  /**
   * What stands within the page and was acknowledged before it was asked for; at the end of a walk from the beginning, what was on none
   * of its pages.
   */
  #missing(after: bigint, next: bigint | undefined, { asked }: Moment): readonly string[] {
    const whole = this.from === 0n && next === undefined
    return [...this.truth.log].flatMap(([id, { acknowledged, position }]) => {
      if (acknowledged >= asked || this.#seen.has(id)) return []
      const within = position !== undefined && position > after && (next === undefined || position <= next)
      return within || whole ? [id] : []
    })
  }

  #learn(items: readonly Listed[]) {
    for (const { id, position } of items) {
      const known = this.truth.log.get(id)
      if (known) known.position ??= BigInt(position)
    }
  }
}
