import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { client, testDatabase } from '../support/database.js'
import { eventStoreContract } from './event-store.contract.js'

const database = testDatabase()
const open = async () => new PostgresEventStore(client((await database).urls.app))

eventStoreContract('postgres', {
  open,
  reopen: open,
  cutConnections: async () => {
    const { admin, name } = await database
    const sql = client(admin, 1)
    try { await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()` } finally { await sql.end() }
  },
  stall: async (stream, { id, type }) => {
    const sql = client((await database).urls.app, 1)
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
    const sql = client((await database).urls.app, 1)
    try { await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' }) } finally { await sql.end() }
  })
  test('nor does it reach the vault', async () => {
    const sql = client((await database).urls.app, 1)
    try { await expect(sql`select * from vault.data_key`).rejects.toMatchObject({ code: '42501' }) } finally { await sql.end() }
  })
})
