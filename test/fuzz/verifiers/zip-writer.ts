import { crc32, deflateRawSync } from 'node:zlib'
import type { Random } from '../../support/random.js'

export type Part = { readonly name: string; readonly local: Buffer; readonly packed: Buffer; behind: Buffer; readonly central: Buffer }

/** A zip as ordinary tools write it; then, perhaps, changed in one of its fields, its order or its gaps. */
export function zipOf(dice: Random, files: ReadonlyMap<string, Buffer>, top: string, change: boolean): Buffer {
  const [described, folders, extras] = [dice.oneIn(2), dice.oneIn(2), dice.oneIn(3)]
  const parts: Part[] = []
  if (folders) parts.push(partOf(`${top}/`, Buffer.alloc(0), { deflate: false, described: false, extras }))
  for (const [path, content] of files) parts.push(partOf(`${top}/${path}`, content, { deflate: !dice.oneIn(4), described, extras }))
  if (!change) return joined(parts)
  return changed(dice, parts, top)
}

/** One file, with its headers as they should be but for where it stands. */
export function partOf(
  name: string,
  content: Buffer,
  { deflate, described, extras }: Record<'deflate' | 'described' | 'extras', boolean>,
): Part {
  const packed = deflate ? deflateRawSync(content) : content
  const [bytes, sum] = [Buffer.from(name), crc32(content)]
  const extra = extras ? Buffer.from('555405000300000000', 'hex') : Buffer.alloc(0)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE((described ? 8 : 0) | 0x0800, 2)
  fields.writeUInt16LE(deflate ? 8 : 0, 4)
  fields.writeUInt32LE(0x5d7d892f, 6)
  const sums = Buffer.alloc(12)
  sums.writeUInt32LE(sum, 0)
  sums.writeUInt32LE(packed.length, 4)
  sums.writeUInt32LE(content.length, 8)
  fields.writeUInt16LE(bytes.length, 22)
  fields.writeUInt16LE(extra.length, 24)
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, Buffer.alloc(14), bytes, extra])
  sums.copy(central, 16)
  central.writeUInt32LE((name.endsWith('/') ? 0o040755 : 0o100600) * 65_536, 38)
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, bytes, extra])
  if (!described) sums.copy(local, 14)
  return { name, local, packed, behind: described ? Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), sums]) : Buffer.alloc(0), central }
}

/** Files and their directory, with something between them perhaps, or with another directory. */
export function joined(parts: readonly Part[], gap = Buffer.alloc(0), gapAt = 0, listed: readonly Part[] = parts): Buffer {
  const at = new Map<Part, number>()
  const pieces: Buffer[] = []
  let length = 0
  const add = (piece: Buffer) => {
    pieces.push(piece)
    length += piece.length
  }
  parts.forEach((part, n) => {
    if (n === gapAt) add(gap)
    at.set(part, length)
    ;[part.local, part.packed, part.behind].forEach(add)
  })
  if (gapAt === parts.length) add(gap)
  const begin = length
  for (const part of listed) {
    const central = Buffer.from(part.central)
    // What was changed on purpose stays.
    if (central.readUInt32LE(42) === 0) central.writeUInt32LE(at.get(part) ?? 0, 42)
    add(central)
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(listed.length, 8)
  end.writeUInt16LE(listed.length, 10)
  end.writeUInt32LE(length - begin, 12)
  end.writeUInt32LE(begin, 16)
  return Buffer.concat([...pieces, end])
}

/** Where the fields of each kind of header are, and how many bytes they have. */
const localFields = [4, 6, 8, 10, 12, 14, 18, 22, 26, 28] as const
const centralFields = [4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 30, 32, 34, 36, 38, 42] as const
const endFields = [4, 6, 8, 10, 12, 16, 20] as const
/** From `version` to `size` both headers have the same fields, the directory two bytes later. */
const sharedFields = [4, 6, 8, 10, 12, 14, 18, 22] as const
const wide: readonly number[] = [14, 18, 22, 16, 20, 24, 38, 42, 12]

const oddNames = [
  '../x',
  '/x',
  'x/../y',
  'x//y',
  'x/.',
  'C:/x',
  'a\\b',
  'a\0b',
  'é',
  '\u{1f4be}',
  'x'.repeat(300),
  `${'y/'.repeat(600)}z`,
  '',
  '/',
  'x\n',
  '\ufffd',
  'data',
  'data/scope.json/',
  'DATA/SCOPE.JSON',
]

function changed(dice: Random, parts: Part[], top: string): Buffer {
  const some = dice.pick(parts)
  const junk = Buffer.from(dice.pick(['PK', 'x', 'PK\x03\x04', '\0\0\0\0', 'junk between']))
  const field = (bytes: Buffer, fields: readonly number[], isEnd = false) => {
    const at = dice.pick(fields)
    const isWide = isEnd ? at === 12 || at === 16 : wide.includes(at)
    const before = isWide ? bytes.readUInt32LE(at) : bytes.readUInt16LE(at)
    const value = dice.pick([
      0,
      1,
      before + 1,
      before ^ (1 << dice.below(isWide ? 31 : 16)),
      isWide ? 0xffffffff : 0xffff,
      dice.below(64),
      20,
      45,
    ])
    if (isWide) bytes.writeUInt32LE(value >>> 0, at)
    else bytes.writeUInt16LE(value & 0xffff, at)
  }
  const more = (name: string, content = Buffer.from('x')) =>
    partOf(name, content, { deflate: dice.oneIn(2), described: false, extras: false })
  switch (dice.below(18)) {
    case 0:
      field(some.local, localFields)
      return joined(parts)
    case 1:
      field(some.central, centralFields)
      return joined(parts)
    case 2: {
      const zip = joined(parts)
      field(zip.subarray(zip.length - 22), endFields, true)
      return zip
    }
    case 3:
      return joined(parts, junk, dice.below(parts.length + 1))
    case 4:
      return Buffer.concat([joined(parts), junk])
    case 5:
      parts.push(more(`${dice.oneIn(4) ? '' : `${top}/`}${dice.pick(oddNames)}`))
      return joined(parts)
    case 6:
      return joined(parts, undefined, 0, [...parts].reverse())
    case 7:
      return joined(parts, Buffer.alloc(0), 0, dice.oneIn(2) ? [...parts, some] : parts.filter(part => part !== some))
    case 8:
      some.behind = dice.pick([some.behind.subarray(4), Buffer.concat([some.behind, junk]), Buffer.alloc(16)])
      return joined(parts)
    case 9: {
      const extra = Buffer.from(
        dice.pick(['01000800ffffffffffffffff', '7570070001000000006162', '0a000400', '5554010000', '99190400', '55540500']),
        'hex',
      )
      const grown = (header: Buffer, lengthAt: number, end: number) => {
        const bytes = Buffer.concat([header.subarray(0, end), extra, header.subarray(end)])
        bytes.writeUInt16LE(bytes.readUInt16LE(lengthAt) + extra.length, lengthAt)
        return bytes
      }
      const both = dice.below(3)
      const part = {
        ...some,
        local: both === 0 ? some.local : grown(some.local, 28, some.local.length),
        central: both === 1 ? some.central : grown(some.central, 30, some.central.length),
      }
      return joined(
        parts.map(one => (one === some ? part : one)),
        Buffer.alloc(0),
        0,
      )
    }
    case 10:
      return joined([more(dice.pick(['top', top, 'other/x', `${top}/x/`]))].concat(dice.oneIn(2) ? parts : []))
    case 11: {
      const packed = dice.pick([Buffer.concat([some.packed, junk]), some.packed.subarray(0, -1), Buffer.concat([some.packed, some.packed])])
      return joined(
        parts.map(one => (one === some ? resized({ ...some, packed }) : one)),
        Buffer.alloc(0),
        0,
      )
    }
    case 12:
    case 13:
    case 14:
    case 15: {
      const at = dice.pick(sharedFields)
      const before = some.local.readUInt16LE(at)
      const value = dice.pick([0, before ^ (1 << dice.below(16)), before + 1, dice.below(100), 0x0800, 0x0806])
      some.local.writeUInt16LE(value & 0xffff, at)
      some.central.writeUInt16LE(value & 0xffff, at + 2)
      return joined(parts)
    }
    default: {
      const zip = joined(parts)
      const at = dice.below(zip.length)
      zip[at] = (zip[at] as number) ^ (1 << dice.below(8))
      return zip
    }
  }
}
/** With its new length wherever that stands. */
function resized(part: Part): Part {
  const central = Buffer.from(part.central)
  central.writeUInt32LE(part.packed.length, 20)
  const local = Buffer.from(part.local)
  if (local.readUInt32LE(18) !== 0) local.writeUInt32LE(part.packed.length, 18)
  const behind = Buffer.from(part.behind)
  if (behind.length === 16) behind.writeUInt32LE(part.packed.length, 8)
  return { ...part, central, local, behind }
}
