import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Text } from '#merkle/sha256'
import { isBundlePath } from './bundle-path.js'
import type { Result } from './verdict.js'

/** A bundle as files. */
export interface Bundle {
  /** Every file's path, sorted. */
  files(): readonly string[]
  has(path: string): boolean
  /** @throws BundleRefused for one that is larger than any file that is read whole. */
  read(path: string): Buffer | undefined
  /** For a file of any length. Undefined where it is not there. */
  open(path: string): FileReader | undefined
  /** SHA-256, hex, without holding the file; or as it was when the file was read, so that it is read once. */
  digest(path: string): string
  /** Says of a file that was not read whole, that it was compared with what is proved. */
  compared(path: string): void
  /** The files that were neither read nor compared: nothing that they say is known to be so. */
  unread(): readonly string[]
}
/** Reads a file from its beginning on. */
export type FileReader = {
  /** Fills the buffer, up to `length` bytes: fewer at the end of the file only. */
  readonly read: (into: Buffer, length: number) => number
  readonly close: () => void
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
    this.#read.add(path)
    if (lstatSync(join(this.folder, path)).size > largest)
      throw new BundleRefused('unsupported', 'A file of the bundle is larger than any that a verifier reads whole')
    const bytes = readFileSync(join(this.folder, path))
    if (!this.#digests.has(path)) this.#digests.set(path, sha256Text(bytes, 'hex'))
    return bytes
  }

  open(path: string): FileReader | undefined {
    return this.#known.has(path)
      ? readerOf(openSync(join(this.folder, path), 'r'), digest => {
          this.#digests.set(path, digest)
        })
      : undefined
  }

  digest(path: string): string {
    if (!this.#digests.has(path)) {
      const file = this.open(path) as FileReader
      while (file.read(part, part.length) === part.length);
      file.close()
    }
    return this.#digests.get(path) as string
  }

  compared(path: string) {
    this.#read.add(path)
  }
  unread() {
    return this.#files.filter(path => !this.#read.has(path))
  }
  readonly #read = new Set<string>()
  readonly #digests = new Map<string, string>()
}
/** Read at once, and not as a stream: a stream of small parts takes three times as long. */
const part = Buffer.allocUnsafe(1 << 18)

/** @param whole told the digest of a file that was read to its end. */
function readerOf(fd: number, whole: (digest: string) => void): FileReader {
  const hash = createHash('sha256')
  let ended = false
  return {
    read: (into, length) => {
      let at = 0
      while (at < length && !ended) {
        const read = readSync(fd, into, at, length - at, null)
        if (read === 0) ended = true
        at += read
      }
      hash.update(into.subarray(0, at))
      return at
    },
    close: () => {
      closeSync(fd)
      if (ended) whole(hash.digest('hex'))
    },
  }
}
