import type { JsonValue } from '#kernel/json'
import { NotIJson, assertNumber, assertPlainObject, assertText, isNumber, isPlainObject, isText } from './i-json.js'

/**
 * RFC 8785 canonical JSON: the bytes that are stored, hashed and authenticated. Every append and every sealed value goes through here; a
 * property test holds it against the `canonicalize` library (ADR-0005). @throws NotIJson for what is not I-JSON.
 */
export function canonicalJson(value: JsonValue): string {
  return isInOrder(value) ? JSON.stringify(value) : textOf(value)
}

/** What was read from canonical text has its names in order already: the engine then writes it faster, and leaves less behind. */
function isInOrder(value: JsonValue): boolean {
  switch (typeof value) {
    case 'string':
      return isText(value)
    case 'number':
      return isNumber(value)
    case 'boolean':
      return true
    case 'object':
      return (
        value === null || (Array.isArray(value) ? hasItemsInOrder(value) : hasNamesInOrder(value as Readonly<Record<string, JsonValue>>))
      )
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false
  }
}

function hasItemsInOrder(items: readonly JsonValue[]): boolean {
  for (const item of items) if (!isInOrder(item)) return false
  return true
}

function hasNamesInOrder(value: Readonly<Record<string, JsonValue>>): boolean {
  if (!isPlainObject(value)) return false
  let last = ''
  for (const name in value) {
    if (name < last || !isText(name) || !isInOrder(value[name] as JsonValue)) return false
    last = name
  }
  return true
}

/** Checks and writes in one pass. */
function textOf(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      assertText(value)
      return JSON.stringify(value)
    case 'number':
      return numberText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value)
        ? `[${Array.from(value as readonly JsonValue[], textOf).join(',')}]`
        : objectText(value as Readonly<Record<string, JsonValue>>)
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new NotIJson(`a ${typeof value} cannot be stored`)
  }
}

/** ECMAScript writes numbers as RFC 8785 wants them. */
function numberText(value: number): string {
  assertNumber(value)
  return Object.is(value, -0) ? '0' : String(value)
}

/** Names in the order of their UTF-16 code units, as Array.prototype.sort has it. */
function objectText(value: Readonly<Record<string, JsonValue>>): string {
  assertPlainObject(value)
  let text = ''
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${nameText(name)}${textOf(value[name] as JsonValue)}`
  }
  return `{${text}}`
}

/** Events have a few hundred names between them, and write them again and again. */
const knownNames = new Map<string, string>()
const mostKnown = 2_000
function nameText(name: string): string {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  assertText(name)
  const text = `${JSON.stringify(name)}:`
  if (knownNames.size < mostKnown && name.length <= 40) knownNames.set(name, text)
  return text
}
