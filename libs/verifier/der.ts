import { FormatError } from '#merkle/format-error'

/** One element of DER (X.690): its tag, what is in it, and the whole of it. */
export type Der = { readonly tag: number; readonly content: Buffer; readonly whole: Buffer }
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
  context3: 0xa3,
} as const

/**
 * The elements that follow each other. @throws FormatError for what is not DER: lengths that are not the shortest, or that lead beyond
 * the end.
 */
export function elementsOf(bytes: Buffer): readonly Der[] {
  const elements: Der[] = []
  for (let at = 0; at < bytes.length;) {
    const { start, end } = span(bytes, at)
    elements.push({ tag: bytes[at] as number, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return elements
}

function span(bytes: Buffer, at: number): { readonly start: number; readonly end: number } {
  const short = bytes[at + 1]
  if (short === undefined || ((bytes[at] as number) & 0x1f) === 0x1f) throw new FormatError('A time stamp is DER with tags of one byte')
  const more = short < 0x80 ? 0 : short & 0x7f
  if (more > 4 || (short >= 0x80 && more === 0) || at + 2 + more > bytes.length)
    throw new FormatError('A length in a time stamp leads beyond its end')
  const length = more === 0 ? short : bytes.readUIntBE(at + 2, more)
  const start = at + 2 + more
  if (more > 0 && (length < 0x80 || bytes[at + 2] === 0)) throw new FormatError('A length in a time stamp is not the shortest')
  if (start + length > bytes.length) throw new FormatError('A length in a time stamp leads beyond its end')
  return { start, end: start + length }
}

/** The one element that these bytes are, with the tag that it has to have. @throws FormatError */
export function only(bytes: Buffer, tag: number): readonly Der[] {
  const [element, another] = elementsOf(bytes)
  if (element?.tag !== tag || another) throw new FormatError('A time stamp is not of the form of RFC 3161')
  return elementsOf(element.content)
}

/** @throws FormatError for an element that is missing or of another kind. */
export function expected(element: Der | undefined, tag: number): Der {
  if (element?.tag !== tag) throw new FormatError('A time stamp is not of the form of RFC 3161')
  return element
}

/** An object identifier in numbers and dots. */
export function oidOf(element: Der | undefined): string {
  const { content } = expected(element, derTag.oid)
  const isWhole = content.length > 0 && (content.at(-1) as number) < 0x80
  if (!isWhole || content.some((byte, n) => byte === 0x80 && (n === 0 || (content[n - 1] as number) < 0x80)))
    throw new FormatError('A name in a time stamp is not of the form of RFC 3161')
  const [numbers, first] = [[] as number[], content[0] ?? 0]
  let value = 0
  for (const byte of content.subarray(1)) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      numbers.push(value)
      value = 0
    }
  }
  return [Math.floor(first / 40), first % 40, ...numbers].join('.')
}
