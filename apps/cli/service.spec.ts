import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Service, told } from './service.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const json =
  (status: number, body: object): Answer =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }
/** A server that answers as told, for as long as it is asked. */
async function answering<T>(answer: Answer, ask: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}
const me = (url: string) => new Service(url, 'a.token').ask(api => api.GET('/v1/me'))
const events = (service: Service) =>
  service.all((api, after) => api.GET('/v1/events', { params: { query: { stream: 'person-1', ...told({ after }) } } }))

test('a list is asked for page after page, by the token of whoever asks', async () => {
  const asked: string[] = []
  const pages: Answer = (request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    json(200, asked.length === 1 ? { items: [{ id: 'a' }, { id: 'b' }], next: '7' } : { items: [{ id: 'c' }] })(request, response)
  }
  const found: string[] = []
  await answering(pages, async url => {
    for await (const { id } of events(new Service(url, 'a.token'))) found.push(id)
  })
  expect(found).toEqual(['a', 'b', 'c'])
  expect(asked).toEqual(['/v1/events?stream=person-1 Bearer a.token', '/v1/events?stream=person-1&after=7 Bearer a.token'])
})
test('a refusal is told in the service’s own words', async () => {
  const refusal = json(403, { code: 'ROLE_NOT_PERMITTED', rule: 'Your role does not read this', remedy: 'Ask the DPO' })
  await expect(answering(refusal, me)).rejects.toThrow('ROLE_NOT_PERMITTED: Your role does not read this: Ask the DPO')
  await expect(answering(json(418, {}), me)).rejects.toThrow('The service answered 418.')
})
test.each<readonly [string, Answer]>([
  ['a page', (_, response) => response.end('<html>Welcome</html>')],
  ['a page about an error', (_, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
  ['nothing', (_, response) => response.end()],
  ['a number', (_, response) => response.end('42')],
])('what answers %s is not Caseledger', async (_, answer) => {
  await expect(answering(answer, me)).rejects.toThrow('is not Caseledger')
})
test('nor is what has no list where a list was asked for', async () => {
  const list = answering(json(200, { items: 'none' }), async url => {
    for await (const one of events(new Service(url, 'a.token'))) throw new Error(`found ${one.id}`)
  })
  await expect(list).rejects.toThrow('is not Caseledger')
})
test('where nothing answers, or an answer breaks off, no Caseledger answers', async () => {
  const gone = await answering(json(200, {}), url => Promise.resolve(url))
  await expect(me(gone)).rejects.toThrow(`No Caseledger answers at ${gone}.`)
  const broken: Answer = (_, response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('{"staffRef":')
    setImmediate(() => response.destroy())
  }
  await expect(answering(broken, me)).rejects.toThrow('No Caseledger answers at')
})
test('without a token nothing is asked', async () => {
  await expect(new Service('http://127.0.0.1:1', '').ask(api => api.GET('/v1/me'))).rejects.toThrow('Put a token into CASELEDGER_TOKEN')
})
test('health needs no token, and is told of a service that is not ready', async () => {
  const parts = [{ part: 'event store', ready: false, why: 'it cannot be reached' }]
  const authorised: unknown[] = []
  const notReady: Answer = (request, response) => {
    authorised.push(request.headers.authorization)
    json(503, { status: 'not ready', parts })(request, response)
  }
  expect(await answering(notReady, url => new Service(url, '').health())).toEqual(parts)
  expect(authorised).toEqual([undefined])
})
