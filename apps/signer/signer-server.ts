import { type IncomingMessage, type Server, createServer } from 'node:http'
import { existsSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { SignerRefusesToStart, type Signer } from './signer.js'

const maxBody = 20_000
/** Linux takes no longer path for a socket. */
const maxPath = 100

/**
 * Listens on a socket that only this user may open. @throws SignerRefusesToStart when another signer listens there, or the path is too
 * long.
 */
export async function serveSigner(signer: Signer, socketPath: string): Promise<Server> {
  if (Buffer.byteLength(socketPath) > maxPath)
    throw new SignerRefusesToStart(
      `The path of the signer's socket is longer than ${maxPath} bytes: set CASELEDGER_SIGNER_SOCKET to a shorter one`,
    )
  if (existsSync(socketPath)) {
    if (await answers(socketPath)) throw new SignerRefusesToStart('Another signer is running on this socket')
    rmSync(socketPath)
  }
  const server = createServer((request, response) => {
    answer(signer, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
      },
      () => {
        response.writeHead(500).end()
      },
    )
  })
  const mask = process.umask(0o177)
  try {
    server.listen(socketPath)
    await once(server, 'listening')
  } finally {
    process.umask(mask)
  }
  return server
}

async function answer(signer: Signer, request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
  if (request.method === 'GET' && request.url === '/keys')
    return { status: 200, body: signer.verifiers.map(({ vkey }) => `${vkey}\n`).join('') }
  if (request.method === 'GET' && request.url === '/last') return { status: 200, body: signer.last ?? '' }
  if (request.method !== 'POST' || request.url !== '/sign') return { status: 404, body: 'GET /keys, GET /last or POST /sign' }
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBody) return { status: 400, body: 'A request is at most 20,000 bytes' }
    parts.push(part)
  }
  return signer.sign(Buffer.concat(parts).toString('utf8'))
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(socketPath)
    const end = (yes: boolean) => () => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
}
