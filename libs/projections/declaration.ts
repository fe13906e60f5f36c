import { createHash } from 'node:crypto'
import { canonicalJson } from '#event-kit/canonical'
import type { Projection, Table } from './projection.js'

/** The read model is not there as this release declares it: another release made it, or it is still to be built. */
export class NotCurrent extends Error {
  constructor(projection: string, building: boolean) {
    super(
      building
        ? `The read model ${projection} is being built. Wait until the worker has built it: `
            + 'caseledger projections status says how far it is.'
        : `The read model ${projection} is not there as this release declares it. Start the worker of this release: it builds it.`,
    )
  }
}

const known = new WeakMap<Projection, string>()

/**
 * What a read model's rows are kept in and made from, as one hash: its tables, the concerns and streams that it hears,
 * and its revision. It is stored with the rows; rows under another hash are another read model's, whatever its name.
 * Handlers are not in it: whoever makes them write something else raises the revision.
 */
export function declarationOf(projection: Projection): string {
  const declared = known.get(projection) ?? hashOf(projection)
  known.set(projection, declared)
  return declared
}

export const revisionOf = ({ revision = 1 }: Projection): number => revision

function hashOf(projection: Projection): string {
  const { tables, concerns, contexts } = projection
  const hears = { concerns: [...concerns].sort(), contexts: [...contexts].sort() }
  const text = canonicalJson({ tables: tables.map(stored), ...hears, revision: revisionOf(projection) })
  return createHash('sha256').update(text).digest('base64url')
}

/** Of a table what the database holds, and what a purge goes by. */
const stored = ({ name, key, subject, columns, indexes = [] }: Table) => ({
  name,
  key,
  subject: subject ?? null,
  columns: Object.fromEntries(
    Object.entries(columns).map(([column, { type, personal, nullable = false }]) => [column, { type, personal, nullable }]),
  ),
  indexes: indexes.map(on => [...on]),
})
