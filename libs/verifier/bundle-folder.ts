import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isBundlePath } from './bundle-path.js'
import type { Result } from './verdict.js'

/** A bundle as files. */
export interface Bundle {
  /** Every file's path, sorted. */
  files(): readonly string[]
  has(path: string): boolean
  /** @throws BundleRefused for one that is larger than any file that is read whole. */
  read(path: string): Buffer | undefined
  /** SHA-256, hex, without holding the file. */
  digest(path: string): Promise<string>
}
/** There is no bundle to look at: what was named is neither a folder nor a file. */
export class BundleUnreadable extends Error {}
/**
 * A bundle that is not looked into. `failed`: made to do harm, or not of the form of a bundle; `incomplete`: cut short or no zip at all;
 * `unsupported`: of a form that this verifier does not know.
 */
export class BundleRefused extends Error {
  constructor(
    readonly result: Exclude<Result, 'ok'>,
    what: string,
  ) {
    super(what)
  }
}

/** An entry bundle of 256 leaves of 64 KiB is the largest file that is read whole, and payloads of a tile. */
const largest = 600 * 1024 * 1024
const mostFiles = 5_000_000

/** A folder. Links are refused: they may lead anywhere. */
export class BundleFolder implements Bundle {
  readonly #files: readonly string[]

  /** @throws BundleUnreadable, BundleRefused */
  constructor(private readonly folder: string) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new BundleUnreadable('The bundle is neither a folder nor a file that is there')
    const files: string[] = []
    const look = (below: string) => {
      for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`
        if (!entry.isDirectory() && !entry.isFile()) throw new BundleRefused('failed', 'A bundle holds files and folders only')
        if (!isBundlePath(path)) throw new BundleRefused('failed', 'A file has a name that no file of a bundle has')
        if (entry.isDirectory()) look(path)
        else files.push(path)
        if (files.length > mostFiles) throw new BundleRefused('unsupported', 'A bundle holds at most five million files')
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
    if (lstatSync(join(this.folder, path)).size > largest)
      throw new BundleRefused('unsupported', 'A file of the bundle is larger than any that a verifier reads whole')
    return readFileSync(join(this.folder, path))
  }

  async digest(path: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const part of createReadStream(join(this.folder, path)) as AsyncIterable<Buffer>) hash.update(part)
    return hash.digest('hex')
  }
}
