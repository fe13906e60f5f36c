import { randomBytes, randomUUID } from 'node:crypto'
import { type EventStore, EventStoreRewound } from '#event-store/event-store'
import { Health } from '#backend/health'
import { ledgerOutlook, ledgerRemedy, sequenceToHead } from '#backend/ledger-after-restore'
import { Policies } from '#commands/policies-in-force'
import type { EventStoreChoice } from '#hosting/settings'
import { fsck } from '#ledger/postgres/fsck'
import { signerOnDisk } from '#ledger/signer-folder'
import type { Checkpoint } from '#merkle/checkpoint'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { type TestSigner, publish, sequence, testSigner } from '../support/ledger.js'
import { world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server)
  describe('the ledger after a restore [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

describe.each(stores)('the ledger after a restore [$kind]', choice => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  let signed: Checkpoint
  beforeAll(async () => {
    ;[w, signer] = [await world(choice), await testSigner()]
    for (let n = 0; n < 3; n++)
      await w.store.append(`tried-${randomUUID()}`, 'no_stream', [{ id: randomUUID(), type: 'Tried', data: {}, metadata: {} }])
    await sequence(w, signer)
    await publish(w, signer)
    signed = signerOnDisk(signer.folder)!.last!
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })

  const standing = async () => (await w.ledger.standing())!
  /** The log as a copy of it from before an event has it. */
  const before = (position: bigint): Pick<EventStore, 'whole'> & EventStore => {
    const { whole } = w.store
    const old = {
      ...whole,
      at: (at: bigint) => (at < position ? whole.at(at) : Promise.resolve(undefined)),
      head: () => Promise.resolve(position - 1n),
      async *follow(options: Parameters<typeof whole.follow>[0]) {
        for await (const item of whole.follow(options)) if ('caughtUp' in item || item.position < position) yield item
      },
    }
    return new Proxy(w.store, {
      get: (store, name) =>
        name === 'whole' ? old : typeof store[name as 'at'] === 'function' ? store[name as 'at'].bind(store) : store[name as 'at'],
    })
  }
  /** The ledger as it was a number of leaves ago. */
  const ago = async (leaves: number) => {
    const now = await standing()
    const last = (await w.ledger.leaves(now.log, now.size - leaves - 1, 1))[0]!
    return {
      standing: () => Promise.resolve({ ...now, size: now.size - leaves, position: last.position, eventId: last.eventId }),
      signed: w.ledger.signed.bind(w.ledger),
      rootAt: w.ledger.rootAt.bind(w.ledger),
    }
  }
  const healthOf = async (parts: {
    readonly store?: EventStore
    readonly ledger?: Awaited<ReturnType<typeof ago>>
    readonly signed?: Checkpoint
  }) =>
    (
      await new Health(
        parts.store ?? w.store,
        w.readModels,
        w.keys,
        new Policies(w.folds),
        w.clock,
        () => Promise.resolve([]),
        parts.ledger ?? w.ledger,
        () => parts.signed,
      ).parts()
    ).find(({ part }) => part === 'audit ledger')!

  test('with its own log and its own signer it goes on; what is on disk of a signer is its keys and its memory', async () => {
    expect(await ledgerOutlook(w, signed)).toEqual({ kind: 'goes on', origin: signer.origin, again: 0 })
    expect(await ledgerOutlook(w, undefined)).toMatchObject({ kind: 'goes on' })
    expect(await ledgerOutlook(w, { ...signed, origin: 'ledger.example/another', size: 9_999 })).toMatchObject({ kind: 'goes on' })
    expect(signerOnDisk(signer.folder)!.keys.map(({ vkey }) => vkey)).toEqual(await signer.client.vkeys())
    expect([signed.size, signed.origin]).toEqual([(await standing()).size, signer.origin])
    expect(signerOnDisk(`${signer.folder}-nowhere`)).toBeUndefined()
    expect(await healthOf({ signed })).toEqual({ part: 'audit ledger', ready: true })
  })
  test('over a log that lost what it read it ends; health and recover say so, and what to do', async () => {
    const store = before((await standing()).position)
    const outlook = await ledgerOutlook({ ...w, store }, undefined)
    expect(outlook).toMatchObject({ kind: 'ends', origin: signer.origin, by: 'log' })
    expect(ledgerRemedy(outlook as Extract<typeof outlook, { kind: 'ends' }>, '/data/signer')).toMatch(
      /npx caseledger ledger freeze --origin ledger\.example\/1\n +CASELEDGER_SIGNER_DIR=\/data\/signer-2 npm start/,
    )
    expect(await healthOf({ store })).toMatchObject({
      ready: false,
      why: expect.stringMatching(/EVENT_STORE_REWOUND: .*caseledger recover/) as unknown,
    })
    expect(new EventStoreRewound('the ledger').message).toContain('caseledger recover')
  })
  test('an older ledger over the whole log is sequenced again; over a log that ends too early it ends', async () => {
    const [older, { position }] = [await ago(2), await standing()]
    expect(await ledgerOutlook({ ...w, ledger: older }, signed)).toEqual({ kind: 'goes on', origin: signer.origin, again: 2 })
    expect(await ledgerOutlook({ ledger: older, store: before(position) }, signed)).toMatchObject({
      kind: 'ends',
      by: 'signer',
      why: `its signer signed ${signed.size} leaves, and this log leads to ${signed.size - 1}`,
    })
    expect(await healthOf({ ledger: older, signed })).toMatchObject({
      ready: false,
      why: expect.stringContaining(`has signed ${signed.size} leaves, and the ledger holds ${signed.size - 2}`) as unknown,
    })
  })
  test('what the log holds beyond the ledger is sequenced before it is compared', async () => {
    const { size } = await standing()
    await w.store.append(
      `tried-${randomUUID()}`,
      'no_stream',
      Array.from({ length: 5 }, () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })),
    )
    const another = { ...signed, size: size + 3, root: randomBytes(32) as Checkpoint['root'] }
    expect(await ledgerOutlook(w, another)).toEqual({ kind: 'goes on', origin: signer.origin, again: 3 })
    const sequenced = () => sequenceToHead(w, new AbortController().signal)
    expect(await ledgerOutlook(w, another, sequenced)).toMatchObject({
      kind: 'ends',
      why: `its signer signed another ledger of ${size + 3} leaves`,
    })
    expect((await standing()).size).toBe(size + 5)
    expect(await ledgerOutlook(w, signed, sequenced)).toEqual({ kind: 'goes on', origin: signer.origin, again: 0 })
  })
  test('a ledger other than the one that was signed ends', async () => {
    const another = { ...signed, root: randomBytes(32) as Checkpoint['root'] }
    expect(await ledgerOutlook(w, another)).toMatchObject({
      kind: 'ends',
      by: 'signer',
      why: `its signer signed another ledger of ${signed.size} leaves`,
    })
    expect(await healthOf({ signed: another })).toMatchObject({
      ready: false,
      why: expect.stringContaining('signed another ledger') as unknown,
    })
  })
  test('fsck holds the ledger to what its signer remembers', async () => {
    const found = async (memory: Checkpoint) => {
      const checking = fsck(w, signerOnDisk(signer.folder)!.keys, { deep: false, signal: new AbortController().signal, signed: memory })
      for (let step = await checking.next(); ; step = await checking.next())
        if (step.done) return step.value.findings.map(({ what }) => what)
    }
    expect(await found(signed)).toEqual([])
    expect(await found({ ...signed, root: randomBytes(32) })).toEqual([`The signer remembers another root for ${signed.size} leaves`])
    const beyond = (await standing()).size + 1
    expect(await found({ ...signed, size: beyond })).toEqual([expect.stringContaining(`The signer remembers ${beyond} leaves`)])
    expect(await found({ ...signed, origin: 'ledger.example/another', size: 9_999 })).toEqual([])
  })
})
