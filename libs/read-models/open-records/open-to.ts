import type { Comer } from '#commands/need-to-know'
import { grantsNow } from '#domain/staff/grants/grants'
import { ledBy } from '#domain/staff/teams/teams'
import type { Reach } from '#policy/reach'
import type { Table } from '#projections/projection'
import type { Condition, RowsOf } from '#projections/question'
import { openRecordsTable } from './table.js'

type Open = Condition<typeof openRecordsTable>

/**
 * C37, C38: whose records are open to somebody whose role reaches so far, as `wayIn` decides it of one. A seal that they broke opens the
 * record, and puts it in no list.
 */
export function openTo({ actor, grants, teams }: Comer, reach: Reach, now: string): RowsOf<Table> {
  const notClosed: Open = { column: 'conflicted', is: 'lacks', value: actor.id }
  const rows = { table: openRecordsTable, column: 'subject_ref', where: [notClosed] } as const
  if (reach === 'EVERYBODY' || reach === 'BY_TICKET') return rows
  const led = reach === 'OWN_TEAM' ? ledBy(teams, actor.id) : new Set<string>()
  if (led === 'EVERYBODY') return rows
  return {
    ...rows,
    oneOf: [
      [{ column: 'support', is: '=', value: 'UNSUPPORTED' }],
      [{ column: 'worker', is: 'among', values: [actor.id, ...led] }],
      [{ column: 'subject_ref', is: 'among', values: grantsNow(grants, actor.role, now).map(({ subjectRef }) => subjectRef) }],
    ],
  }
}
