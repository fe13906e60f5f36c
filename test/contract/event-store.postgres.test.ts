import { randomUUID } from 'node:crypto'
import { StreamDamaged } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { digestOf } from '#event-store/postgres/stored-as-sent'
import { asAdmin, client, testDatabase } from '../support/database.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { eventStoreContract } from './event-store.contract.js'

const database = await testDatabase()
const proxy = await FaultProxy.before({ host: '127.0.0.1', port: Number(new URL(database.urls.app).port) })
const throughProxy = new URL(database.urls.app)
throughProxy.port = String(proxy.port)
const opened = (patience: number) => () =>
  Promise.resolve(new PostgresEventStore(client(throughProxy.href), client(throughProxy.href), patience))
const open = opened(1_500)
afterAll(() => proxy.close())

eventStoreContract('postgres', {
  open,
  reopen: open,
  hasty: opened(500),
  faults: () => proxy,
  stall: async (stream, { id, type }) => {
    const sql = client(database.urls.app, 1)
    let letGo: () => void = () => undefined
    const released = new Promise<void>(resolve => {
      letGo = resolve
    })
    let appended: () => void = () => undefined
    const holding = new Promise<void>(resolve => {
      appended = resolve
    })
    const transaction = sql.begin(async tx => {
      const digest = digestOf(stream, 0n, { id, type, data: '{}', metadata: '{}' })
      await tx`select event_store.append_one(${stream}, -1, ${id}, ${type}, '{}', '{}', ${digest})`
      appended()
      await released
    })
    await holding
    return async () => {
      letGo()
      await transaction
      await sql.end()
    }
  },
})

describe('a stream out of which somebody took an event', () => {
  test.each([0, 1, 2])('event %i of four: no part of it is taken for its history; other streams are answered', async taken => {
    const store = await open()
    const event = () => ({ id: randomUUID(), type: 'Tried', data: {}, metadata: {} })
    const [events, name, sound] = [Array.from({ length: 4 }, event), `contract-${randomUUID()}`, `contract-${randomUUID()}`]
    for (const stream of [name, sound]) await store.append(stream, 'no_stream', stream === name ? events : [event(), event()])
    await asAdmin(database.admin, sql => sql`delete from event_store.event where stream = ${name} and revision = ${taken}`)
    const damaged = { constructor: StreamDamaged, stream: name, how: 'incomplete' }
    await expect(
      (async () => {
        for await (const _ of store.readStream(name));
      })(),
    ).rejects.toMatchObject(damaged)
    const known = (stream: string, eventId: string) => [{ stream, revision: 0n, eventId }]
    const first = (await store.at((await store.lastOf(sound))!.position - 1n))!
    const [broken, whole] = await Promise.allSettled([store.since(known(name, events[0]!.id)), store.since(known(sound, first.id))])
    expect([broken, whole]).toMatchObject([
      { status: 'rejected', reason: damaged },
      { status: 'fulfilled', value: [{ holds: true, events: [{ revision: 1n }] }] },
    ])
    await store.close()
  })
})

describe('what the application may do to the log', () => {
  test.each([
    'insert into event_store.event select * from event_store.event',
    'update event_store.event set type = type',
    'delete from event_store.event',
    'truncate event_store.event',
  ])('not: %s', async statement => {
    const sql = client(database.urls.app, 1)
    try {
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await sql.end()
    }
  })
  test('nor does it reach the vault', async () => {
    const sql = client(database.urls.app, 1)
    try {
      await expect(sql`select * from vault.data_key`).rejects.toMatchObject({ code: '42501' })
    } finally {
      await sql.end()
    }
  })
})
