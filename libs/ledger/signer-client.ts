import { request } from 'node:http'
import { type AddCheckpoint, addCheckpointText } from '#merkle/witness-request'

/** What a signer answers. It remembers what it signed last: whoever asks from another size is told its size. */
export type Signing =
  | { readonly kind: 'signed'; readonly note: string }
  | { readonly kind: 'at'; readonly size: number }
  | { readonly kind: 'refused'; readonly why: string }

/** The signer does not answer: sequencing goes on, and a checkpoint waits. */
export class SignerUnavailable extends Error {
  constructor(cause: unknown) {
    super('The signer of checkpoints cannot be reached', { cause })
  }
}

const patience = 10_000

/** The signer's process, through its socket. Everything @throws SignerUnavailable */
export class SignerClient {
  constructor(private readonly socketPath: string) {}

  /** The public keys that it signs with: name, id and key of each. */
  async vkeys(): Promise<readonly string[]> {
    const { status, body } = await this.#ask('GET', '/keys')
    if (status !== 200) throw new SignerUnavailable(new Error(`it answered ${status}`))
    return body.split('\n').filter(line => line !== '')
  }

  /** The checkpoint that it signed last, as a note; undefined where it signed none, or is of a release that does not say. */
  async last(): Promise<string | undefined> {
    const { status, body } = await this.#ask('GET', '/last')
    if (status >= 500) throw new SignerUnavailable(new Error(`it answered ${status}`))
    return status === 200 && body !== '' ? body : undefined
  }

  async sign(asked: AddCheckpoint): Promise<Signing> {
    const { status, body } = await this.#ask('POST', '/sign', addCheckpointText(asked))
    switch (status) {
      case 200:
        return { kind: 'signed', note: body }
      case 409:
        return { kind: 'at', size: Number(body.trim()) }
      default:
        return { kind: 'refused', why: body.trim() }
    }
  }

  #ask(method: string, path: string, body?: string): Promise<{ readonly status: number; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown) => {
        reject(new SignerUnavailable(cause))
      }
      const asking = request({ socketPath: this.socketPath, method, path, timeout: patience }, answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part)).on('error', failed)
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') })
        })
      })
      asking.on('error', failed).on('timeout', () => asking.destroy(new Error('no answer in time')))
      asking.end(body)
    })
  }
}
