import canonicalize from 'canonicalize'
import type { JsonValue } from '#kernel/json'
import { assertIJson } from './i-json.js'

/** RFC 8785 canonical JSON: the bytes that are stored, hashed and authenticated. @throws NotIJson for what is not I-JSON. */
export function canonicalJson(value: JsonValue): string {
  assertIJson(value)
  const text = (canonicalize)(value)
  if (text === undefined) throw new Error('canonicalize gave nothing back')
  return text
}
