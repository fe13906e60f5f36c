import { type CsvError, type Info, parse } from 'csv-parse/sync'
import type { FieldProblem } from '#nest/problems'
import { refusedAs } from '#nest/problems'

/** More lines than these are sent as several files. */
export const mostLines = 1_000

/** Where the cell of a column stands in the body of a referral. That two people are not one is said by somebody, for one referral. */
const columns = {
  source: ['source'],
  channel: ['channel'],
  serviceArea: ['serviceArea'],
  receivedAt: ['receivedAt'],
  serviceWish: ['serviceWish'],
  name: ['person', 'name'],
  dateOfBirth: ['person', 'dateOfBirth'],
  nhsNumber: ['person', 'nhsNumber'],
  phone: ['person', 'phone'],
  email: ['person', 'email'],
  address: ['person', 'address'],
  reason: ['reason'],
} as const
type Column = keyof typeof columns
export const columnNames = Object.keys(columns) as readonly Column[]
const needed: readonly Column[] = ['source', 'channel', 'serviceArea', 'receivedAt', 'serviceWish', 'name']
const isColumn = (name: string): name is Column => columnNames.includes(name as Column)
/** The column behind a field of the body. */
export const columnOf = (field: string) => columnNames.find(name => columns[name].join('.') === field) ?? field

/** A referral as a line has it, not judged yet; or why it is none. */
export type ReferralLine = { readonly line: number } & ({ readonly body: object } | { readonly errors: readonly FieldProblem[] })

const wrong = (rule: string) => refusedAs('INVALID_REQUEST', [{ field: 'csv', rule }])

/**
 * The lines of a file with referrals, each by the number of the line on which it ends. Cells are text, whatever a spreadsheet would make
 * of them; an empty one is left out. @throws Refused INVALID_REQUEST for a file that is none: nothing of what it holds is said
 */
export function referralsIn(csv: string): readonly ReferralLine[] {
  const [first, ...rows] = rowsIn(csv)
  const header = first?.record ?? []
  if (!header.every(isColumn)) throw wrong(`must begin with a line of column names, of these: ${columnNames.join(', ')}`)
  if (new Set(header).size < header.length) throw wrong('must not name a column twice')
  const missing = needed.filter(name => !header.includes(name))
  if (missing.length > 0) throw wrong(`must have the columns ${needed.join(', ')}`)
  if (rows.length > mostLines) throw wrong(`must hold at most ${String(mostLines)} referrals`)
  return rows.map(({ record, info: { lines } }) => ({
    line: lines,
    ...(record.length === header.length
      ? { body: bodyOf(header, record) }
      : { errors: [{ rule: 'must have a cell for each column, and no other' }] }),
  }))
}

type Row = { readonly record: readonly string[]; readonly info: Info }
function rowsIn(csv: string): readonly Row[] {
  try {
    return parse(csv, { info: true, skip_empty_lines: true, relax_column_count: true, trim: true }) as unknown as readonly Row[]
  } catch (error) {
    // Its message would say what stands there.
    throw wrong(`must be CSV: line ${String((error as CsvError)['lines'])} has a quote that is not closed, or begins within a cell`)
  }
}

function bodyOf(header: readonly Column[], cells: readonly string[]): object {
  const said = header.flatMap((column, n) => (cells[n] ? [[columns[column], cells[n]] as const] : []))
  const top = said.flatMap(([path, cell]) => (path.length === 1 ? [[path[0], cell] as const] : []))
  const person = said.flatMap(([path, cell]) => (path.length === 2 ? [[path[1], cell] as const] : []))
  return { ...Object.fromEntries(top), person: Object.fromEntries(person) }
}
