import type { EventCodec } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import { resting } from '#event-store/patience'
import { type Follower, isEverybodys } from './follower.js'
import { type Heard, hear } from './hear.js'

const batchSize = 500
const shortest = 250
/** One that is built from the start of the log reads all of it again each time that it fails. */
const longest = { live: 15_000, beside: 600_000 }

/** Told of a follower that failed by itself and is tried again later, and of one that goes on after that. */
export type Watch = { readonly failed: (follower: string, error: unknown) => void; readonly goesOn: (follower: string) => void }
const unwatched: Watch = { failed: () => undefined, goesOn: () => undefined }

/** One reading of the log, and who is fed by it. Up to `position` all of it was given out. */
type Lane = { position: bigint; readonly beside: boolean; readonly followers: Set<Follower> }

/**
 * Reads the log once for all followers, and decodes each event once. The one reading goes on from the furthest checkpoint; whoever stands
 * elsewhere, because it is new, was cut off or failed, reads by itself until it meets the others. So nobody waits for one that is behind,
 * and a failure is its own only.
 */
export class LogReader {
  readonly #live: Lane = { position: 0n, beside: false, followers: new Set() }
  readonly #failures = new Map<Follower, number>()
  readonly #tasks = new Set<Promise<void>>()
  readonly #end = new AbortController()
  #fatal: { readonly error: unknown } | undefined

  constructor(
    private readonly store: Pick<EventStore, 'subscribe' | 'head'>,
    private readonly codec: Pick<EventCodec, 'decode'>,
    private readonly followers: readonly Follower[],
    private readonly watch: Watch = unwatched,
  ) {}

  /**
   * Once, until the signal aborts. @throws EventStoreRewound when the store is not the one that a checkpoint was taken from; what is
   * everybody's failure; the failure of the last follower that had none
   */
  async run(signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.#end.signal])
    this.#start(() => this.#begin(until))
    while (this.#tasks.size > 0) await Promise.race(this.#tasks)
    if (this.#fatal) throw this.#fatal.error
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const lanes = await this.#lanesOf(this.followers, signal)
    const furthest = lanes.filter(({ beside }) => !beside).sort((one, other) => Number(other.position - one.position))[0]
    this.#live.position = furthest?.position ?? (await this.store.head()) ?? 0n
    for (const follower of furthest?.followers ?? []) this.#live.followers.add(follower)
    for (const lane of [this.#live, ...lanes.filter(lane => lane !== furthest)]) this.#start(() => this.#read(lane, signal))
  }

  async #lanesOf(followers: readonly Follower[], signal: AbortSignal): Promise<readonly Lane[]> {
    const lanes = new Map<string, Lane>()
    for (const follower of followers) {
      try {
        const { position, beside } = await follower.stands()
        const place = `${position}${beside ? ' beside' : ''}`
        const lane = lanes.get(place) ?? { position, beside, followers: new Set() }
        lanes.set(place, lane)
        lane.followers.add(follower)
      } catch (error) {
        this.#leaveOut(follower, error, longest.live, signal)
      }
    }
    return [...lanes.values()]
  }

  /** The first of them that fails ends all. */
  #start(task: () => Promise<void>) {
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#fatal ??= { error }
        this.#end.abort()
      })
      .finally(() => {
        this.#tasks.delete(running)
      })
    this.#tasks.add(running)
  }

  async #read(lane: Lane, signal: AbortSignal): Promise<void> {
    if (await this.#meets(lane, signal)) return
    let batch: Heard[] = []
    for await (const item of this.store.subscribe({ after: lane.position, signal })) {
      if (!('caughtUp' in item)) batch.push(hear(this.codec, item))
      const last = batch.at(-1)
      if (!last || (!('caughtUp' in item) && batch.length < batchSize)) continue
      const whole = batch
      batch = []
      lane.position = last.position
      await this.#each(lane, signal, follower => follower.take(whole))
      if (await this.#meets(lane, signal)) return
    }
  }

  /** Nothing between here and there was given to the live ones only: so its followers go on with them. */
  async #meets(lane: Lane, signal: AbortSignal): Promise<boolean> {
    if (lane === this.#live) return false
    if (lane.position >= this.#live.position) await this.#each(lane, signal, async follower => follower.join?.())
    // The live ones may have gone on while these joined, or all of these may have failed.
    if (lane.position < this.#live.position) return lane.followers.size === 0
    for (const follower of lane.followers) {
      this.#live.followers.add(follower)
      if (this.#failures.delete(follower)) this.watch.goesOn(follower.name)
    }
    return true
  }

  /** All of them at once; those that fail are left out, unless it is everybody's failure. */
  async #each({ followers, beside }: Lane, signal: AbortSignal, does: (follower: Follower) => Promise<void>): Promise<void> {
    const asked = [...followers]
    const outcomes = await Promise.allSettled(asked.map(does))
    const failed = asked.flatMap((follower, n) => {
      const outcome = outcomes[n]
      return outcome?.status === 'rejected' ? [{ follower, error: outcome.reason as unknown }] : []
    })
    for (const { error } of failed) if (isEverybodys(error)) throw error
    for (const { follower, error } of failed) {
      followers.delete(follower)
      this.#leaveOut(follower, error, beside ? longest.beside : longest.live, signal)
    }
  }

  /** It is tried again by itself later. @throws the error, where it is everybody's or nobody is left */
  #leaveOut(follower: Follower, error: unknown, longestMs: number, signal: AbortSignal) {
    const failures = (this.#failures.get(follower) ?? 0) + 1
    this.#failures.set(follower, failures)
    if (isEverybodys(error) || this.#failures.size === this.followers.length) throw error
    this.watch.failed(follower.name, error)
    this.#start(async () => {
      await resting(Math.min(longestMs, shortest * 2 ** Math.min(failures, 20)), signal)
      if (!signal.aborted) for (const lane of await this.#lanesOf([follower], signal)) await this.#read(lane, signal)
    })
  }
}
