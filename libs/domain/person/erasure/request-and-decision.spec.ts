import { specFor } from '#decider/spec'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { erasureId, requestId, staffConcerned, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { type DecideErasure, type ScopeDecision, decideErasure } from './decide-erasure.js'
import { requestErasure } from './request-erasure.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureRefused: refusedErasure,
  ErasureFenced: fenced,
} = examples
const calendar = { version: 'DEMO-1', holidays: new Set(['2026-12-25', '2026-12-28']) }
const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = requested.data
const dpo = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' } as const
const decision: DecideErasure = {
  requestId,
  erasureId,
  subjectRef,
  decision: 'APPROVED',
  consequenceExplainedAt: approved.data.consequenceExplainedAt,
  perScope: [],
  reasons: approved.data.reasons,
}
const decide = (change: Partial<DecideErasure>, actor = dpo) =>
  given(received, requested).when(decideErasure.decide({ ...decision, ...change }, { actor: actor }))

test('[C64] a request is received with its due date, one month on', () =>
  given(received)
    .when(requestErasure.decide({ ...request, grounds: 'OBJECTION' }, { calendar }))
    .then({ ...requested, data: { ...requested.data, grounds: 'OBJECTION' } }))
test('[C64] the due date rolls past Christmas', () => {
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-11-25T10:00:00.000Z' }, { calendar }))
      .events()[0],
  ).toMatchObject({ data: { due: '2026-12-29' } })
})
test('the regime follows the day of receipt', () => {
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-02-04T23:59:00.000Z' }, { calendar }))
      .events()[0],
  ).toMatchObject({ data: { regime: 'PRE_12A' } })
  expect(
    given(received)
      .when(requestErasure.decide({ ...request, receivedAt: '2026-02-05T00:00:00.000Z' }, { calendar }))
      .events()[0],
  ).toMatchObject({ data: { regime: 'ART_12A' } })
})
test('[C64] receiving a request is not refused after an erasure', () =>
  given(received, fenced)
    .when(requestErasure.decide({ ...request, grounds: 'OBJECTION' }, { calendar }))
    .then({ ...requested, data: { ...requested.data, grounds: 'OBJECTION' } }))

test('[C64] an approval covers everything that dies with the person', () =>
  decide({}).then({ ...approved, data: { ...approved.data, perScope: [] } }))
test('[C17] a full erasure needs its consequence explained', () =>
  decide({ consequenceExplainedAt: undefined }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' }))
test('[C70] a refusal is explained', () =>
  decide({ decision: 'REFUSED', reasons: undefined }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C70] and then recorded', () => decide({ decision: 'REFUSED', perScope: approved.data.perScope }).then(refusedErasure))
test('[C64] in part: what is kept names its exemption', () =>
  decide({
    decision: 'PARTLY',
    perScope: [
      { scope: 'HLT', decision: 'RETAINED' },
      { scope: 'EMP', decision: 'ERASED' },
    ],
  }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C64] in part: only the named scopes', () => {
  const perScope = [
    { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' },
    { scope: 'EMP', decision: 'ERASED' },
  ] as const
  decide({ decision: 'PARTLY', perScope }).then({ ...approved, data: { ...approved.data, perScope, extent: 'SCOPES', scopes: ['EMP'] } })
})
test('[C64] a full approval keeps nothing', () =>
  decide({ perScope: [{ scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }] }).thenRefused({
    code: 'REFUSAL_REASONS_INCOMPLETE',
  }))
test('[C64] a scope is decided on once', () =>
  decide({
    decision: 'PARTLY',
    perScope: [
      { scope: 'HLT', decision: 'ERASED' },
      { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' },
    ],
  }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C17] every scope in part is a full erasure', () =>
  decide({
    decision: 'PARTLY',
    consequenceExplainedAt: undefined,
    perScope: erasableScopes.map(scope => ({ scope, decision: 'ERASED' as const })),
  }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' }))
test('[C64] it is decided once', () =>
  given(received, requested, approved)
    .when(decideErasure.decide(decision, { actor: dpo }))
    .thenRefused({ code: 'ALREADY_DECIDED' }))
test('it is not decided by somebody whom it concerns', () =>
  decide({}, { ...dpo, id: staffConcerned }).thenRefused({ code: 'CONFLICT_OF_INTEREST' }))
test('a request that was never made is not decided', () =>
  given(received)
    .when(decideErasure.decide(decision, { actor: dpo }))
    .thenRefused({ code: 'NOT_FOUND' }))

describe('[C64] the decision on an erasure', () => {
  const erased = (...scopes: readonly Scope[]): readonly ScopeDecision[] => scopes.map(scope => ({ scope, decision: 'ERASED' }))
  const retained: ScopeDecision = { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }
  const inPart = (change: Partial<DecideErasure>, ...past: PersonEvent[]) =>
    given(received, requested, ...past).when(decideErasure.decide({ ...decision, decision: 'PARTLY', ...change }, { actor: dpo }))
  const incomplete = { code: 'REFUSAL_REASONS_INCOMPLETE' } as const
  test('in part erases something', () => {
    inPart({ perScope: [retained] }).thenRefused(incomplete)
  })
  test('in part gives its reasons', () => {
    inPart({ perScope: [...erased('EMP'), retained], reasons: undefined }).thenRefused(incomplete)
  })
  test('the evidence that we complied is not erased with the rest', () => {
    expect(inPart({ perScope: [...erased('EMP', 'EVID'), retained] }).events()).toMatchObject([
      { data: { scopes: ['EMP'], extent: 'SCOPES' } },
    ])
    inPart({ perScope: erased('EVID') }).thenRefused(incomplete)
  })
  test('in part, together with what is closed already, is a full erasure', () => {
    const [first, ...rest] = erasableScopes
    const closed = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: rest } }
    inPart({ perScope: erased(first!), consequenceExplainedAt: undefined }, closed).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' })
    expect(inPart({ perScope: erased(first!) }, closed).events()).toMatchObject([{ data: { extent: 'ALL', scopes: erasableScopes } }])
  })
  test('a full one names each scope at most once', () => {
    decide({ perScope: erased('EMP', 'EMP') }).thenRefused(incomplete)
  })
  test('a full one needs no reasons', () => {
    expect(decide({ perScope: erased('EMP'), reasons: undefined }).events()).toMatchObject([{ data: { extent: 'ALL' } }])
  })
  test('is not for a request that was refused or carried out', () => {
    inPart({}, examples.ErasureRefused).thenRefused({ code: 'ALREADY_DECIDED' })
    inPart({}, examples.ErasureCompleted).thenRefused({ code: 'ALREADY_DECIDED' })
  })
  test('a request that concerns nobody is decided by anybody whose role it is', () => {
    const of = { ...requested, data: { ...requested.data, concernsStaff: [] } }
    expect(
      given(received, of)
        .when(decideErasure.decide(decision, { actor: { ...dpo, id: staffConcerned } }))
        .events(),
    ).toHaveLength(1)
  })
  test('a request of nobody who was referred', () => {
    given().when(requestErasure.decide(request, { calendar })).thenRefused({ code: 'NOT_FOUND' })
  })
})
