import { freePort } from '#hosting/free-port'
import { hindranceTo } from '#event-store/eventstoredb/probe'
import { type Certificate, http2InTheClear, http2OverTls, type ListeningServer, selfSigned, tcp } from '../support/http2-server.js'
import { hasOpenSsl } from '../support/time-stamping.js'

const open: ListeningServer[] = []
const serving = async (server: Promise<ListeningServer>) => {
  open.push(await server)
  return `127.0.0.1:${(await server).port}`
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

describe('what stands between us and EventStoreDB is found out', () => {
  test('nothing, where HTTP/2 is spoken as the URL says', async () => {
    expect(await hindranceTo(`esdb://${await serving(http2InTheClear())}?tls=false`)).toBeUndefined()
  })
  test('a server without TLS, where the URL wants it: waiting does not mend that', async () => {
    expect(await hindranceTo(`esdb://ops:hush@${await serving(http2InTheClear())}`)).toMatchObject({
      mends: false,
      words: expect.stringContaining('put tls=false into EVENTSTOREDB_URL') as string,
    })
  })
  test('nobody who listens, nobody who answers, somebody who hangs up, somebody else: these may change', async () => {
    const found = async (place: string) => {
      const { code, mends } = (await hindranceTo(`esdb://${place}?tls=false`)) ?? {}
      return [code, mends]
    }
    expect(await found(`127.0.0.1:${await freePort()}`)).toEqual(['ECONNREFUSED', true])
    expect(await found(await serving(tcp()))).toEqual(['ETIMEDOUT', true])
    expect(await found(await serving(tcp('')))).toEqual(['ECONNRESET', true])
    expect(await found(await serving(tcp('HTTP/1.1 400 Bad Request\r\n\r\n')))).toEqual(['no HTTP/2', true])
  })
  test('with TLS wanted, one that hangs up in the middle may be one that is stopping', async () => {
    expect(await hindranceTo(`esdb://${await serving(tcp(''))}`)).toMatchObject({ mends: true })
  })
  test('of a cluster one node that answers is enough, and one that may come is waited for', async () => {
    const [nobody, clear] = [`127.0.0.1:${await freePort()}`, await serving(http2InTheClear())]
    expect(await hindranceTo(`esdb://${nobody},${clear}?tls=false`)).toBeUndefined()
    expect(await hindranceTo(`esdb://${clear},${nobody}`)).toMatchObject({ code: 'ECONNREFUSED', mends: true })
  })
})

if (!hasOpenSsl) test.skip('EventStoreDB with TLS: there is no openssl to make a certificate with', () => undefined)
else
  describe('with TLS', () => {
    let certificate: Certificate
    beforeAll(() => {
      certificate = selfSigned()
    })
    afterAll(() => {
      certificate.end()
    })

    test('nothing, where its authority is named', async () => {
      expect(
        await hindranceTo(`esdb://${await serving(http2OverTls(certificate))}?tlsCAFile=${encodeURIComponent(certificate.file)}`),
      ).toBeUndefined()
    })
    test('a certificate that nobody here trusts', async () => {
      expect(await hindranceTo(`esdb://${await serving(http2OverTls(certificate))}`)).toMatchObject({
        code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        mends: false,
        words: expect.stringContaining('tlsCAFile') as string,
      })
    })
    test('TLS, where the URL says that there is none', async () => {
      expect(await hindranceTo(`esdb://${await serving(http2OverTls(certificate))}?tls=false`)).toMatchObject({
        mends: false,
        words: expect.stringContaining('take that out') as string,
      })
    })
  })
