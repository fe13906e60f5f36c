import { AppendOutcomeUnknown, type EventStore, StoreUnavailable } from '#event-store/event-store'
import { type StoreUnderTest, all, appendForSure, event, headOf, stream, take } from '../support/stores.js'

/** A store whose process, connection or server is in trouble, or comes back from it. */
export function troubledStoreContract(adapter: string, under: StoreUnderTest) {
  const { reopen, faults, stall } = under
  if (!reopen && !faults && !stall) return
  describe(`event-store contract [${adapter}]`, () => {
    let store: EventStore
    beforeAll(async () => {
      store = await under.open()
    })
    afterAll(async () => {
      await store.close()
    })

    if (reopen) {
      test('a repeat after a restart is a success that answers as the first time did', async () => {
        const name = stream()
        const events = [event(), event()]
        const appended = await store.append(name, 'no_stream', events)
        const other = await reopen()
        try {
          expect(await other.append(name, 'no_stream', events)).toEqual(appended)
        } finally {
          await other.close()
        }
      })
    }
    if (faults) {
      test('a killed connection: the subscription goes on without loss or repeat, and appends work again', async () => {
        const name = stream()
        const taking = take(store, 20, new Set([name]), await headOf(store))
        for (let n = 0; n < 10; n++) await store.append(name, n === 0 ? 'no_stream' : BigInt(n - 1), [event()])
        faults().cut()
        for (let n = 10; n < 20; n++) await appendForSure(store, name, BigInt(n - 1), [event()])
        expect((await taking).map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 20 }, (_, n) => n))
      })
      test('a server that goes away: reads and appends say so. It returns: everything goes on', async () => {
        const name = stream()
        const taking = take(store, 3, new Set([name]), await headOf(store))
        await store.append(name, 'no_stream', [event()])
        const back = await faults().away()
        const second = [event()]
        await expect(store.append(name, 0n, second)).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(all(store.readStream(name))).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(store.at(1n)).rejects.toBeInstanceOf(StoreUnavailable)
        await back()
        await appendForSure(store, name, 0n, second)
        await appendForSure(store, name, 1n, [event()])
        expect((await taking).map(({ revision }) => Number(revision))).toEqual([0, 1, 2])
      })
      test('a server that freezes: an append has an unknown outcome, and its repeat is stored once', async () => {
        const name = stream()
        const taking = take(store, 2, new Set([name]), await headOf(store))
        await store.append(name, 'no_stream', [event()])
        const thaw = faults().freeze()
        const second = [event()]
        await expect(store.append(name, 0n, second)).rejects.toBeInstanceOf(AppendOutcomeUnknown)
        await expect(all(store.readStream(name))).rejects.toBeInstanceOf(StoreUnavailable)
        thaw()
        await appendForSure(store, name, 0n, second)
        expect((await taking).map(({ id }) => id)[1]).toBe(second[0]!.id)
        expect(await all(store.readStream(name))).toHaveLength(2)
      })
      test('an append whose answer is lost was stored; its repeat answers as if it had not been lost', async () => {
        const name = stream()
        await store.append(name, 'no_stream', [event()])
        const restore = faults().loseAnswers()
        const second = [event(), event()]
        const outcomes = await Promise.allSettled([
          store.append(name, 0n, second),
          ...Array.from({ length: 8 }, () => store.append(stream(), 'no_stream', [event()])),
        ])
        for (const outcome of outcomes)
          expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(AppendOutcomeUnknown) as unknown })
        restore()
        const { revision, position } = await appendForSure(store, name, 0n, second)
        const read = await all(store.readStream(name))
        expect([read.length, revision, position]).toEqual([3, 2n, read[2]!.position])
      })
    }
    if (stall) {
      test('a stalled append neither reorders nor hides others', async () => {
        const [slow, fast] = [stream(), stream()]
        const before = await headOf(store)
        const letGo = await stall(slow, event())
        const appending = store.append(fast, 'no_stream', [event()])
        await letGo()
        await appending
        const seen = await take(store, 2, new Set([slow, fast]), before)
        expect(seen.map(({ stream: of }) => of)).toEqual([slow, fast])
      })
    }
  })
}
