import { happened, somebody } from '#decider/spec'
import type { Actor } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import { authoriseDisclosure } from './authorise-disclosure.js'
import { sharingPolicy } from './examples.js'
import { type SharingFacts, shareData } from './share-data.js'
import type { MatrixRow } from './matrix-row.js'
import { facts, given, held, now, plain, recipient, share, toStars, typesOf } from './spec.js'

const waiting = given(...held)
  .when(shareData.decide(toStars, facts))
  .events()[0] as typeof examples.DisclosureRequested
const another: Actor = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' }
const approving = (actor: Actor = another, may = true) => ({ ...facts, actor, mayApprove: () => may })
const decide = (decision: 'AUTHORISED' | 'REFUSED', by = approving()) =>
  authoriseDisclosure.decide({ disclosureId, subjectRef, decision }, by)

test('a row with an approver waits for the approver, who shares it', () => {
  expect(waiting.type).toBe('DisclosureRequested')
  expect(
    typesOf(
      given(...held, waiting)
        .when(decide('AUTHORISED'))
        .events(),
    ),
  ).toEqual(['DisclosureAuthorised', 'DataShared'])
})
test('whoever may not approve this one neither shares nor refuses it', () => {
  const stranger = approving(another, false)
  for (const decision of ['AUTHORISED', 'REFUSED'] as const) {
    given(...held, waiting)
      .when(decide(decision, stranger))
      .thenRefused({ code: 'ROLE_NOT_PERMITTED' })
  }
})
test('[C04] its events carry the disclosure’s own purpose and basis', () => {
  const ground = { purpose: 'JOINT_CARE', basis: { art6: 'f' } }
  expect(
    given(...held)
      .when(shareData.decide(toStars, facts))
      .events(),
  ).toMatchObject([ground])
  expect(
    given(...held, waiting)
      .when(decide('AUTHORISED'))
      .events(),
  ).toMatchObject([ground, ground])
  expect(
    given(...held, waiting)
      .when(decide('REFUSED'))
      .events(),
  ).toMatchObject([ground])
  expect(share().events()).toMatchObject([{ purpose: 'EMPLOYMENT_SUPPORT', basis: { art6: 'a' } }, { purpose: 'EMPLOYMENT_SUPPORT' }])
})
test('nobody approves their own request', () =>
  given(...held, waiting)
    .when(decide('AUTHORISED', approving(somebody)))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' }))
test('whoever else asked', () => {
  const asked = happened(waiting, { actor: another })
  given(...held, asked)
    .when(decide('REFUSED'))
    .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
})
test('the rules are judged again when it is approved', () =>
  given(...held, waiting, examples.EligibilityRefused)
    .when(decide('AUTHORISED'))
    .thenRefused({ code: 'NOT_IN_STARS_SERVICE', also: [] }))
test('it is decided once', () => {
  const [authorised, shared] = given(...held, waiting)
    .when(decide('AUTHORISED'))
    .events()
  given(...held, waiting, authorised!, shared!)
    .when(decide('REFUSED'))
    .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
})

describe('who approves', () => {
  const dpo: Actor = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' }
  const asked = examples.DisclosureRequested
  const informed: typeof asked = {
    ...asked,
    data: { ...asked.data, notification: { decision: 'INFORM_BEFORE' as const }, basis: { art6: 'ea' } },
  }
  const factsOf = (row: Partial<MatrixRow> | undefined): SharingFacts => ({
    policy: { ...sharingPolicy, rows: new Map(row ? [[recipient, { ...plain, ...row }]] : []) },
    now,
    digest: () => 'D'.repeat(43),
  })
  const approving = (row: Partial<MatrixRow> | undefined) => ({ ...factsOf(row), actor: dpo, mayApprove: () => true })
  const authorise = (row: Partial<MatrixRow> | undefined, event = informed) =>
    given(...held, event).when(authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'AUTHORISED' }, approving(row)))
  const askedOf = (row: Partial<MatrixRow> | undefined, event: typeof asked) => {
    const rights: object[] = []
    const mayApprove = (of: object) => rights.push(of) === 1
    const decide = authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'REFUSED' }, { ...approving(row), mayApprove })
    given(...held, event)
      .when(decide)
      .events()
    return rights
  }

  test('is asked by the row, by the categories, and by whether the person is told', () => {
    expect(askedOf({ approver: 'TEAM_LEADER' }, informed)).toEqual([{ approver: 'TEAM_LEADER', withheld: false, categories: ['EMP'] }])
    expect(askedOf({ approver: 'CALDICOTT' }, asked)).toEqual([{ approver: 'CALDICOTT', withheld: true, categories: ['EMP'] }])
  })
  test('of a recipient that left the matrix is asked as of the DPO’s', () => {
    expect(askedOf(undefined, informed)).toEqual([{ approver: 'DPO', withheld: false, categories: ['EMP'] }])
  })
  test('a no needs no rule and gives its reasons', () => {
    const { reasons } = examples.DisclosureRefused.data
    given(...held, informed)
      .when(authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'REFUSED', reasons }, approving(undefined)))
      .then({ ...examples.DisclosureRefused, purpose: 'EMPLOYMENT_SUPPORT', basis: { art6: 'ea' } })
  })
  test('every rule is judged again at that moment', () => {
    authorise(undefined).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX', also: [] })
    authorise({ fields: [] }).thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: [] })
    authorise({ art6: ['c'] }, { ...informed, data: { ...informed.data, basis: { art6: 'c' } } }).thenRefused({
      code: 'LEGAL_PROVISION_MISSING',
      also: [],
    })
  })
  test('with the order and the provision that the request holds', () => {
    const cited = { ...informed, data: { ...informed.data, basis: { art6: 'c', provision: 'Road Traffic Act 1988 s.170' } } }
    expect(authorise({ art6: ['c'] }, cited).events()).toHaveLength(2)
    expect(authorise({ precondition: 'COURT_ORDER' }).events()).toHaveLength(2)
    authorise({ precondition: 'COURT_ORDER' }, { ...informed, data: { ...informed.data, orderReference: undefined } }).thenRefused({
      code: 'COURT_ORDER_REFERENCE_MISSING',
      also: [],
    })
  })
  test('what was asked for at once goes ahead of its paperwork, and says so', () => {
    const atOnce = { ...informed, data: { ...informed.data, urgency: 'IMMEDIATE' as const } }
    const row = { art6: ['c'], immediate: true, approver: 'DPO' as const }
    const [authorised, sent] = authorise(row, atOnce).events()
    expect([authorised, sent]).toMatchObject([
      { data: { approver: 'DPO' } },
      { data: { requested: true, reviewItems: ['LEGAL_PROVISION_MISSING'], itemCount: 1 } },
    ])
    authorise({ ...row, immediate: false }, atOnce).thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] })
  })
  test('only what waits is decided', () => {
    const decide = authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'AUTHORISED' }, approving({}))
    given(...held)
      .when(decide)
      .thenRefused({ code: 'NOT_FOUND' })
    given(...held, informed, examples.DisclosureRefused)
      .when(decide)
      .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
    given(...held, examples.DataShared)
      .when(decide)
      .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
    given(...held, happened(informed, { actor: dpo }))
      .when(decide)
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
  })
})
