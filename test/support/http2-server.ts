import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createSecureServer, createServer, type Http2Server } from 'node:http2'
import { type AddressInfo, type Server, createServer as createPlainServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type ListeningServer = { readonly port: number; close(): Promise<void> }

/** Speaks HTTP/2 and nothing more: without TLS, or with a certificate for 127.0.0.1 that nobody vouches for but itself. */
export const http2InTheClear = () => listening(createServer())
export const http2OverTls = ({ key, cert }: Certificate) => listening(createSecureServer({ key, cert }))
/** Accepts connections and says what it is told to, or nothing. */
export const tcp = (says?: string) =>
  listening(
    createPlainServer(socket => {
      socket.on('error', () => undefined)
      if (says !== undefined) socket.end(says)
    }),
  )

async function listening(server: Http2Server | Server): Promise<ListeningServer> {
  const open = new Set<{ destroy(): void }>()
  server.on('connection', (socket: { destroy(): void }) => {
    open.add(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Certificate = { readonly key: string; readonly cert: string; readonly file: string; end(): void }

/** By openssl. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const { status, stderr } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-subj',
      '/CN=An Invented Server',
      '-days',
      '2',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return {
    key: readFileSync(key, 'utf8'),
    cert: readFileSync(cert, 'utf8'),
    file: cert,
    end: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
