import type { Asked, ListCapability, Source } from '#nest/list-of'
import type { RequestFacts } from '#nest/request'
import { type Capability, type May, rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import type { Table } from '#projections/projection'
import type { Condition, Filterable, RowsOf } from '#projections/question'
import type { RowOf } from '#projections/table'

/** What waits for somebody: of whom, since or until when, and by which id it is found. */
export type Waits = {
  readonly subjectRef?: string
  readonly id?: string
  readonly since?: string | null
  /** A day or an instant. */
  readonly due?: string | null
}
/** Whoever looks at their day, when, and by which policies. */
export type Morning = { readonly told: RequestFacts; readonly now: string; readonly policy: PolicyFacts }
type Rows = readonly RowOf<Table>[]
/** Whose records are open to them, by the reach of a row of the table. */
export type Opened = (capability: ListCapability) => Promise<RowsOf<Table>>

/** A kind of work: whose it is, where it waits, and what is said of it. */
export type Work = {
  readonly isOf: (role: RequestFacts['actor']['role']) => boolean
  readonly asks: (morning: Morning, opened: Opened, atMost: number) => Promise<Asked>
  readonly found: (rows: Rows, morning: Morning) => readonly Waits[]
}

type Declared<T extends Table> = Source<T> & {
  /** It is for whoever may do this by this row of the table of capabilities. */
  readonly capability: ListCapability
  readonly may?: May
  /** Of a table about people: whose records it may be about. Of the same row unless told. */
  readonly opens?: ListCapability
  /** By which row they may read it; as `opens` unless told. */
  readonly reads?: Capability
  /** The alternatives, of which one has to hold. */
  readonly which: (morning: Morning) => readonly (readonly Condition<T>[])[]
  /** What is first is done first. */
  readonly by: Filterable<T>
  readonly item: (row: RowOf<T>, morning: Morning) => Waits
}

/** An instant of a row, as answers have it. */
export const at = (instant: Date | null) => instant?.toISOString() ?? null

/** All rows that are in a state. */
export const inState = (value: string) => () => [[{ column: 'state', is: '=', value }]] as const

const ofPerson = 'subject_ref'

export const work = <T extends Table>(declared: Declared<T>): Work => {
  const { table, capability, may = 'COMMAND', opens = capability, reads = opens, which, by, item } = declared
  const [workers, readers] = [rolesThatMay(capability, may), rolesThatMay(reads, 'READ')]
  return {
    isOf: role => workers.includes(role) && readers.includes(role),
    asks: async (morning, opened, atMost) => {
      const where = ofPerson in table.columns ? [{ column: ofPerson, is: 'in', rows: await opened(opens) } as const] : []
      return { source: declared, question: { where, oneOf: which(morning), by, limit: atMost } }
    },
    found: (rows, morning) => rows.map(row => item(row as RowOf<T>, morning)),
  }
}
