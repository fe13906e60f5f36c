import { type Evolve, within } from '#decider/decider'
import { personConcerns } from '#domain/person/person'
import { type FactEvent, type StandingFacts, evolveStanding, noFacts, seriousRiskIn } from '#domain/person/standing/facts'
import type { EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { riskTable } from './table.js'

const { standing, details, keys } = personConcerns
type Known = { readonly facts: StandingFacts; readonly position: bigint }
type Was = Known | undefined
const same = (was: Was) => was

/** Each step is the domain’s own. Of whom nothing ever stood there is no row. A place in the list is that of the first fact. */
const onFacts = within<Was, StandingFacts, FactEvent>(evolveStanding, {
  take: was => was?.facts ?? noFacts,
  put: (was, facts) => (was ? { ...was, facts } : Object.keys(facts).length > 0 ? { facts, position: 0n } : was),
})
const placed = Object.fromEntries(
  Object.entries(onFacts).map(([type, step]) => [
    type,
    (was: Was, data: never, meta: Parameters<typeof step>[2]): Was => {
      const next = step(was, data, meta)
      return next && !was ? { ...next, position: meta.position } : next
    },
  ]),
) as Evolve<Was, FactEvent>

const evolve: Evolve<Was, EventOfConcern<typeof standing | typeof details | typeof keys>> = {
  ...placed,
  PersonalDetailsRecorded: same,
  PersonalDetailsCorrected: same,
  HealthDataRecorded: same,
  DemographicsRecorded: same,
  DemographicDeclined: same,
  EqualityOptOutReceived: same,
  EqualityOptOutEnded: same,
  OffenceDataRecorded: same,
  SubjectKeyCreated: same,
  SubjectKeyDestroyed: same,
  KeyRetired: same,
}

function rowOf({ facts, position }: Known) {
  const all = Object.values(facts)
  const concerns = all.filter(({ kind }) => kind === 'SAFEGUARDING_CONCERN')
  const open = concerns.filter(({ endedOn }) => endedOn === undefined).map(({ from }) => from)
  return {
    concerns: open.length > 0 ? ('OPEN' as const) : concerns.length > 0 ? ('CLOSED' as const) : ('NONE' as const),
    open_concerns: open.length,
    concern_since: open.sort()[0] ?? null,
    at_risk: seriousRiskIn(facts) ?? null,
    stands: [...new Set(all.filter(({ endedOn }) => endedOn === undefined).map(({ kind }) => kind))].sort(),
    folded: facts as unknown as JsonObject,
    position,
  }
}
const knownIn = ({ folded, position }: RowOf<typeof riskTable>): Known => ({
  facts: folded as unknown as StandingFacts,
  position: BigInt(position),
})

/** C21, C28: about whom there is a concern, who is at risk, and what else stands. What was erased or withdrawn stands no more. */
export const riskRegister = documentProjection({
  name: 'risk-register',
  concerns: [standing, details, keys],
  table: riskTable,
  fold: rowEach(riskTable, { evolve, rowOf, stateOf: knownIn }),
})
