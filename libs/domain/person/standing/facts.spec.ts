import { examples } from '../examples.js'
import { type Past, stateOf } from '../spec.js'
import { hasCustodyTrigger, hasOffenderStatus, hasRiskBasis, isHighRiskOfReoffending, isListedWith, openConcerns, stands } from './facts.js'

const {
  OffenderStatusSet: status,
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
  SafeguardingConcernRaised: raised,
  SafeguardingConcernClosed: closed,
  ErasureFenced: fenced,
  DeathRecorded: died,
} = examples
type With<E extends { readonly data: object }> = (event: E, change: Partial<E['data']>, id?: number) => E
const but = <E extends { readonly data: object }>(...[event, change, id]: Parameters<With<E>>): E => ({
  ...event,
  data: { ...event.data, ...change, ...(id === undefined ? {} : { factId: `00000000-0000-4000-8000-00000000000${id}` }) },
})
const factsOf = (...past: Past) => stateOf(...past).facts
const noon = (day: string) => `${day}T12:00:00.000Z`

describe('[C25] an order', () => {
  const on = (day: string, ...past: Past) => stands(factsOf(...past), 'CJ_ORDER', noon(day))
  test('stands from its first day to its last, both included', () => {
    expect(['2026-09-30', '2026-10-01', '2027-09-30', '2027-10-01'].map(day => on(day, ordered))).toEqual([false, true, true, false])
  })
  test('ends when it ended, whatever was foreseen', () => {
    expect(['2026-10-31', '2026-11-01'].map(day => on(day, ordered, orderEnded))).toEqual([true, false])
  })
  test('without a known end stands until one is recorded', () => {
    expect(on('2040-01-01', but(ordered, { until: undefined }))).toBe(true)
  })
  test('that nobody recorded does not end', () => {
    expect(factsOf(orderEnded)).toEqual({})
  })
})
test('[C34] an intervention runs between its days', () => {
  const on = (day: string) => stands(factsOf(started, interventionEnded), 'CJ_INTERVENTION', noon(day))
  expect(['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01'].map(on)).toEqual([false, true, true, false])
})
test('[C25] a listing is with its own panel, for its days', () => {
  const on = (panel: string, day: string, ...past: Past) => isListedWith(factsOf(...past), panel, noon(day))
  expect([on('MARAC', '2026-10-02', listed), on('MAPPA', '2026-10-02', listed)]).toEqual([true, false])
  expect([on('MARAC', '2026-10-31', listed, listingEnded), on('MARAC', '2026-11-01', listed, listingEnded)]).toEqual([true, false])
})
test('[C29] custody lets somebody be told ninety days after it, and thirty before', () => {
  const on = (day: string) => hasCustodyTrigger(factsOf(custody), noon(day))
  expect(['2026-09-14', '2026-09-15', '2027-01-13', '2027-01-14'].map(on)).toEqual([false, true, true, false])
})

describe('[C09] an offender status', () => {
  const on = (day: string, ...past: Past) => hasOffenderStatus(factsOf(...past), noon(day))
  test('holds from its day', () => {
    expect(['2026-08-31', '2026-09-01'].map(day => on(day, status))).toEqual([false, true])
  })
  test.each(['OFFENDER', 'EX_OFFENDER', 'ALLEGED'] as const)('%s is one', said => {
    expect(on('2026-11-01', but(status, { status: said }))).toBe(true)
  })
  test('ends with one of NONE, of a later day or recorded later', () => {
    const none = but(status, { status: 'NONE' }, 1)
    expect([on('2026-11-01', status, none), on('2026-11-01', none, status)]).toEqual([false, true])
    expect(on('2026-11-01', but(none, { from: '2026-10-01' }), status)).toBe(false)
  })
})
test('[C20] the newest assessment of reoffending counts', () => {
  const high = (...past: Past) => isHighRiskOfReoffending(factsOf(...past), noon('2026-11-01'))
  const low = but(reoffending, { level: 'LOW', from: '2026-10-02' }, 1)
  expect([high(), high(reoffending), high(reoffending, low), high(low, reoffending), high(low)]).toEqual([false, true, false, false, false])
})

describe('[C28] a basis for sharing what somebody is at risk of', () => {
  const on = (day: string, ...past: Past) => hasRiskBasis(factsOf(...past), noon(day))
  test('is nothing but what is on record', () => {
    expect(on('2026-11-02')).toBe(false)
  })
  test('is a serious risk, until nobody is at risk', () => {
    const nobody = but(serious, { who: 'NOBODY', from: '2026-10-03' }, 1)
    expect(['2026-10-01', '2026-10-02', '2026-10-03'].map(day => on(day, serious, nobody))).toEqual([true, true, false])
  })
  test('is a vulnerability, until it ended', () => {
    expect(['2026-10-31', '2026-11-01'].map(day => on(day, vulnerable, vulnerabilityEnded))).toEqual([true, false])
  })
  test('[C21] is a concern, until somebody closed it', () => {
    const at = (closedAt: string) => on('2026-11-02', raised, but(closed, { closedAt }))
    expect([on('2026-11-01', raised), on('2026-10-31', raised), at(noon('2026-11-03')), at('2026-11-02T12:00:00Z')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(openConcerns(factsOf(raised, closed), noon('2026-11-02'))).toEqual([])
  })
})

test('[C64] what was erased stands no more, but nobody is called again who has died', () => {
  const part = but(fenced, { extent: 'SCOPES', scopes: ['CRM'] })
  expect(Object.values(factsOf(ordered, serious, part)).map(({ kind }) => kind)).toEqual(['SERIOUS_RISK'])
  expect(Object.values(factsOf(ordered, serious, raised, died, fenced)).map(({ kind }) => kind)).toEqual(['DEATH'])
})
