import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A word as it may stand in bytes: as it is, in UTF-16, in hex, and in base64 wherever it begins. */
function formsOf(word: string): readonly Buffer[] {
  const bytes = Buffer.from(word)
  const base64 = [0, 1, 2].map(shift =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  return [bytes, Buffer.from(word, 'utf16le'), Buffer.from(bytes.toString('hex')), ...base64.map(text => Buffer.from(text))]
}

const stem = 'CanaryWord'
/** A word that stands nowhere by chance. Where what all of them begin with stands in no form, none of them does: one look for each form. */
export const canaryWord = (of: string) => `${stem}${of}`

/** Those of the words that stand in the bytes in any form. */
export function found(bytes: Buffer, words: readonly string[]): readonly string[] {
  const holds = (word: string) => formsOf(word).some(form => bytes.includes(form))
  const mayHoldCanaries = holds(stem)
  return words.filter(word => (mayHoldCanaries || !word.startsWith(stem)) && holds(word))
}

function* filesUnder(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesUnder(path)
    else if (entry.isFile() && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) yield path
  }
}

/** The files under these folders that hold any of the words in any form. */
export const filesHolding = (folders: readonly string[], words: readonly string[]) =>
  folders.flatMap(folder => [...filesUnder(folder)].filter(path => found(bytesOf(path), words).length > 0))

/** A database that runs takes files of its own away: one that is gone holds nothing. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
