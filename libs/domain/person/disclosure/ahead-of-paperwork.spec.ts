import { sharingPolicy } from './examples.js'
import type { MatrixRow } from './matrix-row.js'
import { shareData } from './share-data.js'
import { goesAhead } from './sharing-rules.js'
import { facts, given, held, plain, toPolice } from './spec.js'

test('safeguarding is never refused by paperwork: it is sent, and the paperwork is reviewed', () => {
  const events = given(...held)
    .when(
      shareData.decide(
        { ...toPolice, legalProvision: undefined, urgency: 'IMMEDIATE' },
        { ...facts, policy: { ...sharingPolicy, hasPolicyDocument: () => false } },
      ),
    )
    .events()
  expect(events[1]).toMatchObject({
    type: 'DataShared',
    data: { reviewItems: ['LEGAL_PROVISION_MISSING', 'APPROPRIATE_POLICY_DOCUMENT_MISSING', 'APPROVAL_DPO'] },
  })
})
test('an immediate disclosure of what may not be shared at all is still refused', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, fields: ['HLT.summary'], urgency: 'IMMEDIATE' }, facts))
    .thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: [] }))

describe('what goes ahead of its paperwork', () => {
  const row = { ...plain, immediate: true }
  const ahead = (
    failing: Parameters<typeof goesAhead>[0]['failures'],
    urgency: 'ROUTINE' | 'URGENT' | 'IMMEDIATE' = 'IMMEDIATE',
    of: MatrixRow = row,
  ) => goesAhead({ row: of, failures: failing, fieldsPermitted: [] }, urgency)
  test.each([
    'LEGAL_PROVISION_MISSING',
    'APPROPRIATE_POLICY_DOCUMENT_MISSING',
    'NO_HEALTH_PROFESSIONAL_OVERSIGHT',
    'LIA_MISSING_OR_EXPIRED',
    'RISK_BASIS_MISSING',
  ] as const)('%s waits', code => {
    expect([ahead([code]), ahead([code, 'FIELD_NOT_HELD'])]).toEqual([true, false])
  })
  test('only at once, and only on a row that says so', () => {
    expect([ahead([]), ahead([], 'URGENT'), ahead([], 'ROUTINE'), ahead([], 'IMMEDIATE', plain)]).toEqual([true, false, false, false])
    expect(goesAhead({ failures: [], fieldsPermitted: [] }, 'IMMEDIATE')).toBe(false)
  })
})
