import { recordConsentForm } from '../consent/record-consent-form.js'
import { form, policy as consentPolicy, row as consentRow } from '../consent/spec.js'
import type { MatrixRow } from '../disclosure/matrix-row.js'
import { failures, given, held } from '../disclosure/spec.js'
import { examples } from '../examples.js'
import type { PersonEvent } from '../person.js'

const {
  CriminalJusticeOrderRecorded: ordered,
  CriminalJusticeOrderEnded: orderEnded,
  PanelListingRecorded: listed,
  PanelListingEnded: listingEnded,
  CjInterventionStarted: started,
  CjInterventionEnded: interventionEnded,
  CustodyEventRecorded: custody,
  SeriousRiskAssessed: serious,
  VulnerabilityRecorded: vulnerable,
  VulnerabilityEnded: vulnerabilityEnded,
  SafeguardingConcernRaised: raised,
  SafeguardingConcernClosed: closed,
} = examples
const on = (row: Partial<MatrixRow>, past: readonly PersonEvent[], day: string) =>
  failures({ row, past: [...held, ...past], at: `${day}T12:00:00.000Z`, asked: { recipient: 'DWP-JCP' } })

const facts: readonly (readonly [string, MatrixRow['precondition'], string, readonly PersonEvent[], string, string])[] = [
  ['an order', 'CJ_ORDER', 'NO_ACTIVE_CJ_ORDER', [ordered, orderEnded], '2026-10-31', '2026-11-01'],
  ['an intervention', 'CJ_INTERVENTION', 'CJ_INTERVENTION_NOT_ACTIVE', [started, interventionEnded], '2026-10-31', '2026-11-01'],
  ['custody', 'CUSTODY', 'NO_CUSTODY_TRIGGER', [custody], '2027-01-13', '2027-01-14'],
  ['a vulnerability', 'RISK', 'RISK_BASIS_MISSING', [vulnerable, vulnerabilityEnded], '2026-10-31', '2026-11-01'],
  [
    'a concern',
    'RISK',
    'RISK_BASIS_MISSING',
    [raised, { ...closed, data: { ...closed.data, closedAt: '2026-11-05T09:00:00.000Z' } }],
    '2026-11-04',
    '2026-11-05',
  ],
  [
    'a serious risk',
    'RISK',
    'RISK_BASIS_MISSING',
    [serious, { ...serious, data: { ...serious.data, factId: ordered.data.factId, from: '2026-11-05', who: 'NOBODY' } }],
    '2026-11-04',
    '2026-11-05',
  ],
]
test.each(facts)(
  '[C25][C28][C29][C34] %s opens a sharing while it stands, by the day of sending',
  (_, precondition, code, past, still, over) => {
    expect([on({ precondition }, past, still), on({ precondition }, past, over)]).toEqual([[], [code]])
  },
)
test('[C25] a panel is told of those whom it has on its own list', () => {
  const at = (recipient: string, day: string) =>
    failures({ row: { precondition: 'PANEL', recipient }, past: [...held, listed, listingEnded], at: `${day}T12:00:00.000Z` })
  expect([at('MARAC', '2026-10-31'), at('MARAC', '2026-11-01'), at('MAPPA', '2026-10-31')]).toEqual([
    [],
    ['NOT_SUBJECT_TO_PANEL'],
    ['NOT_SUBJECT_TO_PANEL'],
  ])
})

test('[C34] the question of CJIT is put to those in whose lives an intervention ran when the form was filled in', () => {
  const fill = (completedAt: string, ...past: readonly PersonEvent[]) =>
    given(...held, ...past).when(
      recordConsentForm.decide(
        { ...form, completedAt, rows: [{ ...consentRow, recipient: 'CJIT' }] },
        { ...consentPolicy, now: '2026-12-01T09:00:00.000Z' },
      ),
    )
  const during = '2026-10-31T12:00:00.000Z'
  fill(during).thenRefused({ code: 'CJ_INTERVENTION_NOT_ACTIVE' })
  fill('2026-11-01T12:00:00.000Z', started, interventionEnded).thenRefused({ code: 'CJ_INTERVENTION_NOT_ACTIVE' })
  expect(fill(during, started, interventionEnded).events()).toMatchObject([{ type: 'ConsentGranted', data: { recipient: 'CJIT' } }])
})
