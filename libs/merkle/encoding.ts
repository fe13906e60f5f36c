import { FormatError, Unsupported } from './format-error.js'

const standard = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const decimal = /^(0|[1-9][0-9]{0,19})$/

/** RFC 4648 section 4, with padding and without stray bits: one text for each sequence of bytes. @throws FormatError */
export function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (!standard.test(text) || bytes.toString('base64') !== text) throw new FormatError(`${what} must be standard base64`)
  return bytes
}
/** @throws FormatError unless it is the base64 of 32 bytes. */
export function hashFromBase64(text: string, what: string): Buffer {
  const hash = fromBase64(text, what)
  if (hash.length !== 32) throw new FormatError(`${what} must be 32 bytes`)
  return hash
}
/** ASCII decimal without leading zeroes. @throws FormatError; Unsupported beyond 2^53 - 1. */
export function fromDecimal(text: string, what: string): number {
  if (!decimal.test(text)) throw new FormatError(`${what} must be a decimal number without leading zeroes`)
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Unsupported(`${what} is beyond 2^53 - 1`)
  return number
}
/** @throws FormatError unless the bytes are UTF-8. */
export function fromUtf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new FormatError(`${what} must be UTF-8`)
  }
}
/** The lines of a text of which each ends in a newline. @throws FormatError for a last line without one. */
export function linesOf(text: string, what: string): readonly string[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new FormatError(`${what} must end in a newline`)
  return text.slice(0, -1).split('\n')
}
