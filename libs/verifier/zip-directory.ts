import { readSync } from 'node:fs'
import { fromUtf8 } from '#merkle/encoding'
import { BundleRefused } from './bundle-folder.js'

/** What a zip says of one of its files: `docs/auditors.md` has the grammar, in the order in which it is checked. */
export type ZipEntry = {
  /** With a slash at its end for a folder. */
  readonly name: string
  readonly isDeflated: boolean
  readonly crc: number
  /** Where its bytes are in the zip, and how many. */
  readonly from: number
  readonly packed: number
  readonly size: number
}

const [endSize, centralSize, localSize, descriptorSize] = [22, 46, 30, 16]
const [endMark, centralMark, localMark, descriptorMark] = [0x06054b50, 0x02014b50, 0x04034b50, 0x08074b50]
const [stored, deflated] = [0, 8]
/** Of the flags: what is encrypted; what follows its sizes; how hard it was compressed, that, and names in UTF-8. */
const [encrypted, described, inUtf8, known] = [0x2041, 0x0008, 0x0800, 0x080e]
const [zip64, newest] = [0x0001, 20]
/** Times and owners, as zip, macOS and Windows add them: they change nothing. */
const harmless: readonly number[] = [0x5455, 0x7875, 0x5855, 0x000a]
const [kindOfFile, aFile, aFolder, dosFolder, slash] = [0o170000, 0o100000, 0o040000, 0x10, 0x2f]

const failed = (what: string) => new BundleRefused('failed', what)
const unsupported = (what: string) => new BundleRefused('unsupported', what)
const inZip64 = () => unsupported('The zip is zip64, with more than 65,534 files or 4 GB: unpack it, and have the folder verified')
const notAsSaid = () => failed('The zip says different things of one file, or holds more than its files')

/** The files of an opened zip, in their order. Nothing is unpacked yet. @throws BundleRefused */
export function* zipEntries(file: number, length: number): Generator<ZipEntry> {
  const end = length < endSize ? Buffer.alloc(endSize) : bytesAt(file, length - endSize, endSize)
  if (end.readUInt32LE(0) !== endMark || end.readUInt16LE(20) !== 0)
    throw new BundleRefused('incomplete', 'The zip does not end as one does: it is cut short, has a comment, or is none')
  const [count, size, begin] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)]
  if (count === 0xffff || size === 0xffffffff || begin === 0xffffffff) throw inZip64()
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== count || begin + size !== length - endSize) throw notAsSaid()
  const directory = bytesAt(file, begin, size)
  let [at, offset] = [0, 0]
  for (let n = 0; n < count; n++) {
    const header = headerIn(directory, at, centralMark)
    assertOrdinary(header)
    if (header.bytes.readUInt32LE(42) !== offset) throw notAsSaid()
    const entry = entryAt(file, offset, begin, header)
    yield entry
    at += header.bytes.length
    offset = entry.from + entry.packed + (header.flags & described ? descriptorSize : 0)
  }
  if (at !== size || offset !== begin) throw notAsSaid()
}

/** The fields that both kinds of header have, in one order. */
type Header = {
  readonly version: number
  readonly flags: number
  readonly method: number
  readonly time: number
  readonly sums: Sums
  readonly name: Buffer
  readonly extra: Buffer
  readonly bytes: Buffer
}
type Sums = { readonly crc: number; readonly packed: number; readonly size: number }
const sumsAt = (bytes: Buffer, at: number): Sums => ({
  crc: bytes.readUInt32LE(at),
  packed: bytes.readUInt32LE(at + 4),
  size: bytes.readUInt32LE(at + 8),
})
const areSame = (a: Sums, b: Sums) => a.crc === b.crc && a.packed === b.packed && a.size === b.size

function headerIn(all: Buffer, at: number, mark: number): Header {
  const isCentral = mark === centralMark
  const [fixed, first] = isCentral ? [centralSize, at + 6] : [localSize, at + 4]
  if (at + fixed > all.length || all.readUInt32LE(at) !== mark) throw notAsSaid()
  const [names, extras] = [all.readUInt16LE(first + 22), all.readUInt16LE(first + 24)]
  const end = at + fixed + names + extras + (isCentral ? all.readUInt16LE(first + 26) : 0)
  if (end > all.length) throw notAsSaid()
  return {
    version: all.readUInt16LE(first),
    flags: all.readUInt16LE(first + 2),
    method: all.readUInt16LE(first + 4),
    time: all.readUInt32LE(first + 6),
    sums: sumsAt(all, first + 10),
    name: all.subarray(at + fixed, at + fixed + names),
    extra: all.subarray(at + fixed + names, at + fixed + names + extras),
    bytes: all.subarray(at, end),
  }
}

/** What the directory says of one file, by itself. */
function assertOrdinary({ version, flags, method, sums: { packed, size }, name, extra, bytes }: Header) {
  if ((flags & encrypted) !== 0) throw unsupported('The zip is encrypted')
  if ((flags & ~known) !== 0) throw failed('The zip has flags that a bundle has no use for')
  if (method !== stored && method !== deflated) throw unsupported('The zip is compressed in another way than deflate')
  const [attributes, offset] = [bytes.readUInt32LE(38), bytes.readUInt32LE(42)]
  if (packed === 0xffffffff || size === 0xffffffff || offset === 0xffffffff) throw inZip64()
  if (version > newest) throw unsupported('The zip needs a newer version of the format than 2.0')
  if (bytes.readUInt32LE(32) !== 0) throw failed('The zip is in parts, or has comments')
  assertHarmless(extra)
  const isFolder = name.at(-1) === slash
  const kind = (attributes >>> 16) & kindOfFile
  if ((kind !== 0 && kind !== (isFolder ? aFolder : aFile)) || (!isFolder && (attributes & dosFolder) !== 0))
    throw failed('A bundle holds files and folders only')
  if (name.some(byte => byte > 0x7f) && (flags & inUtf8) === 0) throw failed('A name in the zip is not in UTF-8')
  if (isFolder ? method !== stored || packed !== 0 || size !== 0 : method === stored && packed !== size) throw notAsSaid()
}

/** Where the bytes of a file are, by the header in front of them: it says what the directory says, and so does what stands behind. */
function entryAt(file: number, offset: number, begin: number, central: Header): ZipEntry {
  const { version, flags, method, time, sums, name } = central
  if (offset + localSize > begin) throw notAsSaid()
  const fixed = bytesAt(file, offset, localSize)
  const length = localSize + fixed.readUInt16LE(26) + fixed.readUInt16LE(28)
  if (offset + length > begin) throw notAsSaid()
  const local = headerIn(bytesAt(file, offset, length), 0, localMark)
  const isDescribed = (flags & described) !== 0
  const isSame =
    local.version === version
    && local.flags === flags
    && local.method === method
    && local.time === time
    && local.name.equals(name)
    && areSame(local.sums, isDescribed ? { crc: 0, packed: 0, size: 0 } : sums)
  if (!isSame) throw notAsSaid()
  assertHarmless(local.extra)
  const [from, to] = [offset + length, offset + length + sums.packed]
  if (to + (isDescribed ? descriptorSize : 0) > begin) throw notAsSaid()
  if (isDescribed) {
    const behind = bytesAt(file, to, descriptorSize)
    if (behind.readUInt32LE(0) !== descriptorMark || !areSame(sumsAt(behind, 4), sums)) throw notAsSaid()
  }
  return { name: nameIn(name), isDeflated: method === deflated, from, ...sums }
}

function nameIn(bytes: Buffer): string {
  try {
    return fromUtf8(bytes, 'A name')
  } catch {
    throw failed('A name in the zip is not in UTF-8')
  }
}

function bytesAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  if (readSync(file, bytes, 0, length, at) !== length) throw new BundleRefused('incomplete', 'The zip is cut short')
  return bytes
}

function assertHarmless(extra: Buffer) {
  let at = 0
  while (at + 4 <= extra.length) {
    const kind = extra.readUInt16LE(at)
    if (kind === zip64) throw inZip64()
    if (!harmless.includes(kind)) throw failed('The zip adds something to a file that a bundle has no use for')
    at += 4 + extra.readUInt16LE(at + 2)
  }
  if (at !== extra.length) throw notAsSaid()
}
