import { dataDir } from '#hosting/data-dir'
import { inDatabase, provision } from '#hosting/provision'
import { rolePasswords } from '#hosting/role-passwords'
import { asAdmin, testDatabase, testServer } from '../support/database.js'

test('installations that share a server start at once: the roles belong to all of its databases', async () => {
  const passwords = rolePasswords(dataDir({}), testServer())
  const databases = await Promise.all(Array.from({ length: 4 }, () => testDatabase()))
  for (let round = 0; round < 10; round++) {
    const ended = await Promise.allSettled(databases.map(({ name, admin }) => provision(admin, name, passwords)))
    expect(ended.filter(({ status }) => status === 'rejected')).toEqual([])
  }
  await asAdmin(inDatabase(testServer(), 'postgres'), async sql => {
    expect(await sql`select rolname from pg_roles where rolname = 'caseledger_app'`).toHaveLength(1)
  })
})
