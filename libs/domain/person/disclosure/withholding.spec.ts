import { examples } from '../examples.js'
import { authoriseDisclosure } from './authorise-disclosure.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { MatrixRow } from './matrix-row.js'
import { shareData } from './share-data.js'
import { facts, failures, given, held, judged, plain, recipient, toPolice, toStars, typesOf } from './spec.js'

const withhold = { decision: 'WITHHOLD', exemption: 'SCH2-2' } as const

test('[C23] withholding needs an exemption', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, notification: { decision: 'WITHHOLD' } }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))
test('[C23] and a row that allows it', () =>
  given(...held)
    .when(shareData.decide({ ...toStars, notification: withhold }, facts))
    .thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] }))

describe('[C23] telling the person', () => {
  const both = { inform: ['INFORM_AFTER', 'WITHHOLD'] } as const
  test('as the row says first, unless something else is said', () => {
    expect(judged({ row: both }).informDecision).toBe('INFORM_AFTER')
    expect(judged({ row: both, asked: { notification: { decision: 'INFORM_BEFORE' } } })).toMatchObject({
      failures: [],
      informDecision: 'INFORM_BEFORE',
    })
    expect(judged({ row: { inform: [] } })).not.toHaveProperty('informDecision')
  })
  test('withholding needs the row, and an exemption that is on the list', () => {
    const withheld = (row: Partial<MatrixRow>, notification: NonNullable<DisclosureAsked['notification']>) =>
      failures({ row, asked: { notification } })
    expect(withheld(both, withhold)).toEqual([])
    for (const [row, notification] of [
      [{}, withhold],
      [both, { ...withhold, exemption: undefined }],
      [both, { ...withhold, exemption: 'X1' }],
    ] as const)
      expect(withheld(row, notification)).toEqual(['WITHHOLD_WITHOUT_EXEMPTION'])
    expect(failures({ row: both, asked: { notification: withhold }, policy: { exemptions: { codes: new Set() } } })).toEqual([
      'WITHHOLD_WITHOUT_EXEMPTION',
    ])
  })
})

describe('[C23] a withholding waits for whoever may approve one', () => {
  const row = { ...plain, inform: ['INFORM_AFTER', 'WITHHOLD'] as const, approver: 'NONE' as const }
  const under = (change: Partial<MatrixRow>) => ({
    ...facts,
    policy: { ...facts.policy, rows: new Map([[recipient, { ...row, ...change }]]) },
  })
  const asked = { ...toStars, recipient, purpose: 'EMPLOYMENT_SUPPORT', notification: withhold }
  const events = (change: Partial<MatrixRow>, more: Partial<typeof asked> = {}) =>
    given(...held)
      .when(shareData.decide({ ...asked, ...more }, under(change)))
      .events()
  test('also where the row asks for nobody', () => {
    expect(typesOf(events({}, { notification: { decision: 'INFORM_AFTER' } as never }))).toEqual(['DisclosureAuthorised', 'DataShared'])
    const [waiting, ...rest] = events({})
    expect([waiting?.type, rest]).toEqual(['DisclosureRequested', []])
    expect(waiting).toMatchObject({ data: { notification: { ...withhold, exemptions: 'SPEC-1' } } })
  })
  test('what is immediate goes first, and is reviewed', () => {
    expect(events({ immediate: true }, { urgency: 'IMMEDIATE' })[1]).toMatchObject({
      type: 'DataShared',
      data: { reviewItems: ['APPROVAL_WITHHELD'] },
    })
    expect(typesOf(events({}, { urgency: 'IMMEDIATE' }))).toEqual(['DisclosureRequested'])
  })
  test('of the exemption the code is kept only where something is withheld', () => {
    const [, shared] = events({}, { notification: { decision: 'INFORM_AFTER', exemption: 'SCH2-2' } as never })
    expect((shared?.data as { notification: object }).notification).toEqual({ decision: 'INFORM_AFTER' })
  })
  test('what was asked for before there was a list is decided by its approver, whatever the list says now', () => {
    const { data } = examples.DisclosureRequested
    const old = { ...data, basis: { art6: 'ea' }, notification: { ...data.notification, exemption: 'X1', exemptions: undefined } }
    const approver = { id: '00000000-0000-4000-8000-000000000002' as never, role: 'dpo' as const }
    const decided = (notification: typeof data.notification) =>
      given(...held, { ...examples.DisclosureRequested, data: { ...old, notification } }).when(
        authoriseDisclosure.decide(
          { disclosureId: data.disclosureId, subjectRef: data.subjectRef, decision: 'AUTHORISED' },
          { ...under({}), actor: approver, mayApprove: () => true },
        ),
      )
    expect(typesOf(decided(old.notification).events())).toEqual(['DisclosureAuthorised', 'DataShared'])
    decided({ ...old.notification, exemptions: 'SPEC-0' }).thenRefused({ code: 'WITHHOLD_WITHOUT_EXEMPTION', also: [] })
  })
})
