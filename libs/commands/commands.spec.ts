import { organisation } from '#domain/staff/staff'
import { staffExamples } from '#domain/staff/examples'
import { inventedId } from '#event-kit/examples'
import type { NewEvent } from '#event-store/event-store'
import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { accept } from '#kernel/result'
import { Commands } from './commands.js'
import { StreamFolds } from './folds.js'
import { clock, codec, factsOf } from './spec.js'

const appointed = staffExamples.RoleAppointed
const facts = (n: number) => factsOf(inventedId(100 + n))

/** A store to which another process is faster, so many times. */
class ContestedStore extends InMemoryEventStore {
  others = 0
  #other = 1_000
  override async append(stream: string, expected: bigint | 'no_stream', events: readonly NewEvent[]) {
    if (this.others > 0) {
      this.others--
      const { events: theirs } = await codec.encode([
        { id: crypto.randomUUID(), metadata: { ...facts(this.#other++), occurredAt: clock.now() }, ...appointed },
      ])
      await super.append(stream, (await this.lastOf(stream))?.revision ?? 'no_stream', theirs)
    }
    return super.append(stream, expected, events)
  }
}
function world(ms?: number) {
  const store = new ContestedStore(clock)
  const folds = new StreamFolds(store, codec)
  const commands = new Commands(store, codec, folds, clock, () => Promise.resolve(), ms)
  let decided = 0
  const appoint = (n: number, more: { readonly ifMatch?: bigint; readonly takesTurns?: boolean; readonly fails?: true } = {}) => {
    const { fails, ...order } = more
    return commands.execute({
      aggregate: organisation,
      id: 'main',
      facts: facts(n),
      decide: () => {
        decided++
        if (fails) throw new Error('it failed')
        return accept([appointed])
      },
      ...order,
    })
  }
  const byWhom = async () => {
    const ids: string[] = []
    for await (const stored of store.readStream('organisation-main')) ids.push(codec.decode(stored).metadata.commandId)
    return ids
  }
  return { store, appoint, byWhom, decided: () => decided }
}
const ids = (...ns: readonly number[]) => ns.map(n => facts(n).commandId)

test('commands on one stream at once are all done, in the order in which they came, each decided once', async () => {
  const { appoint, byWhom, decided } = world()
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => appoint(n)))
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'accepted'))
  expect(await byWhom()).toEqual(ids(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
  expect(decided()).toBe(10)
})
test('one that fails on the way does not stop those behind it', async () => {
  const { appoint, byWhom } = world()
  const outcomes = await Promise.allSettled([appoint(0), appoint(1, { fails: true }), appoint(2)])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await byWhom()).toEqual(ids(0, 2))
})
test('the same command twice at once is done once, and answered twice', async () => {
  const { appoint, byWhom } = world()
  const [one, again] = await Promise.all([appoint(0), appoint(0)])
  expect([one.kind, again.kind]).toEqual(['accepted', 'accepted'])
  expect(await byWhom()).toEqual(ids(0))
})
test('however often another process was faster, it is decided again while there is time', async () => {
  const { store, appoint, byWhom } = world()
  store.others = 25
  expect((await appoint(0)).kind).toBe('accepted')
  expect((await byWhom()).at(-1)).toBe(facts(0).commandId)
  expect(await byWhom()).toHaveLength(26)
})
test('and no longer: then it is a conflict, and nothing was done', async () => {
  const { store, appoint, byWhom } = world(0)
  store.others = 1_000_000
  const outcome = await appoint(0, { takesTurns: false })
  expect(outcome.kind).toBe('conflict')
  expect(await byWhom()).not.toContain(facts(0).commandId)
})
test('a revision that does not match is a conflict at once, and nothing is decided', async () => {
  const { appoint, decided } = world()
  await appoint(0)
  const outcomes = await Promise.all([1, 2, 3].map(n => appoint(n, { ifMatch: 0n })))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'conflict', 'conflict'])
  expect(decided()).toBe(2)
})
test('a revision that another process changed on the way is a conflict, not decided again', async () => {
  const { store, appoint, decided } = world()
  await appoint(0)
  store.others = 1
  expect((await appoint(1, { ifMatch: 0n })).kind).toBe('conflict')
  expect(decided()).toBe(2)
})
