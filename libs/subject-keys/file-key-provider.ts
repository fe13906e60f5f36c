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
    } finally {
      await file.close()
    }
    const folder = await open(this.folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
    return keyId
  }

  async wrap(keyId: string, key: Buffer) {
    return wrapKey(await this.#read(keyId), key, keyId)
  }

  async unwrap(keyId: string, wrapped: Buffer) {
    const key = await this.#read(keyId)
    try {
      return unwrapKey(key, wrapped, keyId)
    } catch {
      throw new WrongKeyProvider(`the key ${keyId} is not the one that was used`)
    }
  }

  /** Overwrites the file before it is removed: the best that a file system offers. Idempotent. */
  async destroy(keyId: string) {
    const path = this.#path(keyId)
    const file = await open(path, 'r+').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (!file) return
    try {
      await file.write(randomBytes(32), 0, 32, 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await rm(path, { force: true })
    const folder = await open(this.folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }

  async #read(keyId: string) {
    try {
      return await readFile(this.#path(keyId))
    } catch {
      throw new WrongKeyProvider(`the key ${keyId} is missing`)
    }
  }

  #path(keyId: string) {
    return join(this.folder, `epoch-${keyId}.key`)
  }
}
