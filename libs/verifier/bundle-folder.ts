import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A bundle as files. */
export interface Bundle {
  /** Every file's path, sorted. */
  files(): readonly string[]
  has(path: string): boolean
  /** @throws BundleUnreadable for one that is larger than any file that is read whole. */
  read(path: string): Buffer | undefined
  /** SHA-256, hex, without holding the file. */
  digest(path: string): Promise<string>
}
/** The bundle cannot be read as one: it says nothing about what was signed. */
export class BundleUnreadable extends Error {}

/** An entry bundle of 256 leaves of 64 KiB is the largest file that is read whole, and payloads of a tile. */
const largest = 600 * 1024 * 1024
const mostFiles = 5_000_000

/** A folder. Links are refused: they may lead anywhere. */
export class BundleFolder implements Bundle {
  readonly #files: readonly string[]

  /** @throws BundleUnreadable */
  constructor(private readonly folder: string) {
    try {
      if (!statSync(folder).isDirectory()) throw new BundleUnreadable('The bundle is not a folder')
    } catch (error) {
      throw error instanceof BundleUnreadable ? error : new BundleUnreadable('The bundle cannot be read')
    }
    const files: string[] = []
    const look = (below: string) => {
      for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`
        if (entry.isDirectory()) look(path)
        else if (entry.isFile()) files.push(path)
        else throw new BundleUnreadable('A bundle holds files and folders only')
        if (files.length > mostFiles) throw new BundleUnreadable('A bundle holds at most five million files')
      }
    }
    look('')
    this.#files = files.sort()
    this.#known = new Set(files)
  }
  readonly #known: ReadonlySet<string>

  files() {
    return this.#files
  }
  has(path: string) {
    return this.#known.has(path)
  }

  read(path: string): Buffer | undefined {
    if (!this.#known.has(path)) return undefined
    if (lstatSync(join(this.folder, path)).size > largest) throw new BundleUnreadable('A file of the bundle is too large')
    return readFileSync(join(this.folder, path))
  }

  async digest(path: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const part of createReadStream(join(this.folder, path)) as AsyncIterable<Buffer>) hash.update(part)
    return hash.digest('hex')
  }
}
