import { readFileSync } from 'node:fs'
import { type Socket, connect, isIP } from 'node:net'
import { resolve } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { type Hindrance, hindranceIn } from '#kernel/outage'
import { type EventStoreUrl, parseEventStoreUrl } from './url.js'

type Place = { readonly host: string; readonly port: number }
/** Milliseconds until a server is one that does not answer. */
const patience = 1_000
/** How a client of HTTP/2, which EventStoreDB speaks, begins: the preface and no settings. */
const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])])
const settingsFrame = 4
const tlsAlert = 21

const speaksNoTls: Hindrance = {
  code: 'no TLS',
  words: 'it does not speak TLS, which EVENTSTOREDB_URL asks for: put tls=false into EVENTSTOREDB_URL, or have the server speak TLS',
  mends: false,
}
const speaksTls: Hindrance = { code: 'only TLS', words: 'it speaks TLS, and EVENTSTOREDB_URL says tls=false: take that out', mends: false }
const notTrusted = 'the certificate of its authority belongs into tlsCAFile in EVENTSTOREDB_URL, and the host there is one that it names'
const somethingElse: Hindrance = { code: 'no HTTP/2', words: 'what answers there is not EventStoreDB', mends: true }

/**
 * What stands between this machine and EventStoreDB, seen by beginning to speak as the URL says: the client itself does not tell these
 * apart. Undefined where one of the hosts answers. Sends no credentials.
 */
export async function hindranceTo(url: string): Promise<Hindrance | undefined> {
  const parsed = parseEventStoreUrl(url)
  const found = await Promise.all(parsed.hosts.map(place => probed(place, parsed)))
  if (found.includes(undefined)) return undefined
  return found.find(one => one?.mends) ?? found[0]
}

const probed = (place: Place, url: EventStoreUrl) => (url.tls ? overTls(place, url) : inTheClear(place))

async function overTls(place: Place, { parameters }: EventStoreUrl): Promise<Hindrance | undefined> {
  const file = parameters.get('tlsCAFile')
  const failed = await handshake(place, {
    rejectUnauthorized: true,
    ...(file === undefined ? {} : { ca: readFileSync(resolve(decodeURIComponent(file))) }),
  })
  if (failed === undefined) return undefined
  const found = hindranceIn(failed)
  if (/CERT|ISSUER|LEAF/.test(found.code)) return { ...found, words: `${found.words}: ${notTrusted}` }
  if (found.code === 'ECONNREFUSED' || found.code === 'ENOTFOUND' || found.code === 'EAI_AGAIN') return found
  // A handshake that broke off may be a server that is going down: only one that speaks without TLS is known to be wrong.
  return (await firstWord(place)) === settingsFrame ? speaksNoTls : found.mends ? found : { ...found, mends: true }
}

async function inTheClear(place: Place): Promise<Hindrance | undefined> {
  try {
    const said = await firstWord(place)
    if (said === settingsFrame) return undefined
    if (said !== undefined && said !== tlsAlert) return somethingElse
  } catch (error) {
    return hindranceIn(error)
  }
  return (await handshake(place, { rejectUnauthorized: false })) === undefined ? speaksTls : hindranceIn(new Closed())
}

class Closed extends Error {
  readonly code = 'ECONNRESET'
}
class Silent extends Error {
  readonly code = 'ETIMEDOUT'
}

/** Undefined, or why it did not come about. */
function handshake({ host, port }: Place, how: { readonly rejectUnauthorized: boolean; readonly ca?: Buffer }): Promise<Error | undefined> {
  const socket = connectTls({ host, port, ALPNProtocols: ['h2'], ...(isIP(host) ? {} : { servername: host }), ...how })
  return within(socket, settle => {
    socket.once('secureConnect', () => {
      settle()
    })
  }).then(
    () => undefined,
    (error: unknown) => error as Error,
  )
}

/**
 * The kind of frame, of HTTP/2 or of TLS, that the server begins with; 0 for anything else, undefined where it hangs up. @throws what the
 * network says, Silent
 */
async function firstWord({ host, port }: Place): Promise<number | undefined> {
  const socket = connect({ host, port })
  return within<number | undefined>(socket, settle => {
    socket.once('connect', () => {
      socket.write(preface)
    })
    socket
      .once('end', () => {
        settle(undefined)
      })
      .once('data', (chunk: Buffer) => {
        settle(chunk[0] === tlsAlert ? tlsAlert : chunk[3] === settingsFrame ? settingsFrame : 0)
      })
  })
}

function within<T = void>(socket: Socket, listen: (settle: (value: T) => void) => void): Promise<T> {
  return new Promise<T>((settle, reject) => {
    socket.setTimeout(patience, () => {
      reject(new Silent())
    })
    socket.once('error', reject).once('close', () => {
      reject(new Closed())
    })
    listen(settle)
  }).finally(() => {
    socket.on('error', () => undefined)
    socket.destroy()
  })
}
