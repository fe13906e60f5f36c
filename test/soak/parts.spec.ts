import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Parts } from './parts.js'

const folder = mkdtempSync(join(tmpdir(), 'caseledger-parts-'))
const pidFile = join(folder, 'server.pid')
const children: ChildProcess[] = []
const started = () => {
  const child = spawn('sleep', ['60'])
  children.push(child)
  return child
}
const nobody = { dir: folder, children: () => [] }
const isStopped = (pid: number) => spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.startsWith('T')
const parts = new Parts(nobody, { pidFile, restart: undefined })
afterAll(() => {
  parts.end()
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

test('a stalled server is stopped, and goes on when it is let', () => {
  const { pid = 0 } = started()
  writeFileSync(pidFile, `${pid}\n`)
  const stopped = parts.stop('EventStoreDB')
  expect([stopped, isStopped(pid)]).toEqual([[pid], true])
  parts.letGoOn(stopped)
  expect(isStopped(pid)).toBe(false)
})
test('whoever is stopped goes on at the end, however it comes', () => {
  const { pid = 0 } = started()
  writeFileSync(pidFile, `${pid}\n`)
  const others = new Parts(nobody, { pidFile, restart: undefined })
  others.stop('EventStoreDB')
  expect(isStopped(pid)).toBe(true)
  others.end()
  expect(isStopped(pid)).toBe(false)
})
test('a killed server is gone, and is not taken for one that runs', async () => {
  const child = started()
  writeFileSync(pidFile, `${child.pid ?? 0}\n`)
  const gone = once(child, 'exit')
  await parts.kill('EventStoreDB', 0).started
  await gone
  expect(parts.pidsOf('EventStoreDB')).toEqual([])
  expect(await parts.appears('EventStoreDB', child.pid, new AbortController().signal, 0)).toBe(false)
})
test('a PostgreSQL of another folder, whose pid stands in the file of one that was killed, is left alone', () => {
  const { pid = 0 } = started()
  mkdirSync(join(folder, 'postgres'))
  writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${pid}\n`)
  expect(parts.pidsOf('PostgreSQL')).toEqual([])
  expect(parts.stop('PostgreSQL')).toEqual([])
  expect(isStopped(pid)).toBe(false)
})
