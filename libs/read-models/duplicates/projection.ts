import { type Evolve, within } from '#decider/decider'
import type { LinkEvent } from '#domain/person/links/events'
import { type Links, evolveLinks, noLinks, possiblySame } from '#domain/person/links/links'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import { closesForGood } from '#event-kit/key-events'
import type { JsonObject } from '#kernel/json'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { duplicateTable } from './table.js'

const { keys, links } = personConcerns
type Alike = { readonly links: Links; readonly foundAt: string; readonly position: bigint }
type Was = Alike | undefined
const same = (was: Was) => was

/** Each step is the domain's own. Whoever was never found to be like somebody has no row. */
const onLinks = within<Was, Links, LinkEvent>(evolveLinks, {
  take: was => was?.links ?? noLinks,
  put: (was, of) => was && { ...was, links: of },
})
const evolve: Evolve<Was, EventOfConcern<typeof keys | typeof links>> = {
  ...onLinks,
  PossibleDuplicateFound: (was, data, meta) =>
    onLinks.PossibleDuplicateFound(was ?? { links: noLinks, foundAt: data.foundAt, position: meta.position }, data, meta),
  SubjectKeyCreated: same,
  // Of somebody who is erased nothing is left to compare.
  ErasureFenced: (was, { scopes }) => (was && closesForGood(scopes) ? { ...was, links: { ...was.links, possible: {} } } : was),
  KeyRetired: same,
  SubjectKeyDestroyed: same,
}

const rowOf = ({ links: of, foundAt, position }: Alike) => {
  const possibly = possiblySame(of)
  const found = possibly.map(other => of.possible[other]?.foundAt ?? foundAt).sort()
  return {
    state: possibly.length > 0 ? ('TO_COMPARE' as const) : ('COMPARED' as const),
    possibly,
    found_at: found[0] ?? foundAt,
    folded: { links: of, foundAt } as unknown as JsonObject,
    position,
  }
}
const alikeIn = ({ folded, position }: RowOf<typeof duplicateTable>): Alike => {
  const { links: of, foundAt } = folded as unknown as Pick<Alike, 'links' | 'foundAt'>
  return { links: of, foundAt, position: BigInt(position) }
}

/** C10: who may have an older record, of which somebody has to say whether it is theirs. */
export const duplicates = documentProjection({
  name: 'duplicates',
  concerns: [keys, links],
  table: duplicateTable,
  fold: rowEach(duplicateTable, { evolve, rowOf, stateOf: alikeIn }),
})
