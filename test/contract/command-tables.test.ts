import { randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import { PostgresCommandTables } from '#commands/postgres/postgres-command-tables'
import { client, testDatabase } from '../support/database.js'

let clients: readonly [Sql, Sql]
let here: PostgresCommandTables
let there: PostgresCommandTables
beforeAll(async () => {
  const { urls } = await testDatabase()
  clients = [client(urls.app), client(urls.app)]
  here = new PostgresCommandTables(clients[0])
  there = new PostgresCommandTables(clients[1])
})
afterAll(async () => {
  for (const sql of clients) await sql.end({ timeout: 5 })
})

test('a command is the same as long as its body is, with or without a person', async () => {
  for (const subject of [undefined, randomUUID()]) {
    const id = randomUUID()
    expect([
      await here.isSame(id, subject, 'one'),
      await here.isSame(id, subject, 'one'),
      await there.isSame(id, subject, 'two'),
      await here.isSame(id, subject, 'one'),
    ]).toEqual([true, true, false, true])
  }
})
test('asked together, each gets its own answer; of two bodies under one id the first is the command’s', async () => {
  const [id, other] = [randomUUID(), randomUUID()]
  expect(
    await Promise.all([
      here.isSame(id, undefined, 'one'),
      here.isSame(other, undefined, 'two'),
      here.isSame(id, undefined, 'two'),
      here.isSame(id, undefined, 'one'),
    ]),
  ).toEqual([true, true, false, true])
})
test('two processes at the same moment agree on which body is the command’s', async () => {
  for (let n = 0; n < 50; n++) {
    const id = randomUUID()
    expect((await Promise.all([here.isSame(id, undefined, 'one'), there.isSame(id, undefined, 'two')])).filter(same => same)).toHaveLength(
      1,
    )
  }
})
test('a person’s erasure forgets their commands, and nobody else’s', async () => {
  const [theirs, others, subject] = [randomUUID(), randomUUID(), randomUUID()]
  await here.isSame(theirs, subject, 'one')
  await here.isSame(others, randomUUID(), 'one')
  await here.forgetSubject(subject)
  expect([await here.isSame(theirs, subject, 'two'), await here.isSame(others, undefined, 'two')]).toEqual([true, false])
})
