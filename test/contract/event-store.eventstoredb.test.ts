import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { binaryEvent, type EventStoreDBClient } from '@eventstore/db-client'
import { type Damage, type LoggedEvent, StoreUnavailable, StreamDamaged } from '#event-store/event-store'
import { isRefusal, readFailure } from '#event-store/eventstoredb/answers'
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store'
import { Connection } from '#event-store/eventstoredb/connection'
import { UnsafeEventStoreUrl } from '#event-store/eventstoredb/usable-url'
import { behindProxy, eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { eventStoreContract } from './event-store.contract.js'

const server = await eventStoreDbServer()

if ('none' in server) {
  describe('event-store contract [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })
} else {
  const proxied = await behindProxy(server.url)
  const namespace = newNamespace()
  const opened = (patience: number) => () =>
    Promise.resolve(new EventStoreDbEventStore({ url: proxied?.url ?? server.url, namespace, patience }))
  const open = opened(1_500)
  afterAll(async () => {
    await proxied?.proxy.close()
    await server.stop()
  })
  eventStoreContract('eventstoredb', { open, reopen: open, hasty: opened(500), ...(proxied ? { faults: () => proxied.proxy } : {}) })
  describe('event-store contract [eventstoredb]', () => {
    if (!proxied) test.skip('faults are put between the client and one node; EVENTSTOREDB_URL names several', () => undefined)
    test('two namespaces on one server do not see each other; nor does an installation without one see them', async () => {
      const [one, other, none] = [newNamespace(), newNamespace(), undefined].map(
        name => new EventStoreDbEventStore({ url: server.url, namespace: name }),
      )
      try {
        const before = await none!.head()
        const { position } = await one!.append('contract-shared', 'no_stream', [
          { id: '00000000-0000-4000-8000-000000000001', type: 'Tried', data: {}, metadata: {} },
        ])
        expect([await one!.head(), await other!.head(), await none!.head()]).toEqual([position, undefined, before])
        expect([(await one!.at(position))?.stream, await other!.at(position), await none!.at(position)]).toEqual([
          'contract-shared',
          undefined,
          undefined,
        ])
        expect(await other!.lastOf('contract-shared')).toBeUndefined()
        await other!.append('contract-shared', 'no_stream', [
          { id: '00000000-0000-4000-8000-000000000002', type: 'Tried', data: {}, metadata: {} },
        ])
        const seen: string[] = []
        for await (const { id } of other!.readAll()) seen.push(id)
        expect(seen).toEqual(['00000000-0000-4000-8000-000000000002'])
      } finally {
        await Promise.all([one, other, none].map(store => store!.close()))
      }
    })
    test.each([newNamespace(), undefined])(
      'the whole log also holds what others wrote, and what the server says of a stream [namespace %s]',
      async named => {
        const store = new EventStoreDbEventStore({ url: server.url, namespace: named })
        const other = new EventStoreDbEventStore({ url: server.url, namespace: newNamespace() })
        const connection = Connection.to(server.url)
        const { client } = connection
        const [ours, theirs, name] = [
          `contract-${randomUUID()}`,
          `Somebody else! ${randomUUID()}`,
          (stream: string) => (named === undefined ? stream : `${named}.${stream}`),
        ]
        try {
          const after = await store.whole.head()
          const { position } = await store.append(ours, 'no_stream', [{ id: randomUUID(), type: 'Tried', data: { n: 1 }, metadata: {} }])
          await other.append(ours, 'no_stream', [{ id: randomUUID(), type: 'Tried', data: { n: 1 }, metadata: {} }])
          await client.appendToStream(name(theirs), binaryEvent({ type: 'raw thing', data: Buffer.from([0xff, 0x00]) }))
          await client.setStreamMetadata(name(ours), { truncateBefore: 1 })
          await client.tombstoneStream(name(ours))
          const found: LoggedEvent[] = []
          const stop = new AbortController()
          for await (const item of store.whole.follow({ ...(after === undefined ? {} : { after }), signal: stop.signal }))
            if ('caughtUp' in item) stop.abort()
            else found.push(item)
          expect(found.map(({ stream, type, revision, data }) => [stream, type, revision, data])).toEqual([
            [ours, 'Tried', 0n, { json: { n: 1 } }],
            [theirs, 'raw thing', 0n, { bytes: expect.anything() as unknown }],
            [`$$${ours}`, '$metadata', 0n, { json: { $tb: 1 } }],
            [ours, '$streamDeleted', 9_223_372_036_854_775_807n, expect.anything()],
          ])
          expect(found[0]!.position).toBe(position)
          for (const one of found) expect((await store.whole.at(one.position))?.id).toBe(one.id)
        } finally {
          await Promise.all([store, other, connection].map(one => one.close()))
        }
      },
    )
    test('what is ours is found among thousands of events of others, also where nothing is', async () => {
      const [others, ours, nobody] = ['others', 'ours', 'nobody'].map(
        () => new EventStoreDbEventStore({ url: server.url, namespace: newNamespace() }),
      )
      const event = () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })
      const connection = Connection.to(server.url)
      const { client } = connection
      const [opened, subscribe] = [[] as ReturnType<typeof client.subscribeToAll>[], client.subscribeToAll.bind(client)]
      client.subscribeToAll = (...options) => {
        const subscription = subscribe(...options)
        opened.push(subscription)
        return subscription
      }
      const crowd = async () => {
        for (let n = 0; n < 3; n++)
          await others!.append(`contract-crowd-${randomUUID()}`, 'no_stream', Array.from({ length: 1_000 }, event))
      }
      try {
        await crowd()
        const [first, second] = [event(), event()]
        const { position: before } = await ours!.append('contract-ours', 'no_stream', [first])
        await crowd()
        const { position: last } = await ours!.append('contract-ours', 0n, [second])
        await crowd()
        const found = async (store: EventStoreDbEventStore, options: { after?: bigint; limit?: number } = {}) => {
          const ids: string[] = []
          for await (const { id } of store.readAll(options)) ids.push(id)
          return ids
        }
        expect([
          await found(ours!),
          await found(ours!, { after: before }),
          await found(ours!, { after: last }),
          await found(ours!, { limit: 1 }),
          await found(nobody!),
        ]).toEqual([[first.id, second.id], [second.id], [], [first.id], []])
        expect([await ours!.head(), await nobody!.head(), await nobody!.head()]).toEqual([last, undefined, undefined])
        // Read to the end, broken off, or found in a limit: no subscription is left on the server.
        expect(opened.length).toBeGreaterThan(3)
        for (const subscription of opened) if (!subscription.closed) await once(subscription, 'close')
      } finally {
        client.subscribeToAll = subscribe
        await Promise.all([others, ours, nobody, connection].map(one => one!.close()))
      }
    })
    test.each<readonly [what: string, harm: (client: EventStoreDBClient, name: string) => Promise<unknown>, how: Damage, told: Damage]>([
      ['$maxCount set', (client, name) => client.setStreamMetadata(name, { maxCount: 1 }), 'incomplete', 'hidden'],
      ['$tb in its middle', (client, name) => client.setStreamMetadata(name, { truncateBefore: 1 }), 'incomplete', 'hidden'],
      ['$tb behind its end', (client, name) => client.setStreamMetadata(name, { truncateBefore: 100 }), 'hidden', 'hidden'],
      ['$maxAge in the past', (client, name) => client.setStreamMetadata(name, { maxAge: 1 }), 'hidden', 'hidden'],
      ['deleted', (client, name) => client.deleteStream(name), 'hidden', 'hidden'],
      ['tombstoned', (client, name) => client.tombstoneStream(name), 'deleted', 'deleted'],
    ])('a stream with %s by hand: no part of it is taken for its history', async (what, harm, how, told) => {
      const store = await open()
      const connection = Connection.to(server.url)
      try {
        const name = `contract-${randomUUID()}`
        const event = () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })
        const [first, second] = [event(), event()]
        await store.append(name, 'no_stream', [first, second])
        expect(await store.whole.damageTo(name)).toBeUndefined()
        await harm(connection.client, `${namespace}.${name}`)
        const damaged = { constructor: StreamDamaged, stream: name }
        const whole = async () => {
          for await (const _ of store.readStream(name));
        }
        // The server goes by whole seconds.
        if (what.startsWith('$maxAge'))
          for (let seen = true; seen;)
            seen = await whole().then(
              () => true,
              () => false,
            )
        await expect(whole()).rejects.toMatchObject({ ...damaged, how })
        await expect(store.since([{ stream: name, revision: 0n, eventId: first.id }])).rejects.toMatchObject(damaged)
        expect(await store.whole.damageTo(name)).toBe(told)
        if (how !== 'incomplete') await expect(store.lastOf(name)).rejects.toMatchObject(damaged)
        if (how === 'deleted') await expect(store.append(name, 1n, [event()])).rejects.toMatchObject(damaged)
      } finally {
        await Promise.all([store, connection].map(one => one.close()))
      }
    })
    const pidFile = process.env['EVENTSTOREDB_PID_FILE']
    if (!pidFile) test.skip('a real stall: EVENTSTOREDB_PID_FILE does not say which process to stop', () => undefined)
    else {
      test('the server’s process is stopped and goes on: a reader hears all of a stream, or that the store does not answer', async () => {
        const [patient, hasty] = [3_000, 1_000].map(patience => new EventStoreDbEventStore({ url: server.url, namespace, patience }))
        const name = `contract-${randomUUID()}`
        await patient!.append(
          name,
          'no_stream',
          Array.from({ length: 300 }, () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })),
        )
        const lengths = new Map<number | string, number>()
        const note = (what: number | string) => lengths.set(what, (lengths.get(what) ?? 0) + 1)
        let go = true
        const reading = [patient, hasty, patient, hasty].map(async store => {
          while (go) {
            let read = 0
            try {
              for await (const _ of store!.readStream(name)) read++
              note(read)
            } catch (error) {
              note(error instanceof StoreUnavailable ? 'away' : String(error))
            }
          }
        })
        const pid = Number(readFileSync(pidFile, 'utf8'))
        try {
          process.kill(pid, 'SIGSTOP')
          while ((lengths.get('away') ?? 0) < 6) await new Promise(resolve => setTimeout(resolve, 20))
        } finally {
          process.kill(pid, 'SIGCONT')
        }
        const before = lengths.get(300) ?? 0
        while ((lengths.get(300) ?? 0) < before + 20) await new Promise(resolve => setTimeout(resolve, 20))
        go = false
        await Promise.all(reading)
        expect([...lengths.keys()].sort()).toEqual([300, 'away'])
        await Promise.all([patient!.close(), hasty!.close()])
      }, 60_000)
    }
    const wrong = server.url.replace(/^(esdb(?:\+discover)?:\/\/[^:@/]+):[^@/]+@/, '$1:not-the-password@')
    if (wrong === server.url) test.skip('credentials: EVENTSTOREDB_URL has none', () => undefined)
    else {
      test('credentials that the server does not know are said to be the reason', async () => {
        const store = new EventStoreDbEventStore({ url: wrong, namespace })
        try {
          const failure: unknown = await store
            .append('contract-credentials', 'no_stream', [
              { id: '00000000-0000-4000-8000-000000000001', type: 'Tried', data: {}, metadata: {} },
            ])
            .catch((error: unknown) => error)
          expect(failure).toBeInstanceOf(StoreUnavailable)
          expect(((failure as StoreUnavailable).cause as Error).message).toContain('refused the credentials')
        } finally {
          await store.close()
        }
      })
      test('a subscription that is not let in says so, instead of waiting for ever', async () => {
        const store = new EventStoreDbEventStore({ url: wrong, namespace })
        const stop = new AbortController()
        try {
          const failure: unknown = await store
            .subscribe({ signal: stop.signal })
            [Symbol.asyncIterator]()
            .next()
            .catch((error: unknown) => error)
          expect(failure).toBeInstanceOf(StoreUnavailable)
          expect(((failure as StoreUnavailable).cause as Error).message).toContain('refused the credentials')
        } finally {
          stop.abort()
          await store.close()
        }
      })
    }
  })
}

test('a refusal is known for one however it comes: from the client, or from a read of ours', () => {
  const fromClient = Object.assign(new Error('no'), { code: 7 })
  expect([
    isRefusal(fromClient),
    isRefusal(readFailure(fromClient)),
    isRefusal(readFailure(new Error('gone'))),
    isRefusal(new Error('gone')),
  ]).toEqual([true, true, false, false])
})
describe('what production asks of EVENTSTOREDB_URL', () => {
  test.each([
    ['no encryption', 'esdb://ops:secret@db:2113?tls=false', 'encrypted'],
    ['an unchecked certificate', 'esdb://ops:secret@db:2113?tlsVerifyCert=false', 'certificate'],
    ['no credentials', 'esdb://db:2113', 'user and password'],
    ['no encryption, said another way', 'esdb://ops:secret@db:2113?T-L-S=false', 'encrypted'],
  ])('refused: %s', (_, url, why) => {
    const connecting = () => Connection.to(url, { production: true })
    expect(connecting).toThrow(UnsafeEventStoreUrl)
    expect(connecting).toThrow(why)
    expect(connecting).not.toThrow('secret')
  })
})
test.each([
  [
    'a certificate that is not to be checked, which the client checks all the same',
    'esdb://ops:secret@db:2113?tlsVerifyCert=false',
    'tlsCAFile',
  ],
  ['an authority’s certificate that is not there', 'esdb://ops:secret@db:2113?tlsCAFile=secret.pem', 'names no file'],
])('refused everywhere: %s', (_, url, why) => {
  const connecting = () => Connection.to(url)
  expect(connecting).toThrow(why)
  expect(connecting).not.toThrow('secret')
})
