import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { askedAgain, mayBeRepeated } from './asked-again.js'

/** Closes the first connections as soon as something is asked there, and answers the others. */
async function closing(first: number) {
  let asked = 0
  const server = createServer(socket => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        if (asked++ < first) socket.resetAndDestroy()
        else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, server }
}

test('a connection that was closed before the answer is tried once more, and no more', async () => {
  for (const [first, answered, asked] of [
    [1, 'ok', 2],
    [2, undefined, 2],
  ] as const) {
    const { server, url, asked: howOften } = await closing(first)
    const answer = askedAgain(async () => (await fetch(url)).text())
    expect([await answer.catch(() => undefined), howOften()]).toEqual([answered, asked])
    server.close()
  }
})
test('another failure is none of it', async () => {
  let asked = 0
  const failing = askedAgain(() => {
    asked++
    return Promise.reject(new RangeError('no'))
  })
  await expect(failing).rejects.toBeInstanceOf(RangeError)
  expect(asked).toBe(1)
})
test('what is asked again changes nothing, or has a key', () => {
  const keyed = new Headers({ 'Idempotency-Key': 'k' })
  expect([mayBeRepeated('GET', new Headers()), mayBeRepeated('POST', keyed), mayBeRepeated('POST', new Headers())]).toEqual([
    true,
    true,
    false,
  ])
})
