import { type Evolve, within } from '#decider/decider'
import { type Episode, type EpisodeStep, evolveEpisode, isUnsupported } from '#domain/person/episode/episode'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { openRecordsTable } from './table.js'

const { intake, episode, access } = personConcerns
type Open = { readonly episode?: Episode | undefined; readonly conflicted: readonly string[]; readonly position: bigint }
type Was = Open | undefined
const same = (was: Was) => was

/** Each step is the domain's own. */
const onEpisode = within<Was, Episode | undefined, EpisodeStep>(evolveEpisode, {
  take: was => was?.episode,
  put: (was, of) => was && { ...was, episode: of },
})
const evolve: Evolve<Was, EventOfConcern<typeof intake | typeof episode | typeof access>> = {
  ...onEpisode,
  ReferralReceived: (was, _, { position }) => was ?? { conflicted: [], position },
  ServiceWishConfirmed: same,
  ServiceDeclined: same,
  ServiceWishCheckRequested: same,
  ServiceWishUnresolved: same,
  EligibilityConfirmed: same,
  EligibilityRefused: same,
  BreakGlassUsed: same,
  BreakGlassReviewed: same,
  ConflictDeclared: (was, { staffRef }) => was && { ...was, conflicted: [...new Set([...was.conflicted, staffRef])] },
  ConflictEnded: (was, { staffRef }) => was && { ...was, conflicted: was.conflicted.filter(one => one !== staffRef) },
}

const rowOf = ({ episode: of, conflicted, position }: Open) => ({
  worker: of?.worker ?? null,
  support: isUnsupported(of) ? ('UNSUPPORTED' as const) : of?.worker === undefined ? ('OVER' as const) : ('SUPPORTED' as const),
  conflicted,
  folded: (of ?? {}) as JsonObject,
  position,
})
const openIn = ({ folded, conflicted, position }: RowOf<typeof openRecordsTable>): Open => ({
  episode: 'episodeId' in folded ? (folded as unknown as Episode) : undefined,
  conflicted,
  position: BigInt(position),
})

/** C37, C38: to whom each record is open and to whom it is closed, so that a list shows nobody more than their records do. */
export const openRecords = documentProjection({
  name: 'open-records',
  concerns: [intake, episode, access],
  table: openRecordsTable,
  fold: rowEach(openRecordsTable, { evolve, rowOf, stateOf: openIn }),
})
