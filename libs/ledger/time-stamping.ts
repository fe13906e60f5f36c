import { createHash, randomBytes } from 'node:crypto'
import { checkTimeStamp } from '#verifier/time-stamp'

/** The authority does not answer, or not with a stamp of what it was asked. */
export class StampRefused extends Error {}
const patience = 20_000
const largest = 100_000

/**
 * Asks a time-stamping authority (RFC 3161, over HTTP) when these bytes were there. Whether the authority is to be believed, whoever
 * checks says. @throws StampRefused
 */
export async function timeStamp(url: string, bytes: Uint8Array): Promise<{ readonly token: Buffer; readonly time: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: question(bytes),
    signal: AbortSignal.timeout(patience),
  }).catch((cause: unknown) => {
    throw new StampRefused('it does not answer', { cause })
  })
  const token = Buffer.from(await answer.arrayBuffer())
  if (!answer.ok || token.length > largest) throw new StampRefused(`it answered ${answer.status}`)
  try {
    return { token, time: checkTimeStamp(token, bytes, []).time }
  } catch (cause) {
    throw new StampRefused('what it answered is no time stamp of this', { cause })
  }
}

/** TimeStampReq: version 1, SHA-256 of the bytes, a nonce, and the wish to have the certificate with the answer. */
function question(bytes: Uint8Array): Buffer {
  const sha256 = Buffer.from('300d06096086480165030402010500', 'hex')
  const imprint = sequence(sha256, Buffer.from([0x04, 32]), createHash('sha256').update(bytes).digest())
  // A first byte of 1 to 127, so that the number is positive and as short as can be.
  const nonce = randomBytes(8)
  nonce[0] = 1 + ((nonce[0] as number) % 127)
  return sequence(Buffer.from([0x02, 1, 1]), imprint, Buffer.from([0x02, nonce.length]), nonce, Buffer.from([0x01, 1, 0xff]))
}
/** Of fewer than 128 bytes. */
function sequence(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([0x30, content.length]), content])
}
