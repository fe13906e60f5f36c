import type { JsonValue } from '#kernel/json'
import { canonicalJson } from './canonical.js'

/**
 * Whether a text is canonical JSON (RFC 8785), character for character: what `canonicalJson` writes of what it says. Of texts as nearly all
 * of ours are, in ASCII, with nothing escaped and of whole numbers, that is seen in one pass, four times faster than by writing them again.
 */
export const isCanonicalText = (text: string): boolean =>
  (!notPlain.test(text) && endOfValue(text, 0, maxDepth) === text.length) || isWrittenAgainAs(text)

function isWrittenAgainAs(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text) as JsonValue) === text
  } catch {
    return false
  }
}

const notPlain = /[^ -~]|\\/
const maxDepth = 32
/** So many are below 2^53 in any case. */
const mostDigits = 15
/** Where there is no such thing, or none that is seen at once. */
const none = -1
const code = (character: string) => character.charCodeAt(0)
const [quote, comma, colon, minus, zero, nine] = [code('"'), code(','), code(':'), code('-'), code('0'), code('9')]
const [openObject, closeObject, openList, closeList] = [code('{'), code('}'), code('['), code(']')]
const [ofTrue, ofFalse, ofNull] = [code('t'), code('f'), code('n')]

/** @param depth how many levels more there may be. */
function endOfValue(text: string, from: number, depth: number): number {
  switch (text.charCodeAt(from)) {
    case quote:
      return endOfString(text, from)
    case openObject:
      return depth > 0 ? endOfObject(text, from + 1, depth - 1) : none
    case openList:
      return depth > 0 ? endOfList(text, from + 1, depth - 1) : none
    case ofTrue:
      return text.startsWith('true', from) ? from + 4 : none
    case ofFalse:
      return text.startsWith('false', from) ? from + 5 : none
    case ofNull:
      return text.startsWith('null', from) ? from + 4 : none
    default:
      return endOfNumber(text, from)
  }
}

/** Nothing is escaped: the next quote ends it. */
function endOfString(text: string, from: number): number {
  const end = text.indexOf('"', from + 1)
  return end === none ? none : end + 1
}

/** What follows the digits is seen by whoever asked: no fraction, and no exponent. */
function endOfNumber(text: string, from: number): number {
  const first = text.charCodeAt(from) === minus ? from + 1 : from
  let end = first
  while (text.charCodeAt(end) >= zero && text.charCodeAt(end) <= nine) end++
  if (end === first || end - first > mostDigits) return none
  const isZeroAlone = end === from + 1
  return text.charCodeAt(first) === zero && !isZeroAlone ? none : end
}

function endOfList(text: string, from: number, depth: number): number {
  if (text.charCodeAt(from) === closeList) return from + 1
  for (let at = from; ; at++) {
    at = endOfValue(text, at, depth)
    if (at === none) return none
    const next = text.charCodeAt(at)
    if (next === closeList) return at + 1
    if (next !== comma) return none
  }
}

/** Names stand once, in the order of their code units. */
function endOfObject(text: string, from: number, depth: number): number {
  if (text.charCodeAt(from) === closeObject) return from + 1
  let [before, name] = [none, from]
  for (;;) {
    const end = text.charCodeAt(name) === quote ? endOfString(text, name) : none
    if (end === none || text.charCodeAt(end) !== colon || (before !== none && !standsBefore(text, before, name))) return none
    const at = endOfValue(text, end + 1, depth)
    if (at === none) return none
    const next = text.charCodeAt(at)
    if (next === closeObject) return at + 1
    if (next !== comma) return none
    before = name
    name = at + 1
  }
}

/** Of two names in their quotes, each by where it begins: without a text of its own for either. */
function standsBefore(text: string, one: number, other: number): boolean {
  for (let n = 1; ; n++) {
    const [a, b] = [text.charCodeAt(one + n), text.charCodeAt(other + n)]
    if (a === quote || b === quote) return a === quote && b !== quote
    if (a !== b) return a < b
  }
}
