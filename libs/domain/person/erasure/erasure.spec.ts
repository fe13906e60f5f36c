import { specFor } from '#decider/spec'
import { erasableScopes } from '#event-kit/scope'
import type { StaffRef } from '#kernel/id'
import { erasureId, examples, kid, requestId, staffConcerned, subjectRef } from '../examples.js'
import { person } from '../person.js'
import { completeErasure, confirmPurge, fenceErasure, recordDestroyedKeys } from './carry-out-erasure.js'
import { type DecideErasure, decideErasure } from './decide-erasure.js'
import { requestErasure } from './request-erasure.js'

const { given } = specFor(person)
const {
  ReferralReceived: received, SubjectKeyCreated: keyed, ErasureRequested: requested, ErasureApproved: approved, ErasureRefused: refusedErasure, ErasureFenced: fenced,
  SubjectKeyDestroyed: destroyed, ProjectionPurgeConfirmed: purged, ErasureCompleted: completed, ReferralErased: tombstone, ServiceDeclined: declined, DataShared: shared,
} = examples
const calendar = { version: 'DEMO-1', holidays: new Set(['2026-12-25', '2026-12-28']) }
const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = requested.data
const dpo = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' } as const
const decision: DecideErasure = { requestId, erasureId, subjectRef, decision: 'APPROVED', consequenceExplainedAt: approved.data.consequenceExplainedAt, perScope: [], reasons: approved.data.reasons }
const decide = (change: Partial<DecideErasure>, actor = dpo) => given(received, requested).when(decideErasure({ ...decision, ...change }, actor))

test('[C64] a request is received with its due date, one month on', () => given(received).when(requestErasure(request, calendar)).then(requested))
test('[C64] the due date rolls past Christmas', () => {
  expect(given(received).when(requestErasure({ ...request, receivedAt: '2026-11-25T10:00:00.000Z' }, calendar)).events()[0]).toMatchObject({ data: { due: '2026-12-29' } })
})
test('the regime follows the day of receipt', () => {
  expect(given(received).when(requestErasure({ ...request, receivedAt: '2026-02-04T23:59:00.000Z' }, calendar)).events()[0]).toMatchObject({ data: { regime: 'PRE_12A' } })
  expect(given(received).when(requestErasure({ ...request, receivedAt: '2026-02-05T00:00:00.000Z' }, calendar)).events()[0]).toMatchObject({ data: { regime: 'ART_12A' } })
})
test('[C64] receiving a request is not refused after an erasure', () => given(received, fenced).when(requestErasure(request, calendar)).then(requested))

test('[C64] an approval covers everything that dies with the person', () => decide({}).then({ ...approved, data: { ...approved.data, perScope: [] } }))
test('[C17] a full erasure needs its consequence explained', () => decide({ consequenceExplainedAt: undefined }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' }))
test('[C70] a refusal is explained', () => decide({ decision: 'REFUSED', reasons: undefined }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C70] and then recorded', () => decide({ decision: 'REFUSED', perScope: approved.data.perScope }).then(refusedErasure))
test('[C64] in part: what is kept names its exemption', () => decide({ decision: 'PARTLY', perScope: [{ scope: 'HLT', decision: 'RETAINED' }, { scope: 'EMP', decision: 'ERASED' }] }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C64] in part: only the named scopes', () => {
  const perScope = [{ scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }, { scope: 'EMP', decision: 'ERASED' }] as const
  decide({ decision: 'PARTLY', perScope }).then({ ...approved, data: { ...approved.data, perScope, extent: 'SCOPES', scopes: ['EMP'] } })
})
test('[C64] a full approval keeps nothing', () => decide({ perScope: [{ scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }] }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C64] a scope is decided on once', () => decide({ decision: 'PARTLY', perScope: [{ scope: 'HLT', decision: 'ERASED' }, { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }] }).thenRefused({ code: 'REFUSAL_REASONS_INCOMPLETE' }))
test('[C17] every scope in part is a full erasure', () => decide({ decision: 'PARTLY', consequenceExplainedAt: undefined, perScope: erasableScopes.map(scope => ({ scope, decision: 'ERASED' as const })) }).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' }))
test('[C64] it is decided once', () => given(received, requested, approved).when(decideErasure(decision, dpo)).thenRefused({ code: 'ALREADY_DECIDED' }))
test('[C73] not by somebody whom it concerns', () => decide({}, { ...dpo, id: staffConcerned }).thenRefused({ code: 'CONFLICT_OF_INTEREST' }))
test('a request that was never made is not decided', () => given(received).when(decideErasure(decision, dpo)).thenRefused({ code: 'NOT_FOUND' }))

const work = { subjectRef, erasureId }
const before = [received, keyed, requested, approved] as const
const verified = { certificateId: completed.data.certificateId, verification: completed.data.verification, completedAt: completed.data.completedAt, copiesUnreadableBy: completed.data.copiesUnreadableBy }
test('an approved erasure is fenced, with the keys that are live', () => given(...before).when(fenceErasure(work)).then(fenced))
test('it is fenced once', () => given(...before, fenced).when(fenceErasure(work)).thenNothing())
test('nothing is fenced that nobody approved (INV-KEY)', () => given(received, keyed, requested).when(fenceErasure(work)).thenNothing())
test('each fenced key is recorded as destroyed', () => given(...before, fenced).when(recordDestroyedKeys(work, destroyed.data.destroyedAt)).then(destroyed))
test('once', () => given(...before, fenced, destroyed).when(recordDestroyedKeys(work, destroyed.data.destroyedAt)).thenNothing())
test('the purge is confirmed', () => given(...before, fenced, destroyed).when(confirmPurge(work, ['case-view'], '42')).then(purged))
test('[C54] the certificate says that recipients are still to be told', () => given(...before, shared, fenced, destroyed, purged).when(completeErasure(work, verified)).then(completed))
test('[C54] or that there are none', () => given(...before, fenced, destroyed, purged).when(completeErasure(work, verified)).then({ ...completed, data: { ...completed.data, notices: 'NOT_APPLICABLE' } }))
test('no certificate before the purge', () => given(...before, fenced, destroyed).when(completeErasure(work, verified)).thenNothing())
test('one certificate', () => given(...before, fenced, destroyed, purged, completed).when(completeErasure(work, verified)).thenNothing())
test('[C13] a declined referral leaves a tombstone', () => {
  const { declinedAt: __declinedAt, ...rest } = tombstone.data
  expect(given(received, keyed, declined, fenced, destroyed, purged).when(completeErasure(work, verified)).events()[0]).toMatchObject({ type: 'ReferralErased', data: { rule: rest.rule, kids: [kid], source: 'DWP-JCP' } })
})
