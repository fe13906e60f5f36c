import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { Witness } from './witness.js'

const maxBody = 100_000
/** What is left of such a body is not read, so its connection cannot be used again. */
const tooLarge = 413

/** The witness on a port, as c2sp.org/tlog-witness has it: POST /add-checkpoint, and GET /<origin hash>/checkpoint. */
export async function serveWitness(witness: Witness, port: number, host: string): Promise<Server> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(witness, request).then(
      ({ status, body, type }) => {
        response
          .writeHead(status, {
            'content-type': type ?? 'text/plain; charset=utf-8',
            ...(status === tooLarge ? { connection: 'close' } : {}),
          })
          .end(body)
      },
      () => {
        response.writeHead(500).end()
      },
    )
  })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

async function answer(
  witness: Witness,
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly body: string; readonly type?: string }> {
  if (request.method === 'GET') {
    const [, originHash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(request.url ?? '') ?? []
    const note = originHash === undefined ? undefined : witness.checkpoint(originHash)
    return note === undefined ? { status: 404, body: 'Nothing was cosigned for this log\n' } : { status: 200, body: note }
  }
  if (request.method !== 'POST' || request.url !== '/add-checkpoint') return { status: 404, body: 'POST /add-checkpoint\n' }
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBody) return { status: tooLarge, body: 'A request is at most 100,000 bytes\n' }
    parts.push(part)
  }
  return witness.addCheckpoint(Buffer.concat(parts).toString('utf8'))
}
