import type { Hindrance } from '#kernel/outage'

type Log = { error(details: object, message: string): void; warn(details: object, message: string): void }
type Words = { readonly began: string; readonly ended: string; readonly open: string }
/** What failed: the part, what stood in its way, and the way on which it was met: whoever gets through there shows that it is over. */
type Failure = {
  readonly part: string
  readonly way: string
  readonly hindrance: Hindrance
  readonly details?: Readonly<Record<string, string | undefined>>
}
type Outage = {
  readonly part: string
  readonly began: number
  readonly ways: Set<string>
  readonly causes: Set<string>
  count: number
  last: number
  over: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined
}

/**
 * A failure this long after the last one is of another outage, also where nobody came the same way since to show that the first was over.
 */
const another = 60_000

/**
 * Says once that a part is away, with the cause, and once that it is back, with how often it was missed and for how long; in between
 * nothing. It is back when somebody got through where it was missed, and nobody missed it for a while after that.
 */
export class Outages {
  readonly #open = new Map<string, Outage>()

  /** @param calmMs how long is a while */
  constructor(
    private readonly log: Log,
    private readonly words: Words,
    private readonly calmMs: number,
    private readonly now = () => performance.now(),
  ) {}

  failed({ part, way, hindrance: { code, words }, details = {} }: Failure): void {
    const key = `${part} ${details['code'] ?? ''}`
    const now = this.now()
    let known = this.#open.get(key)
    if (known && now - known.last > another) {
      clearTimeout(known.over?.timer)
      this.#end(key, known)
      known = undefined
    }
    if (!known) this.log.error({ part, ...details, cause: code, why: words }, this.words.began)
    const outage = known ?? { part, began: now, ways: new Set(), causes: new Set(), count: 0, last: now, over: undefined }
    this.#open.set(key, outage)
    outage.count++
    outage.last = now
    outage.ways.add(way)
    outage.causes.add(code)
    clearTimeout(outage.over?.timer)
    outage.over = undefined
  }

  succeeded(way: string): void {
    for (const [key, outage] of this.#open) {
      if (outage.over || !outage.ways.has(way)) continue
      const timer = setTimeout(() => {
        this.#end(key, outage)
      }, this.calmMs)
      timer.unref()
      outage.over = { at: this.now(), timer }
    }
  }

  /** No process ends with a count that nobody was told. */
  close(): void {
    for (const [key, outage] of this.#open) {
      clearTimeout(outage.over?.timer)
      this.#end(key, outage)
    }
  }

  #end(key: string, { part, began, causes, count, over }: Outage) {
    this.#open.delete(key)
    this.log.warn(
      { part, cause: [...causes].join(', '), count, ms: Math.round((over?.at ?? this.now()) - began) },
      over ? this.words.ended : this.words.open,
    )
  }
}
