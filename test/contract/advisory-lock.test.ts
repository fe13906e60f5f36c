import { once } from 'node:events'
import type { Sql } from 'postgres'
import { AdvisoryLock, LockLost } from '#locks/advisory-lock'
import { client, testDatabase } from '../support/database.js'

const key = 7399
let admin: Sql
let sql: Sql
beforeAll(async () => {
  const database = await testDatabase()
  admin = client(database.admin, 1)
  sql = client(database.urls.app, 2)
})
afterAll(async () => {
  await Promise.all([admin.end(), sql.end()])
})

const breakTheHolder = () =>
  admin`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objid = ${key} and granted
      and database = (select oid from pg_database where datname = current_database())`
const taken = async () => {
  const lock = await AdvisoryLock.acquire(sql, key)
  if (!lock) throw new Error('it was not free')
  return lock
}

test('one holds it, a second one is told so, and gets it once the first has given it back', async () => {
  const first = await taken()
  expect(await AdvisoryLock.acquire(sql, key)).toBeUndefined()
  let asked = 0
  const second = AdvisoryLock.acquire(sql, key, async () => {
    if (++asked === 2) await first.release()
    return true
  })
  await (await second)?.release()
  expect(asked).toBeGreaterThanOrEqual(2)
})
test('whoever does not ask again goes without it, and leaves no connection behind', async () => {
  const first = await taken()
  let left = 2
  expect(await AdvisoryLock.acquire(sql, key, () => --left > 0)).toBeUndefined()
  expect(left).toBe(0)
  await first.release()
  expect(
    await admin`
      select from pg_stat_activity where datname = current_database() and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`,
  ).toHaveLength(0)
})
test('with its connection the lock is gone, and its holder is told', async () => {
  const first = await taken()
  const told = once(first.lost, 'abort')
  await breakTheHolder()
  await told
  expect(first.lost.reason).toBeInstanceOf(LockLost)
  const second = await taken()
  await first.release()
  expect(await AdvisoryLock.acquire(sql, key)).toBeUndefined()
  await second.release()
})
test('a connection that breaks while it is waited for ends the waiting', async () => {
  const first = await taken()
  const waiting = AdvisoryLock.acquire(sql, key, async () => {
    await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'caseledger_app' and state = 'idle'
        and pid not in (select pid from pg_locks where locktype = 'advisory' and granted)`
    await new Promise(resolve => setImmediate(resolve))
    return true
  })
  await expect(waiting).rejects.toThrow()
  await first.release()
})
