import { closeSync, createReadStream, createWriteStream, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { BundleFolder, BundleRefused } from './bundle-folder.js'
import { isBundlePath } from './bundle-path.js'
import { type ZipEntry, zipEntries } from './zip-directory.js'

export type Unpacked = { readonly bundle: BundleFolder; readonly discard: () => void }

/** Canonical JSON shrinks to a tenth or so. */
const mostTimesLarger = 200
const alwaysAllowed = 64 * 1024 * 1024
/** Node has it from 20.15 on; the manifest finds damage, too. */
const { crc32 } = zlib as { readonly crc32?: (bytes: Buffer, before: number) => number }

/** A zipped bundle, unpacked into a folder of its own that `discard` removes. Nothing is written outside it. @throws BundleRefused */
async function unpacked(path: string): Promise<Unpacked> {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-unpacked-'))
  const discard = () => {
    rmSync(folder, { recursive: true, force: true })
  }
  const zip = openSync(path, 'r')
  try {
    const entries = [...zipEntries(zip, statSync(path).size)]
    const top = folderOf(entries, alwaysAllowed + mostTimesLarger * statSync(path).size)
    for (const entry of entries)
      if (entry.name.endsWith('/')) mkdirSync(join(folder, entry.name), { recursive: true })
      else await write(path, entry, join(folder, entry.name))
    return { bundle: new BundleFolder(join(folder, top)), discard }
  } catch (error) {
    discard()
    throw error
  } finally {
    closeSync(zip)
  }
}

/** A bundle in a folder or in a zip; `discard` has to be called in any case. @throws BundleUnreadable, BundleRefused */
export async function openedBundle(path: string): Promise<Unpacked> {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? unpacked(path) : { bundle: new BundleFolder(path), discard: () => undefined }
}

/** The one folder in which everything stands. @throws BundleRefused for names that nobody may write, and for more than there is room for */
function folderOf(entries: readonly ZipEntry[], room: number): string {
  const [files, folders, seen] = [new Set<string>(), new Set<string>(), new Set<string>()]
  let left = room
  for (const { name, size } of entries) {
    const isFolder = name.endsWith('/')
    const path = isFolder ? name.slice(0, -1) : name
    if (!isBundlePath(path)) throw new BundleRefused('failed', 'A file in the zip has a name that no file of a bundle has')
    if (seen.has(path)) throw new BundleRefused('failed', 'The zip holds two files of one name')
    seen.add(path)
    ;(isFolder ? folders : files).add(path)
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) folders.add(path.slice(0, slash))
    left -= size
    if (left < 0) throw new BundleRefused('failed', 'The zip says that it is far larger than a bundle of its size can be')
  }
  if ([...files].some(path => folders.has(path))) throw new BundleRefused('failed', 'The zip holds a file and a folder of one name')
  const [top, another] = new Set([...seen].map(path => path.split('/')[0] as string))
  if (top === undefined || another !== undefined || files.has(top)) throw new BundleRefused('failed', 'A zipped bundle is one folder')
  return top
}

/** As many bytes as the zip says, with the sum that it says, from exactly those that it names. */
async function write(zip: string, { isDeflated, from, packed, size, crc }: ZipEntry, to: string) {
  mkdirSync(dirname(to), { recursive: true })
  if (packed === 0) {
    if (size !== 0 || crc !== 0 || isDeflated) throw damaged()
    writeFileSync(to, '', { flag: 'wx' })
    return
  }
  let [sum, length] = [0, 0]
  const counted = async function* (parts: AsyncIterable<Buffer>) {
    for await (const part of parts) {
      sum = crc32?.(part, sum) ?? crc
      length += part.length
      if (length > size) throw damaged()
      yield part
    }
  }
  const source = createReadStream(zip, { start: from, end: from + packed - 1 })
  const inflate = zlib.createInflateRaw()
  try {
    if (isDeflated) await pipeline(source, inflate, counted, createWriteStream(to, { flags: 'wx' }))
    else await pipeline(source, counted, createWriteStream(to, { flags: 'wx' }))
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_') ? damaged() : error
  }
  if (length !== size || sum !== crc || (isDeflated && inflate.bytesWritten !== packed)) throw damaged()
}
const damaged = () => new BundleRefused('incomplete', 'The zip is damaged')
