import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { BundleFolder } from './bundle-folder.js'
import type { Result } from './verdict.js'

/**
 * A zip that is not unpacked. `failed`: made to do harm, or not as a bundle is zipped; `incomplete`: cut short or no zip at all;
 * `unsupported`: zipped in a way that this verifier does not know.
 */
export class ZipRefused extends Error {
  constructor(
    readonly result: Exclude<Result, 'ok'>,
    what: string,
  ) {
    super(what)
  }
}
export type Unpacked = { readonly bundle: BundleFolder; readonly discard: () => void }

const mostEntries = 5_000_000
/** Canonical JSON shrinks to a tenth or so. */
const mostTimesLarger = 200
const alwaysAllowed = 64 * 1024 * 1024
const [kindOfFile, link] = [0o170000, 0o120000]
const [stored, deflated] = [0, 8]
/** Node has it from 20.15 on; the manifest finds damage, too. */
const { crc32 } = zlib as { readonly crc32?: (bytes: Buffer, before: number) => number }

/** A zipped bundle, unpacked into a folder of its own that `discard` removes. Nothing is written outside it. @throws ZipRefused */
export async function unpacked(path: string): Promise<Unpacked> {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-unpacked-'))
  const discard = () => {
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const top = await unpack(path, folder)
    return { bundle: new BundleFolder(join(folder, top)), discard }
  } catch (error) {
    discard()
    if (error instanceof ZipRefused || (error as NodeJS.ErrnoException).code !== undefined) throw error
    // What the reader of zips says of a zip that is wrong.
    const { message } = error as Error
    throw /relative path|absolute path|invalid characters/.test(message)
      ? new ZipRefused('failed', 'A file in the zip would be written outside the bundle')
      : new ZipRefused('incomplete', 'The zip is cut short, or none')
  }
}

/** A bundle in a folder or in a zip; `discard` has to be called in any case. @throws BundleUnreadable, ZipRefused */
export async function openedBundle(path: string): Promise<Unpacked> {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? unpacked(path) : { bundle: new BundleFolder(path), discard: () => undefined }
}

/** Answers the one folder in which the bundle stands. */
async function unpack(path: string, into: string): Promise<string> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true })
  try {
    if (zip.entryCount > mostEntries) throw new ZipRefused('unsupported', 'The zip holds more than five million files')
    const [seen, tops] = [new Set<string>(), new Set<string>()]
    let left = alwaysAllowed + mostTimesLarger * statSync(path).size
    for await (const entry of zip.eachEntry()) {
      assertOrdinary(entry)
      if (seen.has(entry.fileName)) throw new ZipRefused('failed', 'The zip holds two files of one name')
      seen.add(entry.fileName)
      tops.add(entry.fileName.split('/')[0] as string)
      left -= entry.uncompressedSize
      if (left < 0) throw new ZipRefused('failed', 'The zip says that it is far larger than a bundle of its size can be')
      if (!entry.fileName.endsWith('/')) await write(zip, entry, join(into, entry.fileName))
    }
    const [top, another] = [...tops]
    if (top === undefined || another !== undefined) throw new ZipRefused('failed', 'A zipped bundle is one folder')
    return top
  } finally {
    zip.close()
  }
}

function assertOrdinary({ fileName, externalFileAttributes, generalPurposeBitFlag, compressionMethod }: Entry) {
  if (((externalFileAttributes >>> 16) & kindOfFile) === link) throw new ZipRefused('failed', 'A bundle holds files and folders only')
  if (generalPurposeBitFlag % 2 === 1) throw new ZipRefused('unsupported', 'The zip is encrypted')
  if (compressionMethod !== stored && compressionMethod !== deflated)
    throw new ZipRefused('unsupported', 'The zip is compressed in another way than deflate')
  if (
    fileName.split('/').some((part, n, parts) => (part === '' && n < parts.length - 1) || part === '.' || part === '..')
    || fileName.includes('\0')
  )
    throw new ZipRefused('failed', 'A file in the zip would be written outside the bundle')
}

async function write(zip: ZipFile, entry: Entry, to: string) {
  mkdirSync(dirname(to), { recursive: true })
  let sum = entry.uncompressedSize === 0 ? entry.crc32 : 0
  await pipeline(
    await zip.openReadStreamPromise(entry),
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        sum = crc32?.(part, sum) ?? entry.crc32
        yield part
      }
    },
    createWriteStream(to, { flags: 'wx' }),
  )
  if (sum !== entry.crc32) throw new ZipRefused('incomplete', 'The zip is damaged')
}
