import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Standalone, hourAgo, referral } from '../support/standalone.js'

let s: Standalone
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

/** The PostgreSQL of this data folder, and of nothing else. */
function postgres() {
  const [pid, , , port] = readFileSync(join(s.dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  return { pid: Number(pid), port: Number(port) }
}
const answers = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })

async function referAndAsk(name: string) {
  const ref = (await s.post('back-office', '/referrals', referral({ name }))).body['subjectRef'] as string
  const requestId = (
    await s.post('ips-worker', `/subjects/${ref}/erasure-requests`, {
      channel: 'PHONE',
      receivedAt: hourAgo(),
      grounds: 'OBJECTION',
      words: 'please',
    })
  ).body['requestId'] as string
  return { ref, decide: `/subjects/${ref}/erasure-requests/${requestId}/decision` }
}

test('SIGKILL in the middle of erasures, then npm start: each is completed, once', async () => {
  for (const role of ['dpo', 'ips-worker', 'back-office', 'auditor'] as const) s.token(role)
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => referAndAsk(`Crash Canary ${n}`)))
  const decided = people.map(({ decide }) =>
    s.post('dpo', decide, { decision: 'APPROVED', consequenceExplainedAt: hourAgo() }).then(
      ({ status }) => status,
      () => 0,
    ),
  )
  await Promise.race(decided)
  await s.kill()
  await Promise.all(decided)
  await s.up()
  const statuses = await Promise.all(decided)
  expect(statuses).toContain(200)
  for (const [n, { ref, decide }] of people.entries()) {
    // A decision whose answer was lost is sent again, as its sender would.
    if (statuses[n] !== 200) await s.post('dpo', decide, { decision: 'APPROVED', consequenceExplainedAt: hourAgo() })
    await s.until(
      () => s.get('auditor', `/subjects/${ref}/erasure-certificate`),
      ({ status }) => status === 200,
    )
    const history = await s.get('auditor', `/events?stream=person-${ref}`)
    expect(history.text).toContain('items')
    const types = (history.body['items'] as { type: string }[]).map(({ type }) => type)
    expect(types.filter(type => ['ErasureFenced', 'SubjectKeyDestroyed', 'ErasureCompleted'].includes(type))).toEqual([
      'ErasureFenced',
      'SubjectKeyDestroyed',
      'ErasureCompleted',
    ])
  }
  expect(s.filesWith(['Crash Canary'])).toEqual([])
}, 120_000)

test('a lost database is 503 with Retry-After, nothing is half-done; it starts again, and the same command goes through once', async () => {
  const key = 'the-same-key-again'
  const body = referral({ name: 'Fabian Dewhurst' })
  const { pid, port } = postgres()
  const resume = s.holdSupervisor()
  process.kill(pid, 'SIGQUIT')
  while (await answers(port)) await new Promise(resolve => setTimeout(resolve, 20))
  const lost = await s.post('back-office', '/referrals', body, key)
  expect([lost.status, lost.body['code'], lost.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '2'])
  const ready = await s.call('GET', '/health/ready')
  expect(ready.status).toBe(503)
  expect((ready.body['parts'] as { ready: boolean }[]).some(part => !part.ready)).toBe(true)
  expect((await s.call('GET', '/health/live')).status).toBe(200)
  resume()
  const first = await s.until(
    () => s.post('back-office', '/referrals', body, key),
    ({ status }) => status === 201,
  )
  const again = await s.post('back-office', '/referrals', body, key)
  expect(again.body).toEqual(first.body)
  expect(postgres().port).toBe(port)
}, 120_000)

test('the API and the worker, killed, are started again by themselves', async () => {
  const children = s.children()
  expect(children).toHaveLength(2)
  for (const pid of children) process.kill(pid, 'SIGKILL')
  const body = referral({ name: 'Ottoline Fairweather' })
  const {
    body: { subjectRef, position },
  } = await s.until(
    () => s.post('back-office', '/referrals', body, 'after-the-kill').catch(() => s.nothing),
    ({ status }) => status === 201,
  )
  expect(
    (
      await s.until(
        () => s.get('back-office', `/subjects/${String(subjectRef)}/case?purpose=REFERRAL_INTAKE&after=${String(position)}`),
        ({ status }) => status === 200,
      )
    ).body['fields'],
  ).toMatchObject({ 'ID.name': 'Ottoline Fairweather' })
  expect(s.children()).toHaveLength(2)
}, 120_000)

test('PostgreSQL killed while everything starts is started again, and nothing ends without a word', async () => {
  await s.stop()
  const lock = join(s.dir, 'postgres', 'postmaster.pid')
  const starting = s.up()
  const killed = await Promise.race([
    starting.then(() => false),
    (async () => {
      while (!existsSync(lock) || !(await answers(postgres().port))) await new Promise(resolve => setTimeout(resolve, 5))
      process.kill(postgres().pid, 'SIGKILL')
      return true
    })(),
  ])
  await starting
  expect([killed, s.said.includes('Caseledger is ready')]).toEqual([true, true])
  expect(s.said).toMatch(/Waiting for |it was started again/)
  expect((await s.post('back-office', '/referrals', referral({ name: 'Percival Threlkeld' }))).status).toBe(201)
}, 120_000)

test('Ctrl-C before it is ready stops all of it, too', async () => {
  await s.stop()
  const starting = s.up().catch(() => undefined)
  const lock = join(s.dir, 'postgres', 'postmaster.pid')
  while (!existsSync(lock) || !(await answers(postgres().port))) await new Promise(resolve => setTimeout(resolve, 5))
  const { port } = postgres()
  expect(await s.stop()).toBe(0)
  await starting
  expect([await answers(port), s.said.includes('Stopping'), s.said.includes('is ready')]).toEqual([false, true, false])
  await s.up()
}, 120_000)

test('Ctrl-C stops all of it; starting again finds everything again', async () => {
  const ref = (await s.post('back-office', '/referrals', referral({ name: 'Wilhelmina Stroud' }))).body['subjectRef'] as string
  const { port } = postgres()
  expect(await s.stop()).toBe(0)
  expect(await answers(port)).toBe(false)
  await expect(s.call('GET', '/health/live')).rejects.toThrow()
  await s.up()
  const view = await s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`)
  expect((view.body['fields'] as Record<string, unknown>)['ID.name']).toBe('Wilhelmina Stroud')
}, 120_000)

test('one whose terminal is gone looks after the others, and stops when it is asked', async () => {
  s.stopListening()
  const [before] = s.children('worker')
  process.kill(before as number, 'SIGKILL')
  for (let now = before; now === before || now === undefined;) {
    await new Promise(resolve => setTimeout(resolve, 50))
    ;[now] = s.children('worker')
  }
  expect(await s.stop()).toBe(0)
  await s.up()
}, 60_000)
test('two of them on one data folder are refused', () => {
  const second = spawnSync(process.execPath, ['tools/start.mjs'], { env: { ...s.env, PORT: '0' }, encoding: 'utf8', timeout: 60_000 })
  expect([second.status, second.stderr.includes('already running')]).toEqual([1, true])
})
test('another key folder stops it at start, with a reason that a person understands', async () => {
  await s.stop()
  const missing = spawnSync(process.execPath, ['tools/start.mjs'], {
    env: { ...s.env, CASELEDGER_KEYS_DIR: join(s.dir, 'elsewhere') },
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(missing.status).not.toBe(0)
  expect(missing.stderr).toContain('The key folder does not fit this vault')
  expect(readdirSync(join(s.dir, 'keys')).some(file => file.startsWith('epoch-'))).toBe(true)
  await s.up()
}, 120_000)
