import { specFor } from '#decider/spec'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { ErasureId, KeyId, StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId, erasureId, kid, requestId, staffConcerned, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { completeErasure, confirmPurge, fenceErasure, recordDestroyedKeys } from './carry-out-erasure.js'
import { type DecideErasure, type ScopeDecision, decideErasure } from './decide-erasure.js'
import { requestErasure } from './request-erasure.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  SubjectKeyCreated: keyed,
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureRefused: refusedErasure,
  ErasureFenced: fenced,
  SubjectKeyDestroyed: destroyed,
  ProjectionPurgeConfirmed: purged,
  ErasureCompleted: completed,
  ReferralErased: tombstone,
  ServiceDeclined: declined,
  DataShared: shared,
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
  given(received).when(requestErasure.decide(request, { calendar })).then(requested))
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
  given(received, fenced).when(requestErasure.decide(request, { calendar })).then(requested))

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

const work = { subjectRef, erasureId }
const before = [received, keyed, requested, approved] as const
const verified = {
  certificateId: completed.data.certificateId,
  verification: completed.data.verification,
  completedAt: completed.data.completedAt,
  copiesUnreadableBy: completed.data.copiesUnreadableBy,
}
test('an approved erasure is fenced, with the keys that are live', () =>
  given(...before)
    .when(fenceErasure(work))
    .then(fenced))
test('it is fenced once', () =>
  given(...before, fenced)
    .when(fenceErasure(work))
    .thenNothing())
test('nothing is fenced that nobody approved (INV-KEY)', () => given(received, keyed, requested).when(fenceErasure(work)).thenNothing())
test('each fenced key is recorded as destroyed', () =>
  given(...before, fenced)
    .when(recordDestroyedKeys(work, destroyed.data.destroyedAt))
    .then(destroyed))
test('once', () =>
  given(...before, fenced, destroyed)
    .when(recordDestroyedKeys(work, destroyed.data.destroyedAt))
    .thenNothing())
test('the purge is confirmed', () =>
  given(...before, fenced, destroyed)
    .when(confirmPurge(work, ['case-view'], '42'))
    .then(purged))
test('the certificate says that recipients are still to be told', () =>
  given(...before, shared, fenced, destroyed, purged)
    .when(completeErasure(work, verified))
    .then(completed))
test('or that there are none', () =>
  given(...before, fenced, destroyed, purged)
    .when(completeErasure(work, verified))
    .then({ ...completed, data: { ...completed.data, notices: 'NOT_APPLICABLE' } }))
test('no certificate before the purge', () =>
  given(...before, fenced, destroyed)
    .when(completeErasure(work, verified))
    .thenNothing())
test('one certificate', () =>
  given(...before, fenced, destroyed, purged, completed)
    .when(completeErasure(work, verified))
    .thenNothing())
test('[C13] a declined referral leaves a tombstone', () => {
  const { declinedAt: __declinedAt, ...rest } = tombstone.data
  expect(given(received, keyed, declined, fenced, destroyed, purged).when(completeErasure(work, verified)).events()[0]).toMatchObject({
    type: 'ReferralErased',
    data: { rule: rest.rule, kids: [kid], source: 'DWP-JCP' },
  })
})

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

describe('carrying an erasure out', () => {
  const other = '00000000-0000-4000-8000-0000000000ff' as ErasureId
  const otherRequest = '00000000-0000-4000-8000-0000000000fd' as typeof requestId
  const second = '00000000-0000-4000-8000-0000000000fe' as KeyId
  const emp = { ...keyed, data: { ...keyed.data, kid: second, scope: 'EMP' as const } }
  const part = { ...approved, data: { ...approved.data, extent: 'SCOPES' as const, scopes: ['EMP' as const] } }
  test('a part fences the keys of its scopes only', () => {
    given(received, keyed, emp, requested, part)
      .when(fenceErasure(work))
      .then({ ...fenced, data: { ...fenced.data, extent: 'SCOPES', scopes: ['EMP'], kids: [second] } })
  })
  test('another erasure than the one that was approved', () => {
    given(received, keyed, requested, approved)
      .when(fenceErasure({ ...work, erasureId: other }))
      .thenNothing()
  })
  test('keys are destroyed one by one, each under its own scope, and nothing before the fence', () => {
    const both = { ...fenced, data: { ...fenced.data, kids: [kid, second] } }
    const at = destroyed.data.destroyedAt
    given(received, keyed, emp).when(recordDestroyedKeys(work, at)).thenNothing()
    given(received, keyed, emp, both)
      .when(recordDestroyedKeys(work, at))
      .then(destroyed, { ...destroyed, data: { ...destroyed.data, kid: second, scope: 'EMP' } })
    given(received, keyed, emp, both, destroyed)
      .when(recordDestroyedKeys(work, at))
      .then({ ...destroyed, data: { ...destroyed.data, kid: second, scope: 'EMP' } })
    expect(() => given(received, keyed, both).when(recordDestroyedKeys(work, at))).toThrow(`The key ${second} was never announced`)
  })
  test('a purge is confirmed once', () => {
    given(received, purged)
      .when(confirmPurge(work, ['case-view'], '43'))
      .thenNothing()
    given(received, purged)
      .when(confirmPurge({ ...work, erasureId: other }, ['case-view'], '42'))
      .then({ ...purged, data: { ...purged.data, erasureId: other } })
  })
  const end = (...past: PersonEvent[]) => given(received, keyed, ...past).when(completeErasure(work, verified))
  const done = [fenced, destroyed, purged] as const
  test('recipients are told of what went out or may have', () => {
    const noticesAfter = (...past: PersonEvent[]) =>
      (end(requested, approved, ...past, ...done).events()[0]?.data as typeof completed.data).notices
    expect([noticesAfter(shared), noticesAfter(shared, examples.DisclosureDispatched)]).toEqual(['OUTSTANDING', 'OUTSTANDING'])
    expect(noticesAfter(shared, examples.DisclosureDispatchFailed)).toBe('OUTSTANDING')
    expect([
      noticesAfter(shared, examples.PendingDisclosureCancelled),
      noticesAfter(examples.DisclosureRequested),
      noticesAfter(examples.DisclosureRequested, examples.DisclosureRefused),
    ]).toEqual(['NOT_APPLICABLE', 'NOT_APPLICABLE', 'NOT_APPLICABLE'])
    expect(disclosureId).toBe(shared.data.disclosureId)
  })
  test('the certificate says the scopes and keys of the fence, and where the purge stands', () => {
    const scoped = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: ['EMP' as const], kids: [second] } }
    expect(end(emp, requested, part, scoped, purged).events()).toMatchObject([
      {
        type: 'ErasureCompleted',
        data: { requestId, extent: 'SCOPES', scopes: ['EMP'], kids: [second], projections: ['case-view'], purgedTo: '42' },
      },
    ])
  })
  test('[C13] the tombstone of a referral that was declined, in full, once', () => {
    const { declinedAt: _, ...rest } = tombstone.data
    const [event] = end(declined, ...done).events()
    expect(event).toEqual({ ...tombstone, data: { ...rest, declinedAt: '2026-01-01T00:00:00.000Z' } })
    end(declined, ...done, tombstone).thenNothing()
  })
  test('a fence that is neither a request’s nor a decline’s has no certificate', () => {
    end(...done).thenNothing()
  })
  test('no certificate without a fence', () => {
    end(requested, approved, purged).thenNothing()
  })
  test('a certificate of another erasure is another', () => {
    expect(
      end(requested, approved, { ...completed, data: { ...completed.data, erasureId: other, requestId: otherRequest } }, ...done)
        .events()
        .map(({ type }) => type),
    ).toEqual(['ErasureCompleted'])
  })
})
