import { isDeepStrictEqual } from 'node:util'
import { type EventStore, type NewEvent, type RecordedEvent, StoreUnavailable } from '#event-store/event-store'
import { assertNotRewound } from '#event-store/standing'
import { type StoreUnderTest, all, enough, event, headOf, stream } from '../support/stores.js'

/** A server that stalls while somebody beside has less patience: nobody takes silence, or half of an answer, for the truth. */
export function stalledStoreContract(adapter: string, { open, hasty, faults }: StoreUnderTest) {
  if (!hasty || !faults) return
  describe(`event-store contract [${adapter}]`, () => {
    let store: EventStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      await store.close()
    })

    /** Everything that can be asked of a store, about a stream. */
    const reads: Readonly<
      Record<
        string,
        (of: EventStore, about: { readonly name: string; readonly first: RecordedEvent; readonly after: bigint }) => Promise<unknown>
      >
    > = {
      readStream: (of, { name }) => all(of.readStream(name)),
      'readStream from a revision': (of, { name }) => all(of.readStream(name, { from: 1n, limit: 2 })),
      lastOf: (of, { name }) => of.lastOf(name),
      since: (of, { name, first }) => of.since([{ stream: name, revision: 0n, eventId: first.id }]),
      readAll: (of, { after }) => all(of.readAll({ after })),
      at: (of, { first }) => of.at(first.position),
      head: of => of.head(),
      'whole.at': (of, { first }) => of.whole.at(first.position),
      'whole.head': of => of.whole.head(),
      'whole.damageTo': (of, { name }) => of.whole.damageTo(name),
    }
    const outcomeOf = (asked: Promise<unknown>) =>
      asked.then(
        value => ({ value }),
        (error: unknown) => ({ error }),
      )
    /** The whole truth, or that the store does not answer. */
    const isTrue = (outcome: { readonly value: unknown } | { readonly error: unknown }, truth: unknown) => {
      if ('error' in outcome) expect(outcome.error).toBeInstanceOf(StoreUnavailable)
      // Ten thousand letters a piece are too many to be shown.
      else expect(isDeepStrictEqual(outcome.value, truth)).toBe(true)
    }
    const written = async (events: readonly NewEvent[]) => {
      const [name, after] = [stream(), await headOf(store)]
      await store.append(name, 'no_stream', events)
      return { name, after, first: (await all(store.readStream(name, { limit: 1 })))[0]! }
    }

    test.each(Object.keys(reads))(
      'a server stalls, and somebody beside gives up on it first: %s is the truth, or the store does not answer',
      async kind => {
        const read = reads[kind]!
        const about = await written([event(), event(), event()])
        const truth = await read(store, about)
        const other = await hasty()
        const thaw = faults().freeze()
        try {
          const asked = outcomeOf(read(store, about))
          await expect(other.lastOf(about.name)).rejects.toBeInstanceOf(StoreUnavailable)
          isTrue(await asked, truth)
        } finally {
          thaw()
        }
        await enough(async () => {
          isTrue({ value: await read(store, about) }, truth)
          return true
        })
        await other.close()
      },
    )
    test.each(['readStream', 'since', 'readAll'])(
      'a server stalls in the middle of its answer to %s: nobody takes half of it for all',
      async kind => {
        const read = reads[kind]!
        const about = await written(Array.from({ length: 60 }, () => event({ text: 'x'.repeat(10_000) })))
        const truth = await read(store, about)
        const other = await hasty()
        const { frozen, thaw } = faults().freezeAfter(100_000)
        try {
          const asked = outcomeOf(read(store, about))
          await frozen
          await expect(other.lastOf(about.name)).rejects.toBeInstanceOf(StoreUnavailable)
          const outcome = await asked
          expect('error' in outcome && outcome.error).toBeInstanceOf(StoreUnavailable)
        } finally {
          thaw()
        }
        await enough(async () => {
          isTrue({ value: await read(store, about) }, truth)
          return true
        })
        await other.close()
      },
    )
    test('a store that stalls is not taken for one that was rewound', async () => {
      const { first } = await written([event(), event(), event()])
      const other = await hasty()
      const thaw = faults().freeze()
      try {
        const asked = assertNotRewound(store, { position: first.position, eventId: first.id }, 'a reader', 0)
        await expect(other.head()).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(asked).rejects.toBeInstanceOf(StoreUnavailable)
      } finally {
        thaw()
      }
      await enough(async () => {
        await assertNotRewound(store, { position: first.position, eventId: first.id }, 'a reader', 0)
        return true
      })
      await other.close()
    })
  })
}
