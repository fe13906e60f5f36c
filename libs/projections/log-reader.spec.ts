import { randomUUID } from 'node:crypto'
import type { DecodedEvent } from '#event-codec/codec'
import { EventStoreRewound, type RecordedEvent } from '#event-store/event-store'
import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { systemClock } from '#kernel/clock'
import { CheckpointFellBack, type Follower } from './follower.js'
import type { Heard } from './hear.js'
import { LogReader } from './log-reader.js'

/** Notes the positions that it was given, each once, and may be held up or fail at one of them. */
class Noting implements Follower {
  readonly had: bigint[] = []
  held: Promise<void> = Promise.resolve()
  failsAt: { readonly position: bigint; readonly error: Error } | undefined

  constructor(
    readonly name: string,
    private position = 0n,
    private beside = false,
  ) {}
  async stands() {
    await Promise.resolve()
    return { position: this.position, beside: this.beside }
  }
  async take(batch: readonly Heard[]) {
    await this.held
    for (const { position } of batch) {
      if (position <= this.position) continue
      if (this.failsAt?.position === position) throw this.failsAt.error
      this.position = position
      this.had.push(position)
    }
  }
}

let store: InMemoryEventStore
let decoded: bigint[]
const codec = {
  decode: (recorded: RecordedEvent) => {
    decoded.push(recorded.position)
    return recorded as unknown as DecodedEvent
  },
}
const happen = async (events: number) => {
  for (let n = 0; n < events; n++)
    await store.append(`thing-${randomUUID()}`, 'no_stream', [{ id: randomUUID(), type: 'Happened', data: {}, metadata: {} }])
}
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise(setImmediate)
}
const upTo = (n: number) => Array.from({ length: n }, (_, index) => BigInt(index + 1))
const stop = { current: new AbortController() }
function reading(followers: readonly Follower[]) {
  const failed: string[] = []
  const goOn: string[] = []
  const reader = new LogReader(store, codec, followers, { failed: name => failed.push(name), goesOn: name => goOn.push(name) })
  return { ended: reader.run(stop.current.signal), failed, goOn }
}
beforeEach(() => {
  store = new InMemoryEventStore(systemClock)
  decoded = []
  stop.current = new AbortController()
})

test('each event is decoded once, however many follow', async () => {
  const followers = ['a', 'b', 'c'].map(name => new Noting(name))
  await happen(1_200)
  const { ended } = reading(followers)
  await until(() => followers.every(({ had }) => had.length === 1_200))
  await happen(3)
  await until(() => followers.every(({ had }) => had.length === 1_203))
  stop.current.abort()
  await ended
  for (const { had } of followers) expect(had).toEqual(upTo(1_203))
  expect(decoded).toEqual(upTo(1_203))
})
test('whoever is behind keeps nobody waiting, and reads with the others once it has met them', async () => {
  const [fresh, live] = [new Noting('fresh'), new Noting('live', 3n)]
  await happen(4)
  let letGo = () => {}
  fresh.held = new Promise(resolve => {
    letGo = resolve
  })
  const { ended } = reading([fresh, live])
  await until(() => live.had.length === 1)
  await happen(2)
  await until(() => live.had.length === 3)
  expect(fresh.had).toEqual([])
  letGo()
  await until(() => fresh.had.length === 6)
  const before = decoded.length
  await happen(5)
  await until(() => fresh.had.length === 11 && live.had.length === 8)
  stop.current.abort()
  await ended
  expect([fresh.had, live.had]).toEqual([upTo(11), upTo(11).slice(3)])
  expect(decoded.length - before).toBe(5)
})
test('one that fails stays behind by itself, and goes on once it can', async () => {
  const [sick, well] = [new Noting('sick'), new Noting('well')]
  sick.failsAt = { position: 2n, error: new RangeError('a fault') }
  await happen(3)
  const { ended, failed, goOn } = reading([sick, well])
  await until(() => well.had.length === 3 && failed.length === 1)
  await happen(1)
  await until(() => well.had.length === 4)
  expect([sick.had, goOn]).toEqual([[1n], []])
  sick.failsAt = undefined
  await until(() => sick.had.length === 4)
  stop.current.abort()
  await ended
  expect([sick.had, goOn, new Set(failed)]).toEqual([upTo(4), ['sick'], new Set(['sick'])])
})
test('when the last one fails too, it ends with that failure', async () => {
  const followers = ['a', 'b'].map(name => new Noting(name))
  for (const [n, follower] of followers.entries()) follower.failsAt = { position: BigInt(n + 1), error: new RangeError(follower.name) }
  await happen(1)
  const { ended, failed } = reading(followers)
  const told = expect(ended).rejects.toThrow('b')
  await until(() => failed.length === 1)
  await happen(1)
  await told
})
test('what is everybody’s failure ends all: a database that is away or was restored, and a store that was rewound', async () => {
  for (const error of [
    new CheckpointFellBack('one'),
    new EventStoreRewound('one'),
    Object.assign(new Error('away'), { code: 'CONNECTION_CLOSED' }),
  ]) {
    store = new InMemoryEventStore(systemClock)
    const [one, other] = [new Noting('one'), new Noting('other')]
    one.failsAt = { position: 1n, error }
    await happen(1)
    const { ended, failed } = reading([one, other])
    await expect(ended).rejects.toBe(error)
    expect(failed).toEqual([])
  }
})
