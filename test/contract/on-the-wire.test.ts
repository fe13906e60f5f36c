import { request } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { settingOf, trustedProxies } from '#hosting/settings'
import { sourceAddressOf } from '#nest/source-address'
import { createApi, keptAliveSeconds } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { noLimits } from '../support/no-limits.js'
import { refer } from '../support/people.js'
import { project, world } from '../support/world.js'

let w: Awaited<ReturnType<typeof world>>
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.end())

const serving = async (proxies: readonly string[], work: (port: number) => Promise<void>) => {
  const options = { ...noLimits, trustedProxies: proxies }
  const api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), options)
  await api.listen(0, '127.0.0.1')
  try {
    await work((api.getHttpServer().address() as AddressInfo).port)
  } finally {
    await api.close()
  }
}
async function get(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
  const asked = request({ host: '127.0.0.1', port, path, headers: { connection: 'keep-alive', ...headers } }).end()
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  asked.destroy()
  return answer
}

test('every answer says how long its connection is kept', () =>
  serving([], async port => {
    expect((await get(port, '/health/live')).headers['keep-alive']).toBe(`timeout=${keptAliveSeconds}`)
  }))

describe('where a read came from, on record', () => {
  /** Of a read that says that it came through others. */
  async function recorded(port: number, forwardedFor: string) {
    const subjectRef = await refer(w)
    await project(w)
    const correlation = randomUUID()
    const { statusCode } = await get(port, `/v1/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`, {
      authorization: `Bearer ${await issueTokenOn(w, w.dir, 'ips-worker', 'ips-worker-1')}`,
      'x-forwarded-for': forwardedFor,
      'x-correlation-id': correlation,
    })
    expect(statusCode).toBe(200)
    for await (const event of w.store.readAll())
      if (event.type === 'RecordAccessed' && event.metadata['correlationId'] === correlation) return event.data['sourceAddress']
    return undefined
  }
  const from = (address: string) => sourceAddressOf(w.serviceKey, address)

  test('is the client behind the proxies that are trusted, and the nearest of those that are not', () =>
    serving(['127.0.0.1', '10.1.0.0/16'], async port => {
      expect(await recorded(port, '192.0.2.7')).toBe(from('192.0.2.7'))
      expect(await recorded(port, '198.51.100.9, 192.0.2.7, 10.1.4.4')).toBe(from('192.0.2.7'))
    }))
  test('is who asks, whatever they say of others, unless a setting trusts them', async () => {
    for (const proxies of [[], ['10.1.0.0/16']])
      await serving(proxies, async port => {
        expect(await recorded(port, '192.0.2.7')).toBe(from('127.0.0.1'))
      })
  })
})
test.each(['10.0.0.7', '10.0.0.7, 192.168.4.0/24', '2001:db8::/32'])('%s are proxies', value => {
  expect(trustedProxies({ CASELEDGER_TRUSTED_PROXIES: value })).toEqual(value.split(',').map(one => one.trim()))
})
test.each(['everybody', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.7,,', 'true'])('%s is refused', value => {
  expect(() => settingOf('CASELEDGER_TRUSTED_PROXIES', { CASELEDGER_TRUSTED_PROXIES: value })).toThrow(
    'CASELEDGER_TRUSTED_PROXIES is addresses or networks of proxies',
  )
})
