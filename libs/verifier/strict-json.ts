import { NotIJson, parseIJson } from '#event-kit/i-json'
import type { JsonValue } from '#kernel/json'
import { fromUtf8 } from '#merkle/encoding'
import { FormatError } from '#merkle/format-error'

const texts = /"(?:[^"\\]|\\.)*"/g
const numbers = /[-+.\d][-+.\deE]*/g
const wholeNumber = /^(?:0|-?[1-9]\d{0,15})$/

/**
 * The JSON of docs/auditors.md, which both verifiers read and no other: strict UTF-8, names that stand once, at most 32 levels, and whole
 * numbers in decimal digits up to 2^53 - 1. @throws FormatError
 */
export function parseStrictJson(given: Uint8Array | string, what: string): JsonValue {
  const text = typeof given === 'string' ? given : fromUtf8(given, what)
  try {
    const value = parseIJson(text)
    const written = text.replaceAll(texts, '""').match(numbers) ?? []
    if (written.every(number => wholeNumber.test(number))) return value
  } catch (error) {
    if (!(error instanceof NotIJson)) throw error
  }
  throw new FormatError(`${what} must be JSON of the grammar of docs/auditors.md`)
}
