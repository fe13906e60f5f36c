import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#hosting/embedded-postgres'
import { disown, isServing, postmasterOf } from '#hosting/postmaster'
import { PartAway } from '#hosting/waiting'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-embedded-'))
const place = { data: join(folder, 'postgres'), secrets: join(folder, 'secrets'), durable: false }
let server: EmbeddedPostgres
beforeAll(async () => {
  mkdirSync(join(folder, 'postgres.left.new'))
  server = await startEmbeddedPostgres(place)
}, 60_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})
const portOf = ({ url }: EmbeddedPostgres) => Number(new URL(url).port)
const logged = () => readFileSync(join(place.data, 'postgres.log'), 'utf8')

test('what an interrupted first start left is cleared away', () => {
  expect(existsSync(join(folder, 'postgres.left.new'))).toBe(false)
})
test('a file of a server that crashed, which names another program’s process, is no server', async () => {
  await server.stop()
  writeFileSync(join(place.data, 'postmaster.pid'), `${process.pid}\n${place.data}\n1\n1\n\n127.0.0.1\n1 1\nready\n`)
  server = await startEmbeddedPostgres(place)
  expect(portOf(server)).toBeGreaterThan(1)
})
test('nor does one that names a process of another PostgreSQL: it works in a folder of its own', async () => {
  const other = { data: join(folder, 'other'), secrets: join(folder, 'other-secrets'), durable: false }
  const another = await startEmbeddedPostgres(other)
  const { pid, port } = postmasterOf(other.data)!
  // One that the server forked tells nothing of a folder in its name.
  const forked = Number(
    spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')[0],
  )
  expect([pid, forked].map(of => isServing({ pid: of, port }, other.data))).toEqual([true, true])
  expect([pid, forked].map(of => isServing({ pid: of, port }, place.data))).toEqual([false, false])
  await server.stop()
  writeFileSync(join(place.data, 'postmaster.pid'), `${forked}\n${place.data}\n1\n1\n\n127.0.0.1\n1 1\nready\n`)
  server = await startEmbeddedPostgres(place)
  expect(portOf(server)).toBeGreaterThan(1)
  await another.stop()
}, 60_000)
test('a port that another program took meanwhile is waited for, where it has to be that one', async () => {
  await server.stop()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const port = (other.address() as { port: number }).port
  const before = logged().length
  const starting = startEmbeddedPostgres({ ...place, port })
  while (!logged().slice(before).includes('Address already in use')) await new Promise(resolve => setTimeout(resolve, 20))
  other.close()
  server = await starting
  expect(portOf(server)).toBe(port)
})
test('a server that is stopping is waited for, and then started', async () => {
  const stopping = server.stop()
  server = await startEmbeddedPostgres(place)
  await stopping
  server = await startEmbeddedPostgres(place)
  expect(portOf(server)).toBeGreaterThan(1)
})
test('a file that its server took away, when it had stopped after all, hinders nobody', () => {
  const stopped = mkdtempSync(join(tmpdir(), 'caseledger-stopped-'))
  expect(() => {
    disown(stopped, { pid: 1, port: 1 })
  }).not.toThrow()
  rmSync(stopped, { recursive: true })
})
test('another password file is said to be it, at once', async () => {
  const file = join(place.secrets, 'postgres-password')
  const right = readFileSync(file, 'utf8')
  writeFileSync(file, 'another')
  const failed: unknown = await startEmbeddedPostgres(place).catch((error: unknown) => error)
  writeFileSync(file, right)
  expect(failed).toBeInstanceOf(PartAway)
  const { message } = failed as Error
  expect(message).toMatch(/^The embedded PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: process \d+ is a PostgreSQL in this folder/)
  expect(message).toContain(' in this folder and refuses the password in secrets/postgres-password')
})
test('why it does not start is said in its own words', async () => {
  await server.stop()
  const version = join(place.data, 'PG_VERSION')
  const right = readFileSync(version, 'utf8')
  writeFileSync(version, '9\n')
  await expect(startEmbeddedPostgres(place)).rejects.toThrow(
    /^The embedded PostgreSQL could not be started in .*: database files are incompatible with server\. .*postgres\.log says more\.$/,
  )
  writeFileSync(version, right)
  server = await startEmbeddedPostgres(place)
})
