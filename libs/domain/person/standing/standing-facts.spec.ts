import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { type PersonEvent, person } from '../person.js'
import type { Past } from '../spec.js'
import {
  assessReoffendingRisk,
  assessSeriousRisk,
  endCjIntervention,
  endCriminalJusticeOrder,
  endPanelListing,
  endVulnerability,
  recordCriminalJusticeOrder,
  recordCustodyEvent,
  recordPanelListing,
  recordVulnerability,
  setOffenderStatus,
  startCjIntervention,
} from './standing-facts.js'

const { given } = specFor(person)
const { ReferralReceived: received, OffenderStatusSet: status } = examples
const {
  CriminalJusticeOrderRecorded: ordered,
  CriminalJusticeOrderEnded: orderEnded,
  PanelListingRecorded: listed,
  PanelListingEnded: listingEnded,
  CjInterventionStarted: started,
  CjInterventionEnded: interventionEnded,
  CustodyEventRecorded: custody,
  ReoffendingRiskAssessed: reoffending,
  SeriousRiskAssessed: serious,
  VulnerabilityRecorded: vulnerable,
  VulnerabilityEnded: vulnerabilityEnded,
} = examples
const at = { now: '2026-11-01T09:00:00.000Z' }
const mappa = { ...listed, data: { ...listed.data, panel: 'MAPPA' as const } }

const offences = [
  ['an order', recordCriminalJusticeOrder.decide(ordered.data, at), ordered],
  ['an intervention', startCjIntervention.decide(started.data, at), started],
  ['custody', recordCustodyEvent.decide(custody.data, at), custody],
  ['a risk of reoffending', assessReoffendingRisk.decide(reoffending.data, at), reoffending],
  ['a listing with MAPPA', recordPanelListing.decide(mappa.data, at), mappa],
] as const
test.each(offences)('[C09] %s is recorded of offenders only', (_, decision, event) => {
  given(received).when(decision).thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' })
  given(received, { ...status, data: { ...status.data, status: 'NONE' } })
    .when(decision)
    .thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' })
  given(received, status).when(decision).then(event)
})
test.each([
  ['an offender status', setOffenderStatus.decide(status.data, at), status],
  ['a listing with MARAC', recordPanelListing.decide(listed.data, at), listed],
  ['a serious risk', assessSeriousRisk.decide(serious.data, at), serious],
  ['a vulnerability', recordVulnerability.decide(vulnerable.data, at), vulnerable],
] as const)('%s is recorded of anybody who was referred', (_, decision, event) => {
  given().when(decision).thenRefused({ code: 'NOT_FOUND' })
  given(received).when(decision).then(event)
})

const ends = [
  ['an order', ordered, orderEnded, (endedOn: string) => endCriminalJusticeOrder.decide({ ...orderEnded.data, endedOn }, at)],
  ['a listing', listed, listingEnded, (endedOn: string) => endPanelListing.decide({ ...listingEnded.data, endedOn }, at)],
  [
    'an intervention',
    started,
    interventionEnded,
    (endedOn: string) => endCjIntervention.decide({ ...interventionEnded.data, endedOn }, at),
  ],
  [
    'a vulnerability',
    vulnerable,
    vulnerabilityEnded,
    (endedOn: string) => endVulnerability.decide({ ...vulnerabilityEnded.data, endedOn }, at),
  ],
] as const
describe.each(ends)('the end of %s', (_, begun, ended, endOn) => {
  const past: Past = [received, status, begun]
  test('is recorded once, on a day that has been', () => {
    given(...past)
      .when(endOn('2026-10-31'))
      .then(ended)
    given(...past, ended)
      .when(endOn('2026-10-31'))
      .thenNothing()
    given(...past, ended)
      .when(endOn('2026-10-30'))
      .thenRefused({ code: 'FACT_ENDED' })
  })
  test('lies neither before its beginning nor ahead', () => {
    given(...past)
      .when(endOn('2026-09-30'))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
    given(...past)
      .when(endOn('2026-11-02'))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
  })
  test('is of that fact, and of no other', () => {
    given(received, status).when(endOn('2026-10-31')).thenRefused({ code: 'NOT_FOUND' })
    const other = begun === ordered ? vulnerable : ordered
    const sameId = { ...other, data: { ...other.data, factId: begun.data.factId } } as PersonEvent
    given(received, status, sameId).when(endOn('2026-10-31')).thenRefused({ code: 'NOT_FOUND' })
  })
})

test('nothing is so before its day has come, but custody may be known beforehand', () => {
  const ahead = { from: '2026-11-02', until: undefined }
  given(received, status)
    .when(recordCriminalJusticeOrder.decide({ ...ordered.data, ...ahead }, at))
    .thenRefused({ code: 'DAY_NOT_COME_YET' })
  const planned = { ...custody.data, from: '2026-11-20' }
  given(received, status)
    .when(recordCustodyEvent.decide(planned, at))
    .then({ ...custody, data: planned })
})
test('nothing is known to end before it began', () => {
  given(received)
    .when(recordVulnerability.decide({ ...vulnerable.data, until: '2026-09-30' }, at))
    .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
})
