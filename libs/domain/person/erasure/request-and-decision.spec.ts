import { type Scope, erasableScopes } from '#event-kit/scope'
import { examples } from '../examples.js'
import { staffConcerned } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { type DecideErasure, decideErasure } from './decide-erasure.js'
import type { ScopeDecision } from './decision-in-full.js'
import { requestErasure } from './request-erasure.js'
import { decision, dpo, given, holding, now } from './spec.js'

const {
  ReferralReceived: received,
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureRefused: refusedErasure,
  ErasureFenced: fenced,
} = examples
const calendar = { version: 'DEMO-1', holidays: new Set(['2026-12-25', '2026-12-28']) }
const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = requested.data
const today = { now, calendar }
const incomplete = (rule: string) => ({ code: 'REFUSAL_REASONS_INCOMPLETE', parts: [{ field: 'perScope', rule }] }) as const
const decide = (change: Partial<DecideErasure>, actor = dpo) =>
  given(received, requested).when(decideErasure.decide({ ...decision, ...change }, { ...today, actor }))

test('[C64] a request is received with its due date, one month on', () =>
  given(received)
    .when(requestErasure.decide({ ...request, grounds: 'OBJECTION' }, today))
    .then({ ...requested, data: { ...requested.data, grounds: 'OBJECTION' } }))
test('[C64] the due date rolls past Christmas', () => {
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-11-25T10:00:00.000Z' }, today))
      .events()[0],
  ).toMatchObject({ data: { due: '2026-12-29' } })
})
test('the regime follows the day of receipt', () => {
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-02-04T23:59:00.000Z' }, today))
      .events()[0],
  ).toMatchObject({ data: { regime: 'PRE_12A' } })
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-02-05T00:00:00.000Z' }, today))
      .events()[0],
  ).toMatchObject({ data: { regime: 'ART_12A' } })
})
test('[C64] receiving a request is not refused after an erasure', () =>
  given(received, fenced)
    .when(requestErasure.decide({ ...request, grounds: 'OBJECTION' }, today))
    .then({ ...requested, data: { ...requested.data, grounds: 'OBJECTION' } }))

test('[C64] an approval covers everything that dies with the person', () =>
  decide({}).then({ ...approved, data: { ...approved.data, perScope: [] } }))
test('[C17] a full erasure needs its consequence explained', () =>
  decide({ consequenceExplainedAt: undefined }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' }))
test('[C70] a refusal is explained', () =>
  decide({ decision: 'REFUSED', reasons: undefined }).thenRefused({
    code: 'REFUSAL_REASONS_INCOMPLETE',
    parts: [{ field: 'reasons', rule: 'is needed where anything is refused' }],
  }))
test('[C70] and then recorded', () => decide({ decision: 'REFUSED', perScope: approved.data.perScope }).then(refusedErasure))
test('[C64] it is decided once', () =>
  given(received, requested, approved)
    .when(decideErasure.decide(decision, { ...today, actor: dpo }))
    .thenRefused({ code: 'ALREADY_DECIDED' }))
test('it is not decided by somebody whom it concerns', () =>
  decide({}, { ...dpo, id: staffConcerned }).thenRefused({ code: 'CONFLICT_OF_INTEREST' }))
test('a request that was never made is not decided', () =>
  given(received)
    .when(decideErasure.decide(decision, { ...today, actor: dpo }))
    .thenRefused({ code: 'NOT_FOUND' }))

describe('[C64] the decision on an erasure', () => {
  const erased = (...scopes: readonly Scope[]): readonly ScopeDecision[] => scopes.map(scope => ({ scope, decision: 'ERASED' }))
  const retained: ScopeDecision = { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }
  const past = [received, ...holding('REF', 'EMP', 'HLT'), requested] as const
  const decided = (change: Partial<DecideErasure>, ...more: PersonEvent[]) =>
    given(...past, ...more).when(decideErasure.decide({ ...decision, ...change }, { ...today, actor: dpo }))
  const inPart = (perScope: readonly ScopeDecision[], change: Partial<DecideErasure> = {}) =>
    decided({ decision: 'PARTLY', perScope, ...change })
  test('in part erases the named scopes, and keeps the rest with an exemption', () => {
    const perScope = [...erased('EMP', 'REF'), retained]
    inPart(perScope).then({ ...approved, data: { ...approved.data, perScope, extent: 'SCOPES', scopes: ['EMP', 'REF'] } })
  })
  test('in part decides on every scope that is held, or is refused with the names of those it forgot', () => {
    inPart([...erased('EMP'), retained]).thenRefused(
      incomplete('says nothing of REF (the referral), which is held: decide each as ERASED or RETAINED'),
    )
    inPart(erased('EMP')).thenRefused(
      incomplete('says nothing of REF (the referral), HLT (health), which is held: decide each as ERASED or RETAINED'),
    )
  })
  test('in part: what is kept names its exemption', () => {
    inPart([...erased('EMP', 'REF'), { scope: 'HLT', decision: 'RETAINED' }]).thenRefused(
      incomplete('names no exemption of Article 17(3) for HLT (health)'),
    )
  })
  test('in part gives its reasons', () => {
    inPart([...erased('EMP', 'REF'), retained], { reasons: undefined }).thenRefused({
      code: 'REFUSAL_REASONS_INCOMPLETE',
      parts: [{ field: 'reasons', rule: 'is needed where anything is refused' }],
    })
  })
  test('in part erases something that is held', () => {
    const kept = (['REF', 'EMP', 'HLT'] as const).map((scope): ScopeDecision => ({ ...retained, scope }))
    inPart(kept).thenRefused(incomplete('erases nothing that is held; decide REFUSED'))
    inPart([...kept, ...erased('DEM')]).thenRefused(incomplete('erases nothing that is held; decide REFUSED'))
  })
  test('[C17] in part, of everything that is held, is a full erasure', () => {
    const perScope = erased('REF', 'EMP', 'HLT')
    inPart(perScope, { consequenceExplainedAt: undefined }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' })
    expect(inPart(perScope, { reasons: undefined }).events()).toMatchObject([{ data: { extent: 'ALL', scopes: erasableScopes } }])
    inPart([...perScope, { ...retained, scope: 'DEM' }]).thenRefused(
      incomplete('keeps DEM (demographics), of which nothing is held, and erases everything else: leave it out'),
    )
  })
  test('in part, of what a fence left', () => {
    const before = {
      ...fenced,
      data: { ...fenced.data, extent: 'SCOPES' as const, scopes: ['EMP' as const], kids: [holding('REF', 'EMP')[1]!.data.kid] },
    }
    expect(decided({ decision: 'PARTLY', perScope: [...erased('REF'), retained] }, before).events()).toMatchObject([
      { data: { extent: 'SCOPES', scopes: ['REF'] } },
    ])
  })
  test.each(['APPROVED', 'PARTLY', 'REFUSED'] as const)('%s: a scope is decided on once', kind => {
    const perScope = [retained, retained, ...erased('EMP', 'REF')]
    const refusal = decided({ decision: kind, perScope })
    expect(() => refusal.events()).toThrow('names HLT (health) more than once')
  })
  test.each(['APPROVED', 'PARTLY', 'REFUSED'] as const)('%s: the evidence that we complied is not erased with the rest', kind => {
    expect(() => decided({ decision: kind, perScope: [...erased('EMP', 'REF', 'EVID'), retained] }).events()).toThrow(
      'erases EVID (evidence that the law was kept), which is kept whatever is decided: leave it out',
    )
  })
  test('what is erased has no exemption', () => {
    inPart([{ scope: 'EMP', decision: 'ERASED', exemption: 'ARCHIVING' }, ...erased('REF'), retained]).thenRefused(
      incomplete('names an exemption for EMP (work), which it erases'),
    )
  })
  test('a full approval keeps nothing, and names all that is held or none', () => {
    decided({ perScope: [...erased('REF', 'EMP'), retained] }).thenRefused(
      incomplete('keeps HLT (health): a full approval keeps nothing; decide PARTLY'),
    )
    decided({ perScope: erased('EMP') }).thenRefused(
      incomplete('leaves out REF (the referral), HLT (health), which a full approval erases too: name all that is held, or none'),
    )
    expect(decided({ perScope: erased('REF', 'EMP', 'HLT'), reasons: undefined }).events()).toMatchObject([{ data: { extent: 'ALL' } }])
  })
  test('a refusal erases nothing, and names the exemption of what it keeps', () => {
    decided({ decision: 'REFUSED', perScope: erased('EMP') }).thenRefused(
      incomplete('erases EMP (work), though the request is refused; decide PARTLY'),
    )
    decided({ decision: 'REFUSED', perScope: [{ scope: 'HLT', decision: 'RETAINED' }] }).thenRefused(
      incomplete('names no exemption of Article 17(3) for HLT (health)'),
    )
  })
  test('is not for a request that was refused, carried out or closed', () => {
    for (const event of [refusedErasure, examples.ErasureCompleted, examples.ErasureRequestClosed])
      decided({}, event).thenRefused({ code: 'ALREADY_DECIDED' })
  })
  test('a request that concerns nobody is decided by anybody whose role it is', () => {
    const of = { ...requested, data: { ...requested.data, concernsStaff: [] } }
    expect(
      given(received, of)
        .when(decideErasure.decide(decision, { ...today, actor: { ...dpo, id: staffConcerned } }))
        .events(),
    ).toHaveLength(1)
  })
  test('a request of nobody who was referred', () => {
    given().when(requestErasure.decide(request, today)).thenRefused({ code: 'NOT_FOUND' })
  })
  test('[C17] from the approval of a full erasure on the person stands as erased; of a part, not', () => {
    const erasedBy = (event: PersonEvent) => person.standing !== 'NOBODY' && person.standing(given(...past, event).state).erased
    expect([erasedBy(approved), erasedBy({ ...approved, data: { ...approved.data, extent: 'SCOPES', scopes: ['EMP'] } })]).toEqual([
      true,
      false,
    ])
  })
})
