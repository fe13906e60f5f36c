import type { Random } from '../../support/random.js'

type Element = { tag: number; content: Buffer | Element[] }

/** An element of DER in DER, changed by itself: its tag, its bytes, its place, how often it is there. Lengths around it are right again. */
export function changedDer(dice: Random, bytes: Buffer): Buffer {
  const top = elementsOf(bytes)
  if (!top) return bytes
  const lists: Element[][] = []
  const collect = (list: Element[]) => {
    lists.push(list)
    for (const { content } of list) if (Array.isArray(content)) collect(content)
  }
  collect(top)
  const list = dice.pick(lists.filter(({ length }) => length > 0))
  const at = dice.below(list.length)
  const some = list[at]!
  const elsewhere = dice.pick(dice.pick(lists.filter(({ length }) => length > 0)))
  // As bytes: it may hold the very list that it is put into.
  const other = { tag: elsewhere.tag, content: Buffer.isBuffer(elsewhere.content) ? elsewhere.content : written(elsewhere.content) }
  switch (dice.below(9)) {
    case 0:
      list.splice(at, 1)
      break
    case 1:
      list.splice(at, 0, some)
      break
    case 2:
      list[at] = other
      break
    case 3:
      some.tag = dice.pick([0x02, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0xa0, 0xa1, 0x1f, some.tag ^ (1 << dice.below(8))])
      break
    case 4:
      list.push(other)
      break
    case 5:
      some.content = Buffer.alloc(0)
      break
    case 6:
      list.push({ tag: 0x05, content: Buffer.alloc(0) })
      break
    case 7:
      top.push(other)
      break
    default: {
      const content = Buffer.isBuffer(some.content) ? Buffer.from(some.content) : written(some.content)
      if (content.length > 0) content[dice.below(content.length)] = dice.pick([0, 1, 0x30, 0x39, 0x5a, 0x80, 0xff, dice.below(256)])
      some.content = content
    }
  }
  return written(top)
}

/** Undefined for what is no DER. What is constructed is read into, and a text of octets that holds DER, too. */
function elementsOf(bytes: Buffer): Element[] | undefined {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length;) {
    const [tag, short] = [bytes[at], bytes[at + 1]]
    if (tag === undefined || short === undefined) return undefined
    const more = short < 0x80 ? 0 : short & 0x7f
    if (more > 4 || at + 2 + more > bytes.length) return undefined
    const begin = at + 2 + more
    const end = begin + (more === 0 ? short : bytes.readUIntBE(at + 2, more))
    if (end > bytes.length) return undefined
    const content = bytes.subarray(begin, end)
    const inner = (tag & 0x20) !== 0 || tag === 0x04 ? elementsOf(content) : undefined
    elements.push({ tag, content: inner && inner.length > 0 ? inner : content })
    at = end
  }
  return elements
}

function written(elements: readonly Element[]): Buffer {
  return Buffer.concat(
    elements.flatMap(({ tag, content }) => {
      const bytes = Buffer.isBuffer(content) ? content : written(content)
      return [Buffer.from([tag]), lengthOf(bytes.length), bytes]
    }),
  )
}
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const short = bytes.subarray(bytes.findIndex(byte => byte !== 0))
  return Buffer.concat([Buffer.from([0x80 | short.length]), short])
}
