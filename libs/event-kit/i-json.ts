import type { JsonValue } from '#kernel/json'

/** Text or a value that is not I-JSON (RFC 7493), or deeper or larger than allowed. `rule` never holds what was sent. */
export class NotIJson extends Error {
  constructor(readonly rule: string) {
    super(`Not acceptable JSON: ${rule}`)
  }
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** What every store gives back unchanged, each by its kind. */
export const isPlainObject = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
export const isNumber = (value: number) => Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
export const isText = (text: string) => text.isWellFormed() && !text.includes('\u0000')
/** @throws NotIJson for text that not every store gives back. */
export function assertText(text: string) {
  if (!text.isWellFormed()) throw new NotIJson('text must be well-formed Unicode (no lone surrogates)')
  if (text.includes('\u0000')) throw new NotIJson('text must not contain the NUL character')
}

/** @throws NotIJson for a number that not every store gives back. */
export function assertNumber(value: number) {
  if (!Number.isFinite(value)) throw new NotIJson('numbers must be finite')
  if (!isNumber(value)) throw new NotIJson('integers must be at most 2^53 - 1')
}

/** @throws NotIJson for anything but a plain object. */
export function assertPlainObject(value: object) {
  if (!isPlainObject(value)) throw new NotIJson('only plain objects can be stored')
}

/** @throws NotIJson unless every store gives the value back unchanged: RFC 7493, safe integers, no NUL, no undefined. */
export function assertIJson(value: unknown): asserts value is JsonValue {
  switch (typeof value) {
    case 'string':
      assertText(value)
      return
    case 'boolean':
      return
    case 'number':
      assertNumber(value)
      return
    case 'object': {
      if (value === null) return
      if (Array.isArray(value)) {
        for (const item of value) assertIJson(item)
        return
      }
      assertPlainObject(value)
      for (const [key, item] of Object.entries(value)) {
        assertText(key)
        assertIJson(item)
      }
      return
    }
    case 'bigint':
    case 'symbol':
    case 'undefined':
    case 'function':
      throw new NotIJson(`a ${typeof value} cannot be stored`)
  }
}

/** How much a JSON text may hold: levels of nesting, fields of one object, and fields and list items in all. */
export type Room = { readonly depth: number; readonly fields: number; readonly values: number }
const anyRoom: Room = { depth: 32, fields: Infinity, values: Infinity }

/**
 * Parses untrusted JSON text. @throws NotIJson for a syntax error, a duplicate or dangerous key, more of anything than there is room for,
 * and whatever assertIJson refuses. The message names the rule, never the text.
 */
export function parseIJson(text: string, room: Partial<Room> = {}): JsonValue {
  assertShape(text, { ...anyRoom, ...room })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new NotIJson('the body must be valid JSON')
  }
  assertIJson(value)
  return value
}

/** One pass over the text, without recursion, for what JSON.parse forgives: size, depth, duplicate and dangerous keys. It ends there. */
function assertShape(text: string, { depth, fields, values }: Room) {
  const open: (Set<string> | 'array')[] = []
  let expectKey = false
  // Each value but the first of its object or list comes after a comma.
  let [commas, opened] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    switch (text.charAt(i)) {
      case '{':
        open.push(new Set())
        opened++
        expectKey = true
        break
      case '[':
        open.push('array')
        opened++
        expectKey = false
        break
      case '}':
      case ']':
        open.pop()
        expectKey = false
        break
      case ',':
        commas++
        expectKey = open.at(-1) instanceof Set
        break
      case '"': {
        const end = endOfString(text, i)
        const keys = open.at(-1)
        if (expectKey && keys instanceof Set) {
          addKey(keys, text.slice(i, end + 1))
          if (keys.size > fields) throw new NotIJson(`an object must have at most ${fields} fields`)
          expectKey = false
        }
        i = end
        break
      }
      default:
    }
    if (open.length > depth) throw new NotIJson(`nesting must be at most ${depth} levels deep`)
    if (commas + opened > values) throw new NotIJson(`there must be at most ${values} fields and list items in all`)
  }
}

function endOfString(text: string, start: number) {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  throw new NotIJson('the body must be valid JSON')
}

function addKey(keys: Set<string>, quoted: string) {
  let key: unknown
  try {
    key = JSON.parse(quoted)
  } catch {
    throw new NotIJson('the body must be valid JSON')
  }
  if (typeof key !== 'string') throw new NotIJson('the body must be valid JSON')
  if (forbiddenKeys.has(key)) throw new NotIJson('a field name is reserved')
  if (keys.has(key)) throw new NotIJson('an object must not name the same field twice')
  keys.add(key)
}
