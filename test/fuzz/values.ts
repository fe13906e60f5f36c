import type { Random } from '../support/random.js'
import { type OpenApi, type Schema, resolved } from './openapi.js'

/** Stands in everything that is sent and must come back from nowhere. */
export const canary = 'Fuzz-Zephyrine-Okonedo'
/** Ids that exist, by the name of the field or parameter that takes them. */
export type Known = { readonly [name: string]: readonly string[] }

/** Codes that the demo policy pack knows, by field: the document cannot list what is policy data. */
const codes: Readonly<Record<string, readonly string[]>> = {
  recipient: ['DWP-JCP', 'STARS', 'POL-CRIME', 'POL-VICTIM', 'COURT'],
  purpose: ['SERVICE_PROVISION', 'EMPLOYMENT_SUPPORT', 'JOINT_CARE', 'CRIME_REPORT', 'AUDIT', 'LEGAL_OBLIGATION'],
  categories: ['ID', 'EMP', 'HLT', 'CON'],
  fields: ['ID.name', 'EMP.status', 'EMP.skills', 'CON.phone', 'HLT.summary'],
  requiredFields: ['ID.name', 'EMP.status'],
  exemption: ['SCH2-2', 'SCH2-5-3'],
  title: ['Road Traffic Act', 'Children Act'],
  provision: ['s.170', 'section 47'],
  formVersion: ['SCF-1'],
  nhsNumber: ['9990000018', '9990000077'],
  phone: ['07700 900471', '+44 191 498 0000'],
  email: ['fuzz.mailbox@example.test'],
  scope: ['EMP', 'ID'],
  category: ['EMP', 'CON', 'HLT'],
}

/** A value that the schema allows: mostly one that also means something. */
export function goodValue(document: OpenApi, schema: Schema, name: string, dice: Random, known: Known): unknown {
  const { type, enum: list, 'x-known': today, properties, required = [], items, minimum } = resolved(document, schema)
  const ids = known[name] ?? []
  if (ids.length > 0 && !dice.oneIn(12)) return dice.pick(ids)
  if (list) return dice.pick(list)
  switch (type) {
    case undefined:
    case 'string':
      return goodText(document, schema, name, dice)
    case 'boolean':
      return dice.oneIn(2)
    case 'integer':
    case 'number':
      return (minimum ?? 0) + dice.below(3)
    case 'array': {
      const length = 1 + dice.below(2)
      const values = Array.from({ length }, () =>
        today && !codes[name] ? dice.pick(today) : goodValue(document, items ?? {}, name, dice, known),
      )
      return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
    }
    case 'object': {
      if (!properties) return name === 'items' ? { [dice.pick(['status', 'skills', 'address', 'summary'])]: `${canary} works` } : {}
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([field]) => required.includes(field) || dice.oneIn(3))
          .map(([field, of]) => [field, goodValue(document, of, field, dice, known)]),
      )
    }
    default:
      return {}
  }
}

function goodText(document: OpenApi, schema: Schema, name: string, dice: Random): string {
  const { format, 'x-known': today, maxLength = 40 } = resolved(document, schema)
  switch (format) {
    case 'date-time':
      return new Date(Date.now() - dice.below(1_000_000) * 1_000).toISOString()
    case 'date':
      return name === 'dateOfBirth' ? dice.pick(['1987-02-28', '1961-11-29']) : dice.pick(['1987-02-28', '2026-01-31', '2031-12-01'])
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000'
    case 'email':
    case undefined:
    default:
      return dice.pick(codes[name] ?? today ?? [`${canary} ${dice.below(1_000)}`.slice(0, maxLength)])
  }
}

/** So many of anything that walking them would be noticed. */
const flood = <T>(many: number, of: (n: number) => T): readonly T[] => Array.from({ length: many }, (_, n) => of(n))
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}"${canary}"${'}'.repeat(levels)}`
const long = `${canary} ${'x'.repeat(60_000)}`
/** What no field takes, and what looks as if one did. */
const badValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  9_007_199_254_740_993,
  '',
  ' ',
  canary,
  long,
  [],
  {},
  [[]],
  [null],
  [canary, canary],
  { [canary]: canary },
  { $gt: '' },
  { length: 1e9 },
  `${canary}\u0000`,
  `\ud800${canary}`,
  `${canary}\u202e`,
  '\u{1F9FF}'.repeat(100),
  `'; drop table event_store.event; -- ${canary}`,
  `\${${canary}}`,
  `{{${canary}}}`,
  `../../${canary}`,
  `%00${canary}`,
  `<script>${canary}</script>`,
  `=cmd|' /C ${canary}'!A0`,
  '9999-99-99',
  '2026-02-30T25:61:61Z',
  '0001-01-01T00:00:00Z',
  '99999-01-01T00:00:00Z',
  'NaN',
  '-0',
  '1e999',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF',
  Array.from({ length: 300 }, (_, n) => `${canary}${n}`),
  flood(10_000, n => `${canary}${n}`),
  flood(5_000, () => ({})),
  flood(5_000, () => [[]]),
  Object.fromEntries(flood(199, n => [`${canary}${n}`, n])),
  '__proto__',
  'constructor',
]
export const badValue = (dice: Random): unknown => dice.pick(badValues)

/** JSON text that is wrong as a whole. */
const badBodies: readonly string[] = [
  '',
  'null',
  '[]',
  '"text"',
  '17',
  '{',
  '{"a":1,"a":2}',
  `{"__proto__":{"${canary}":1}}`,
  `{"constructor":{"prototype":{"${canary}":1}}}`,
  deep(40),
  deep(20_000),
  `{"${canary}":1}`,
  `{"a":"\\ud800${canary}"}`,
  `{"a":"\\u0000${canary}"}`,
  `{"a":${'9'.repeat(400)}}`,
  `\ufeff{}`,
  `{"a":"${canary}`,
  `[${'1,'.repeat(50_000)}1]`,
  `{"a":"${'\\n'.repeat(200_000)}"}`,
  JSON.stringify(Object.fromEntries(flood(60_000, n => [n.toString(36), n]))),
  JSON.stringify({ [canary]: flood(1_000, n => ({ [`${canary}${n}`]: flood(20, () => ({})) })) }),
  JSON.stringify({ [canary]: flood(100_000, () => []) }),
]

/** A body to send, and whether its shape alone is wrong: that is a 400, whatever else there is to say. */
export type Sent = { readonly text: string; readonly misshapen: boolean }

/** The text of a body: good, with one thing wrong somewhere, a list or an object where the other belongs, or wrong as a whole. */
export function bodyText(document: OpenApi, schema: Schema, dice: Random, known: Known): Sent {
  if (dice.oneIn(8)) return { text: dice.pick(badBodies), misshapen: false }
  const body = goodValue(document, schema, '', dice, known)
  if (dice.oneIn(5)) {
    const misshapen = misshape(document, schema, body, dice)
    return { text: JSON.stringify(body), misshapen }
  }
  for (let wrongs = dice.below(3); wrongs > 0; wrongs--) spoil(body, dice)
  return { text: JSON.stringify(body), misshapen: false }
}

const inList = (value: unknown) => [value]
const misshapes: readonly ((value: unknown) => unknown)[] = [
  inList,
  value => [inList(value)],
  () => [],
  () => [[[]]],
  () => canary,
  () => null,
]

/** Puts a list, or what is no object, where the document wants an object, as deep in as chance has it. False: it wants none there. */
function misshape(document: OpenApi, schema: Schema, value: unknown, dice: Random): boolean {
  const { properties } = resolved(document, schema)
  if (properties === undefined || typeof value !== 'object' || value === null) return false
  const holder = value as Record<string, unknown>
  const places = Object.keys(holder).flatMap(name => {
    const { type, items, properties: inner } = resolved(document, properties[name] ?? {})
    const list = holder[name]
    if (inner) return [{ holder, name, of: properties[name] ?? {} }]
    if (type !== 'array' || !items || resolved(document, items).type !== 'object' || !Array.isArray(list)) return []
    return list.map((_, n) => ({ holder: list as unknown as Record<string, unknown>, name: String(n), of: items }))
  })
  if (places.length === 0) return false
  const { holder: at, name, of } = dice.pick(places)
  if (dice.oneIn(3) && misshape(document, of, at[name], dice)) return true
  at[name] = dice.pick(misshapes)(at[name])
  return true
}

/** Makes one thing wrong, as deep in as chance has it. */
function spoil(value: unknown, dice: Random): void {
  if (value === null || typeof value !== 'object') return
  const holder = value as Record<string, unknown>
  const names = Object.keys(holder)
  const name = dice.pick(names.length > 0 ? names : [canary])
  const inner = holder[name]
  if (inner !== null && typeof inner === 'object' && dice.oneIn(2)) {
    spoil(inner, dice)
    return
  }
  switch (dice.below(4)) {
    case 0:
      if (Array.isArray(value)) value.length = 0
      else Reflect.deleteProperty(holder, name)
      return
    case 1:
      holder[canary] = badValue(dice)
      return
    default:
      holder[name] = badValue(dice)
  }
}
