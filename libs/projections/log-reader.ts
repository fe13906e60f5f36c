import type { EventCodec } from '#event-codec/codec'
import { EventStoreRewound, type EventStore } from '#event-store/event-store'
import { resting } from '#event-store/patience'
import { type Follower, isEverybodys } from './follower.js'
import { type Heard, hear } from './hear.js'

const batchSize = 500
const backOffMs = (failures: number) => Math.min(15_000, 250 * 2 ** Math.min(failures, 10))

/** Told of a follower that failed by itself and is tried again later, and of one that goes on after that. */
export type Watch = { readonly failed: (follower: string, error: unknown) => void; readonly goesOn: (follower: string) => void }
const unwatched: Watch = { failed: () => undefined, goesOn: () => undefined }

/** One reading of the log, and who is fed by it. Up to `position` all of it was given out. */
type Lane = { position: bigint; readonly followers: Set<Follower> }

/**
 * Reads the log once for all followers, and decodes each event once. The one reading goes on from the furthest checkpoint; whoever stands
 * elsewhere, because it is new, was cut off or failed, reads by itself until it meets the others. So nobody waits for one that is behind,
 * and a failure is its own only.
 */
export class LogReader {
  readonly #live: Lane = { position: 0n, followers: new Set() }
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
    const lanes = await this.#lanesOf(this.followers)
    const furthest = lanes.reduce<Lane | undefined>((far, lane) => (far && far.position >= lane.position ? far : lane), undefined)
    this.#live.position = furthest?.position ?? (await this.store.head()) ?? 0n
    for (const follower of furthest?.followers ?? []) this.#live.followers.add(follower)
    for (const lane of [this.#live, ...lanes.filter(lane => lane !== furthest)]) this.#start(() => this.#read(lane, until))
    while (this.#tasks.size > 0) await Promise.race(this.#tasks)
    if (this.#fatal) throw this.#fatal.error
  }

  async #lanesOf(followers: readonly Follower[]): Promise<readonly Lane[]> {
    const lanes = new Map<bigint, Lane>()
    for (const follower of followers) {
      const position = await follower.stands()
      const lane = lanes.get(position) ?? { position, followers: new Set() }
      lanes.set(position, lane)
      lane.followers.add(follower)
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
    if (this.#meets(lane)) return
    let batch: Heard[] = []
    for await (const item of this.store.subscribe({ after: lane.position, signal })) {
      if (!('caughtUp' in item)) batch.push(hear(this.codec, item))
      const last = batch.at(-1)
      if (!last || (!('caughtUp' in item) && batch.length < batchSize)) continue
      lane.position = last.position
      await this.#give(lane, batch, signal)
      batch = []
      if (this.#meets(lane)) return
    }
  }

  /** Nothing between here and there was given to the live ones only: so it goes on with them. One that lost all its followers ends. */
  #meets(lane: Lane): boolean {
    if (lane === this.#live || (lane.followers.size > 0 && lane.position < this.#live.position)) return false
    for (const follower of lane.followers) this.#live.followers.add(follower)
    return true
  }

  async #give(lane: Lane, batch: readonly Heard[], signal: AbortSignal): Promise<void> {
    const followers = [...lane.followers]
    const outcomes = await Promise.allSettled(followers.map(follower => follower.take(batch)))
    const failed = followers.flatMap((follower, n) => {
      const outcome = outcomes[n] as PromiseSettledResult<void>
      if (outcome.status === 'rejected') return [{ follower, error: outcome.reason as unknown }]
      if (this.#failures.delete(follower)) this.watch.goesOn(follower.name)
      return []
    })
    for (const { error } of failed) if (isEverybodys(error) || error instanceof EventStoreRewound) throw error
    for (const { follower, error } of failed) this.#leaveOut(lane, follower, error, signal)
  }

  #leaveOut(lane: Lane, follower: Follower, error: unknown, signal: AbortSignal) {
    const failures = (this.#failures.get(follower) ?? 0) + 1
    this.#failures.set(follower, failures)
    if (this.#failures.size === this.followers.length) throw error
    lane.followers.delete(follower)
    this.watch.failed(follower.name, error)
    this.#start(async () => {
      await resting(backOffMs(failures), signal)
      if (!signal.aborted) for (const again of await this.#lanesOf([follower])) await this.#read(again, signal)
    })
  }
}
