import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyProvider } from './key-provider.js'
import { WrongKeyProvider } from './subject-keys.js'
import { unwrapKey, wrapKey } from './wrapping.js'

/** Keys as files of mode 0600 in a folder of mode 0700. In production the folder has to lie outside the data folder. */
export class FileKeyProvider implements KeyProvider {
  constructor(private readonly folder: string) {}

  async create() {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await chmod(this.folder, 0o700)
    const keyId = randomUUID()
    const file = await open(this.#path(keyId), 'wx', 0o600)
    try {
      await file.writeFile(randomBytes(32))
      await file.sync()
    } finally { await file.close() }
    return keyId
  }

  async wrap(keyId: string, key: Buffer) { return wrapKey(await this.#read(keyId), key, keyId) }

  async unwrap(keyId: string, wrapped: Buffer) {
    const key = await this.#read(keyId)
    try { return unwrapKey(key, wrapped, keyId) } catch { throw new WrongKeyProvider(`the key ${keyId} is not the one that was used`) }
  }

  async destroy(keyId: string) { await rm(this.#path(keyId), { force: true }) }

  async #read(keyId: string) {
    try { return await readFile(this.#path(keyId)) } catch { throw new WrongKeyProvider(`the key ${keyId} is missing`) }
  }

  #path(keyId: string) { return join(this.folder, `epoch-${keyId}.key`) }
}
