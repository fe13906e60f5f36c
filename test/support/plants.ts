import { type OpenApi, type Schema, resolved } from '../fuzz/openapi.js'

/** The root of every planted word: an invented one, that stands nowhere by itself. */
const root = 'Quincewort'
const letters = (n: number): string => (n < 16 ? '' : letters(Math.floor(n / 16))) + 'abcdefghijklmnop'.charAt(n % 16)
/** A word of its own for each request, so that what is found says where it was planted. */
export const plantedWord = (nth: number) => `${root}${letters(nth).padStart(4, 'a')}`
/** The same word in every form that some field takes for a code. */
export const formsOf = (word: string): readonly string[] => [
  word,
  word.toUpperCase(),
  `${word.toUpperCase()}1`,
  `${word.toUpperCase()}-2026-1`,
  `DPO-${word.toUpperCase()}`,
  `${word.toUpperCase()}_LETTER`,
  `policy-${word.toLowerCase()}`,
  `EMP.${word.toLowerCase()}`,
  `${word} Act 2018 section 5`,
]
/** As they stand in bytes. */
export const roots: readonly string[] = [root, root.toUpperCase(), root.toLowerCase()]
/** The planted words that stand in a text, as they were planted. */
export const plantsIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(new RegExp(`${root}([a-p]{4,})`, 'gi'))].map(([, nth = '']) => `${root}${nth.toLowerCase()}`))].map(word =>
    word.slice(0, root.length + 4),
  )

/** Where words can be planted: `rows.0.recipient`, an object that takes any name, or what takes a listed code, a date or an id only. */
export type Place = { readonly path: readonly string[]; readonly of: 'TEXT' | 'ANY_OBJECT' | 'CLOSED' }
export function placesIn(document: OpenApi, schema: Schema, path: readonly string[] = []): readonly Place[] {
  const { type, properties, items, enum: listed, format = 'none' } = resolved(document, schema)
  if (properties) return Object.entries(properties).flatMap(([name, of]) => placesIn(document, of, [...path, name]))
  if (type === 'object') return [{ path, of: 'ANY_OBJECT' }]
  if (type === 'array') return placesIn(document, items ?? {}, [...path, '0'])
  if (type !== undefined && type !== 'string') return []
  return [{ path, of: listed || ['date', 'date-time', 'uuid'].includes(format) ? 'CLOSED' : 'TEXT' }]
}

/** The body with this word in this place. */
export function planted(body: object, { path, of }: Place, word: string): object {
  const changed = structuredClone(body) as Record<string, unknown>
  let holder = changed
  for (const [n, name] of path.slice(0, -1).entries()) holder = (holder[name] ??= path[n + 1] === '0' ? [] : {}) as Record<string, unknown>
  holder[path.at(-1) as string] = of === 'ANY_OBJECT' ? { [word.toLowerCase()]: word, skills: word } : word
  return changed
}
