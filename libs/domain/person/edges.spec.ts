import { specFor } from '#decider/spec'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { ErasureId, KeyId, StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { type RecordConsentForm, recordConsentForm } from './consent/record-consent-form.js'
import { withdrawConsent } from './consent/withdraw-consent.js'
import { recordDetails } from './details/record-details.js'
import { completeErasure, confirmPurge, fenceErasure, recordDestroyedKeys } from './erasure/carry-out-erasure.js'
import { type DecideErasure, type ScopeDecision, decideErasure } from './erasure/decide-erasure.js'
import { requestErasure } from './erasure/request-erasure.js'
import { disclosureId, erasureId, examples, kid, requestId, staffConcerned, subjectRef } from './examples.js'
import { verifyEligibility } from './intake/verify-eligibility.js'
import { type PersonEvent, person } from './person.js'

/** The edges of the rules: one step before a rule begins to apply, and one step after. */
const { given } = specFor(person)
const { ReferralReceived: received, ConsentGranted: granted, ConsentRefused: refusedConsent, ConsentWithdrawn: withdrawn, ErasureFenced: fenced, ErasureRequested: requested, ErasureApproved: approved, SubjectKeyCreated: keyed, DataShared: shared } = examples
const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type)

describe('[C31] a consent form', () => {
  const { recipient, purpose, categories, formId, formVersion, completedAt, evidence, validUntil } = granted.data
  const row = { recipient, purpose, categories, decision: 'YES' as const, validUntil }
  const form: RecordConsentForm = { subjectRef, formId, form: 'SHARING', formVersion, method: 'WET_SIGNATURE', completedAt, evidence, witnessed: false, rows: [row] }
  const policy = { formVersions: new Map([['SCF-1', 'SHARING']] as const), recipients: new Set(['DWP-JCP', 'STARS']), purposes: new Set(['EMPLOYMENT_SUPPORT']) }
  const recorded = (change: Partial<RecordConsentForm>) => given(received).when(recordConsentForm({ ...form, ...change }, policy))
  test.each(['WET_SIGNATURE', 'E_SIGNATURE'] as const)('needs no witness where it was signed: %s', method => { recorded({ method }).then({ ...granted, data: { ...granted.data, method } }) })
  test('of several rows is several events, in their order', () => {
    expect(types(recorded({ rows: [row, { ...row, recipient: 'STARS', decision: 'NO' }, { ...row, decision: 'UNANSWERED' }] }).events())).toEqual(['ConsentGranted', 'ConsentRefused'])
  })
  test('without rows says nothing', () => { recorded({ rows: [] }).thenNothing() })
  test('of nobody who was referred', () => { given().when(recordConsentForm(form, policy)).thenRefused({ code: 'NOT_FOUND' }) })
  test('one category of several that does not exist', () => { recorded({ rows: [{ ...row, categories: ['EMP', 'SHOES'] }] }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' }) })
})

describe('[C32] a withdrawal', () => {
  const told = { subjectRef, channel: 'PHONE', withdrawnAt: withdrawn.data.withdrawnAt } as const
  const second = { ...granted, data: { ...granted.data, recipient: 'STARS' } }
  const which = (one: Parameters<typeof withdrawConsent>[0]['which'], ...past: PersonEvent[]) => given(received, ...past).when(withdrawConsent({ ...told, which: one }))
  test('of all takes each back', () => { which('ALL', granted, second).then(withdrawn, { ...withdrawn, data: { ...withdrawn.data, recipient: 'STARS' } }) })
  test('of one leaves the others', () => { which({ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }, granted, second).then(withdrawn) })
  test('needs both recipient and purpose to fit', () => {
    which({ recipient: 'STARS', purpose: 'EMPLOYMENT_SUPPORT' }, granted).thenNothing()
    which({ recipient: 'DWP-JCP', purpose: 'JOINT_CARE' }, granted).thenNothing()
  })
  test('of what was refused changes nothing', () => { which('ALL', refusedConsent).thenNothing() })
  test('by nobody who was referred', () => { given().when(withdrawConsent({ ...told, which: 'ALL' })).thenRefused({ code: 'NOT_FOUND' }) })
})

describe('[C07] details', () => {
  const details = { subjectRef, category: 'EMP', provenance: 'PERSON', items: { status: Personal.of('UNEMPLOYED') } } as const
  const fine = { unknownFields: 0, nhsNumber: 'NOT_GIVEN' } as const
  const record = (category: string, facts: Parameters<typeof recordDetails>[1] = fine) => given(received).when(recordDetails({ ...details, category }, facts))
  test.each(['DEM-G', 'DEM-SL', 'DEM-SO', 'DEM-RE', 'DEM-RB'])('%s waits for its condition', category => { record(category).thenRefused({ code: 'ARTICLE9_CONDITION_MISSING' }) })
  test.each(['CRM', 'CJ'])('%s needs an offender status', category => { record(category).thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' }) })
  test.each(['ID', 'CON', 'EMP', 'ENG', 'OUT', 'RSK', 'SG'])('%s is recorded', category => { expect(types(record(category).events())).toEqual(['PersonalDetailsRecorded']) })
  test('an NHS number that checks', () => { expect(record('EMP', { ...fine, nhsNumber: 'VALID' }).events()).toHaveLength(1) })
  test('of nobody who was referred', () => { given().when(recordDetails(details, fine)).thenRefused({ code: 'NOT_FOUND' }) })
  test('every field is named by its code', () => {
    expect(given(received).when(recordDetails({ ...details, items: { status: Personal.of('A'), skills: Personal.of('B') } }, fine)).events()[0]).toMatchObject({ data: { fieldCodes: ['EMP.status', 'EMP.skills'] } })
  })
})

describe('[C11] eligibility', () => {
  const { referralId: _, ...evidence } = examples.EligibilityRefused.data
  const verify = verifyEligibility({ ...evidence, outcome: 'CONFIRMED' }, evidence.checkedAt)
  test('of nobody who was referred, or of somebody erased', () => {
    given().when(verify).thenRefused({ code: 'NOT_FOUND' })
    given(received, fenced).when(verify).thenRefused({ code: 'SUBJECT_ERASED' })
  })
})

describe('[C64] the decision on an erasure', () => {
  const dpo = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' } as const
  const { consequenceExplainedAt, reasons } = approved.data
  const erased = (...scopes: readonly Scope[]): readonly ScopeDecision[] => scopes.map(scope => ({ scope, decision: 'ERASED' }))
  const retained: ScopeDecision = { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }
  const decide = (change: Partial<DecideErasure>, ...past: PersonEvent[]) =>
    given(received, requested, ...past).when(decideErasure({ requestId, erasureId, subjectRef, decision: 'PARTLY', consequenceExplainedAt, perScope: [], reasons, ...change }, dpo))
  const incomplete = { code: 'REFUSAL_REASONS_INCOMPLETE' } as const
  test('in part erases something', () => { decide({ perScope: [retained] }).thenRefused(incomplete) })
  test('in part gives its reasons', () => { decide({ perScope: [...erased('EMP'), retained], reasons: undefined }).thenRefused(incomplete) })
  test('the evidence that we complied is not erased with the rest', () => {
    expect(decide({ perScope: [...erased('EMP', 'EVID'), retained] }).events()).toMatchObject([{ data: { scopes: ['EMP'], extent: 'SCOPES' } }])
    decide({ perScope: erased('EVID') }).thenRefused(incomplete)
  })
  test('in part, together with what is closed already, is a full erasure', () => {
    const [first, ...rest] = erasableScopes
    const closed = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: rest } }
    decide({ perScope: erased(first!), consequenceExplainedAt: undefined }, closed).thenRefused({ code: 'CONSEQUENCE_NOT_EXPLAINED' })
    expect(decide({ perScope: erased(first!) }, closed).events()).toMatchObject([{ data: { extent: 'ALL', scopes: erasableScopes } }])
  })
  test('a full one names each scope at most once', () => { decide({ decision: 'APPROVED', perScope: erased('EMP', 'EMP') }).thenRefused(incomplete) })
  test('a full one needs no reasons', () => { expect(decide({ decision: 'APPROVED', perScope: erased('EMP'), reasons: undefined }).events()).toMatchObject([{ data: { extent: 'ALL' } }]) })
  test('is not for a request that was refused or carried out', () => {
    decide({}, examples.ErasureRefused).thenRefused({ code: 'ALREADY_DECIDED' })
    decide({}, examples.ErasureCompleted).thenRefused({ code: 'ALREADY_DECIDED' })
  })
  test('[C73] a request that concerns nobody is decided by anybody whose role it is', () => {
    const of = { ...requested, data: { ...requested.data, concernsStaff: [] } }
    expect(given(received, of).when(decideErasure({ requestId, erasureId, subjectRef, decision: 'APPROVED', consequenceExplainedAt, perScope: [] }, { ...dpo, id: staffConcerned })).events()).toHaveLength(1)
  })
  test('a request of nobody who was referred', () => {
    const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = requested.data
    given().when(requestErasure(request, { version: 'DEMO-1', holidays: new Set() })).thenRefused({ code: 'NOT_FOUND' })
  })
})

describe('carrying an erasure out', () => {
  const work = { subjectRef, erasureId }
  const other = '00000000-0000-4000-8000-0000000000ff' as ErasureId
  const second = '00000000-0000-4000-8000-0000000000fe' as KeyId
  const emp = { ...keyed, data: { ...keyed.data, kid: second, scope: 'EMP' as const } }
  const part = { ...approved, data: { ...approved.data, extent: 'SCOPES' as const, scopes: ['EMP' as const] } }
  const { certificateId, verification, completedAt, copiesUnreadableBy } = examples.ErasureCompleted.data
  const verified = { certificateId, verification, completedAt, copiesUnreadableBy }
  const { ErasureCompleted: completed, ReferralErased: tombstone, ProjectionPurgeConfirmed: purged, SubjectKeyDestroyed: destroyed, ServiceDeclined: declined } = examples
  test('a part fences the keys of its scopes only', () => {
    given(received, keyed, emp, requested, part).when(fenceErasure(work)).then({ ...fenced, data: { ...fenced.data, extent: 'SCOPES', scopes: ['EMP'], kids: [second] } })
  })
  test('another erasure than the one that was approved', () => { given(received, keyed, requested, approved).when(fenceErasure({ ...work, erasureId: other })).thenNothing() })
  test('keys are destroyed one by one, each under its own scope, and nothing before the fence', () => {
    const both = { ...fenced, data: { ...fenced.data, kids: [kid, second] } }
    const at = destroyed.data.destroyedAt
    given(received, keyed, emp).when(recordDestroyedKeys(work, at)).thenNothing()
    given(received, keyed, emp, both).when(recordDestroyedKeys(work, at)).then(destroyed, { ...destroyed, data: { ...destroyed.data, kid: second, scope: 'EMP' } })
    given(received, keyed, emp, both, destroyed).when(recordDestroyedKeys(work, at)).then({ ...destroyed, data: { ...destroyed.data, kid: second, scope: 'EMP' } })
    expect(() => given(received, keyed, both).when(recordDestroyedKeys(work, at))).toThrow(`The key ${second} was never announced`)
  })
  test('a purge is confirmed once', () => {
    given(received, purged).when(confirmPurge(work, ['case-view'], '43')).thenNothing()
    given(received, purged).when(confirmPurge({ ...work, erasureId: other }, ['case-view'], '42')).then({ ...purged, data: { ...purged.data, erasureId: other } })
  })
  const end = (...past: PersonEvent[]) => given(received, keyed, ...past).when(completeErasure(work, verified))
  const done = [fenced, destroyed, purged] as const
  test('[C54] recipients are told of what went out or may have', () => {
    const noticesAfter = (...past: PersonEvent[]) => (end(requested, approved, ...past, ...done).events()[0]?.data as typeof completed.data).notices
    expect([shared, examples.DisclosureDispatched].map((_, n) => noticesAfter(...[shared, examples.DisclosureDispatched].slice(0, n + 1)))).toEqual(['OUTSTANDING', 'OUTSTANDING'])
    expect(noticesAfter(shared, examples.DisclosureDispatchFailed)).toBe('OUTSTANDING')
    expect([noticesAfter(shared, examples.PendingDisclosureCancelled), noticesAfter(examples.DisclosureRequested), noticesAfter(examples.DisclosureRequested, examples.DisclosureRefused)]).toEqual(['NOT_APPLICABLE', 'NOT_APPLICABLE', 'NOT_APPLICABLE'])
    expect(disclosureId).toBe(shared.data.disclosureId)
  })
  test('the certificate says the scopes and keys of the fence, and where the purge stands', () => {
    const scoped = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: ['EMP' as const], kids: [second] } }
    expect(end(emp, requested, part, scoped, purged).events()).toMatchObject([{ type: 'ErasureCompleted', data: { requestId, extent: 'SCOPES', scopes: ['EMP'], kids: [second], projections: ['case-view'], purgedTo: '42' } }])
  })
  test('[C13] the tombstone of a referral that was declined, in full, once', () => {
    const { declinedAt: _, ...rest } = tombstone.data
    const [event] = end(declined, ...done).events()
    expect(event).toEqual({ ...tombstone, data: { ...rest, declinedAt: '2026-01-01T00:00:00.000Z' } })
    end(declined, ...done, tombstone).thenNothing()
  })
  test('a fence that is neither a request’s nor a decline’s has no certificate', () => { end(...done).thenNothing() })
  test('no certificate without a fence', () => { end(requested, approved, purged).thenNothing() })
  test('a certificate of another erasure is another', () => {
    expect(types(end(requested, approved, { ...completed, data: { ...completed.data, erasureId: other, requestId: other as unknown as typeof requestId } }, ...done).events())).toEqual(['ErasureCompleted'])
  })
})
