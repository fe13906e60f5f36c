import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import {
  CjInterventionEnded,
  CjInterventionStarted,
  CriminalJusticeOrderEnded,
  CriminalJusticeOrderRecorded,
  CustodyEventRecorded,
  DeathCorrected,
  DeathRecorded,
  OffenderStatusSet,
  PanelListingEnded,
  PanelListingRecorded,
  ReoffendingRiskAssessed,
  SafeguardingConcernClosed,
  SafeguardingConcernRaised,
  SeriousRiskAssessed,
  type StandingEvent,
  VulnerabilityEnded,
  VulnerabilityRecorded,
} from './events.js'

const fact = (n: number, words: string) => ({ subjectRef, factId: inventedId(n), words: Personal.of(words) })
const order = fact(31, 'a community order of twelve months')
const listing = fact(32, 'named by a neighbour')
const intervention = fact(33, 'a drug rehabilitation requirement')
const vulnerability = fact(34, 'cannot read letters')
const concern = fact(35, 'bruises, and afraid to go home')
const death = fact(36, 'told by the hospital')
const known = { from: '2026-10-01', until: '2027-09-30' } as const

/** One example of every event of this concern, every optional field filled. */
export const standingExamples = {
  OffenderStatusSet: OffenderStatusSet.of({ ...fact(30, 'said so at the first meeting'), from: '2026-09-01', status: 'EX_OFFENDER' }),
  CriminalJusticeOrderRecorded: CriminalJusticeOrderRecorded.of({ ...order, ...known }),
  CriminalJusticeOrderEnded: CriminalJusticeOrderEnded.of({ ...order, endedOn: '2026-10-31' }),
  PanelListingRecorded: PanelListingRecorded.of({ ...listing, ...known, panel: 'MARAC' }),
  PanelListingEnded: PanelListingEnded.of({ ...listing, endedOn: '2026-10-31' }),
  CjInterventionStarted: CjInterventionStarted.of({ ...intervention, ...known }),
  CjInterventionEnded: CjInterventionEnded.of({ ...intervention, endedOn: '2026-10-31' }),
  CustodyEventRecorded: CustodyEventRecorded.of({ ...fact(37, 'from the north wing'), from: '2026-10-15', step: 'RELEASED' }),
  ReoffendingRiskAssessed: ReoffendingRiskAssessed.of({ ...fact(38, 'two offences in a month'), from: '2026-10-01', level: 'HIGH' }),
  SeriousRiskAssessed: SeriousRiskAssessed.of({ ...fact(39, 'spoke of ending it'), from: '2026-10-01', who: 'THEMSELVES' }),
  VulnerabilityRecorded: VulnerabilityRecorded.of({ ...vulnerability, ...known }),
  VulnerabilityEnded: VulnerabilityEnded.of({ ...vulnerability, endedOn: '2026-10-31' }),
  SafeguardingConcernRaised: SafeguardingConcernRaised.of({ ...concern, raisedAt: at }),
  SafeguardingConcernClosed: SafeguardingConcernClosed.of({ ...concern, closedAt: at, outcome: 'REFERRED' }),
  DeathRecorded: DeathRecorded.of({ ...death, diedOn: '2026-10-20', learntAt: at }),
  DeathCorrected: DeathCorrected.of({ ...death, diedOn: '2026-10-21' }),
} satisfies ExampleOfEach<StandingEvent>
