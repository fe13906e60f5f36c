import { spawn, spawnSync } from 'node:child_process'
import { type EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { createApi } from '../../apps/api/api.js'
import { testDatabase } from '../support/database.js'
import { noLimits } from '../support/no-limits.js'
import { world } from '../support/world.js'

const root = process.cwd()
let folder: string
let taken: Server
let port: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-ending-'))
  taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  port = String((taken.address() as AddressInfo).port)
})
afterAll(() => {
  taken.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ended(file: string, settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, file)], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '', CASELEDGER_DATA_DIR: join(folder, 'data'), ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>])
  return { status, stderr }
}

test('npm start on a port that is taken ends at once, before it makes anything, and says which setting to change', async () => {
  const { status, stderr } = await ended('tools/start.mjs', { PORT: port })
  expect([status, stderr]).toEqual([
    1,
    `Caseledger could not start: It cannot listen on 127.0.0.1:${port}: another program listens there, or Caseledger runs already. `
      + `End it, or set PORT to another one: PORT=${Number(port) + 1}, or PORT=0 for any that is free (EADDRINUSE).\n`,
  ])
})
test('so does an API that is started by hand, with the code of what is not to be started again', async () => {
  const { urls } = await testDatabase()
  const settings = { CASELEDGER_APP_DATABASE_URL: urls.app, CASELEDGER_VAULT_DATABASE_URL: urls.vault }
  const onPort = await ended('dist/run/api/main.js', { ...settings, PORT: port })
  expect([onPort.status, onPort.stderr]).toEqual([3, expect.stringMatching(/^The API stopped: It cannot listen on .* set PORT to another/)])
  const onHost = await ended('dist/run/api/main.js', { ...settings, PORT: '0', HOST: 'nowhere.invalid' })
  expect([onHost.status, onHost.stderr]).toEqual([3, expect.stringMatching(/^The API stopped: .* Set HOST to /)])
})

test('an API that is asked to stop waits for nobody who asks nothing, and answers who has asked', async () => {
  const w = await world()
  const api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), noLimits)
  await api.listen(0, '127.0.0.1')
  const at = Number(new URL(await api.getUrl()).port)
  const open = async (bytes: string) => {
    const socket = connect(at, '127.0.0.1')
    await once(socket, 'connect')
    if (bytes !== '') socket.write(bytes)
    return socket
  }
  // What was written and not read makes a connection end in a reset: that is an end, too.
  const gone = (socket: Socket) => new Promise(resolve => socket.on('error', () => undefined).once('close', resolve))
  const keptAlive = await open('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(keptAlive, 'data')
  const received = once(api.getHttpServer() as EventEmitter, 'request')
  const asked = await open('GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n')
  await received
  const others = [keptAlive, await open(''), await open('GET /health/live HTTP/1.1\r\nHost: x\r\n')].map(one => gone(one.resume()))
  const [answer] = await Promise.all([text(asked), api.close(), ...others])
  expect(answer).toMatch(/^HTTP\/1\.1 (200|503) /)
  await w.end()
}, 20_000)
test('a command whose reader has read enough ends without a word', async () => {
  const { admin } = await testDatabase()
  const { stdout, stderr } = spawnSync('bash', ['-c', 'node tools/caseledger.mjs health | true; echo "${PIPESTATUS[0]}"'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', CASELEDGER_DATA_DIR: join(folder, 'cli'), DATABASE_URL: admin },
    encoding: 'utf8',
  })
  // It may have been done before its reader went, and then says so.
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^[01]\n$/), ''])
})
