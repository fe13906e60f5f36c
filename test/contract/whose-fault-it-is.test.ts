import { once } from 'node:events'
import { connect } from 'node:net'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { project, world } from '../support/world.js'
import { heardLog } from '../support/heard-log.js'

const { log, lines } = heardLog('info')
const limit = 5
let w: Awaited<ReturnType<typeof world>>
let api: NestFastifyApplication
let url: string
beforeAll(async () => {
  w = await world()
  await project(w)
  api = await createApi(w, trustLocalIssuer(w.dir.issuer), log, { requestsPerSecond: limit })
  await api.listen(0, '127.0.0.1')
  url = await api.getUrl()
})
afterAll(async () => {
  await api.close()
  await w.end()
})
beforeEach(() => {
  lines.length = 0
})

const until = async (wanted: () => boolean | Promise<boolean>) => {
  while (!(await wanted())) await new Promise(resolve => setTimeout(resolve, 10))
}
const answered = (route: string) => lines.filter(({ msg, route: at }) => msg === 'request' && at === route)
const bearer = async () => ({ authorization: `Bearer ${await issueTokenOn(w, w.dir, 'back-office', 'back-office-1')}` })

test('a machine that looks after this one is answered, however many others ask from its address', async () => {
  const asking = async (path: string) => Promise.all(Array.from({ length: 20 * limit }, async () => (await fetch(`${url}${path}`)).status))
  expect(new Set(await asking('/v1/me'))).toContain(429)
  for (const path of ['/health/live', '/health/ready', '/metrics']) expect([path, ...new Set(await asking(path))]).toEqual([path, 200])
})

test('a client that goes away in the middle of what it sends is no outage of ours', async () => {
  const { authorization } = await bearer()
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /v1/referrals HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: a-key\r\n`
      + 'Content-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
  )
  await once(socket, 'data')
  socket.write('{"source":')
  socket.destroySoon()
  await until(async () => /refusals_total\{code="(INVALID_REQUEST|UNAVAILABLE)"/.test(await w.metrics.text()))
  expect(lines.filter(({ level }) => level > 30)).toEqual([])
  expect(lines).toContainEqual(expect.objectContaining({ level: 30, msg: 'the client went away', route: '/v1/referrals' }))
})

test('a position that the log does not have is its asker’s fault: the answer names the field, and no line is about it', async () => {
  const answer = await fetch(`${url}/v1/referrals?after=999999999999`, { headers: await bearer() })
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'NOT_YET_VISIBLE', field: 'after' }])
  await until(() => answered('/v1/referrals').length > 0)
  expect(lines.filter(({ level }) => level > 30)).toEqual([])
})
