import { shareData } from './share-data.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { MatrixRow } from './matrix-row.js'
import { facts, failures, given, held, judged, toPolice, toStars } from './spec.js'

test('[C23] withholding needs an exemption and an approver', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, notification: { decision: 'WITHHOLD' } }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))
test('[C23] and a row that allows it', () =>
  given(...held)
    .when(shareData.decide({ ...toStars, notification: { decision: 'WITHHOLD', exemption: 'SCH2-2', approver: 'dpo' } }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))

describe('[C23] telling the person', () => {
  const both = { inform: ['INFORM_AFTER', 'WITHHOLD'] } as const
  const withhold = { decision: 'WITHHOLD', exemption: 'SCH2-2', approver: 'dpo' } as const
  test('as the row says first, unless something else is said', () => {
    expect(judged({ row: both }).informDecision).toBe('INFORM_AFTER')
    expect(judged({ row: both, asked: { notification: { decision: 'INFORM_BEFORE' } } })).toMatchObject({
      failures: [],
      informDecision: 'INFORM_BEFORE',
    })
    expect(judged({ row: { inform: [] } })).not.toHaveProperty('informDecision')
  })
  test('withholding needs the row, the exemption and the approver', () => {
    const withheld = (row: Partial<MatrixRow>, notification: NonNullable<DisclosureAsked['notification']>) =>
      failures({ row, asked: { notification } })
    expect(withheld(both, withhold)).toEqual([])
    for (const [row, notification] of [
      [{}, withhold],
      [both, { ...withhold, exemption: undefined }],
      [both, { ...withhold, approver: undefined }],
    ] as const)
      expect(withheld(row, notification)).toEqual(['WITHHOLD_WITHOUT_EXEMPTION'])
  })
})
