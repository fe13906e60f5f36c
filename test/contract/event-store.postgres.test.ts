import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { client, testDatabase } from '../support/database.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { eventStoreContract } from './event-store.contract.js'

const database = await testDatabase()
const proxy = await FaultProxy.before({ host: '127.0.0.1', port: Number(new URL(database.urls.app).port) })
const throughProxy = new URL(database.urls.app)
throughProxy.port = String(proxy.port)
const open = () => Promise.resolve(new PostgresEventStore(client(throughProxy.href), client(throughProxy.href), 1_500))
afterAll(() => proxy.close())

eventStoreContract('postgres', {
  open,
  reopen: open,
  faults: () => proxy,
  stall: async (stream, { id, type }) => {
    const sql = client(database.urls.app, 1)
    let letGo: () => void = () => undefined
    const released = new Promise<void>(resolve => { letGo = resolve })
    let appended: () => void = () => undefined
    const holding = new Promise<void>(resolve => { appended = resolve })
    const transaction = sql.begin(async tx => {
      await tx`select event_store.append_one(${stream}, -1, ${id}, ${type}, '{}', '{}')`
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

describe('what the application may do to the log', () => {
  test.each(['insert into event_store.event select * from event_store.event', 'update event_store.event set type = type', 'delete from event_store.event', 'truncate event_store.event'])('not: %s', async statement => {
    const sql = client(database.urls.app, 1)
    try { await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' }) } finally { await sql.end() }
  })
  test('nor does it reach the vault', async () => {
    const sql = client(database.urls.app, 1)
    try { await expect(sql`select * from vault.data_key`).rejects.toMatchObject({ code: '42501' }) } finally { await sql.end() }
  })
})
