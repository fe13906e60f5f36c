import { specFor } from '#decider/spec'
import type { ErasureId, KeyId } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId, erasureId, kid, requestId, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { completeErasure, confirmPurge, fenceErasure, recordDestroyedKeys } from './carry-out-erasure.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  SubjectKeyCreated: keyed,
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureFenced: fenced,
  SubjectKeyDestroyed: destroyed,
  ProjectionPurgeConfirmed: purged,
  ErasureCompleted: completed,
  ReferralErased: tombstone,
  ServiceDeclined: declined,
  EligibilityConfirmed: confirmed,
  EligibilityRefused: notEligible,
  DataShared: shared,
  DisclosureRequested: waiting,
  DisclosureDispatched: dispatched,
} = examples
const now = completed.data.completedAt
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
    .when(fenceErasure(work, now))
    .then(fenced))
test('it is fenced once', () =>
  given(...before, fenced)
    .when(fenceErasure(work, now))
    .thenNothing())
test('nothing is fenced that nobody approved (INV-KEY)', () =>
  given(received, keyed, requested).when(fenceErasure(work, now)).thenNothing())
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
  given(...before, shared, dispatched, fenced, destroyed, purged)
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
  const { declinedAt: __declinedAt, refusedAt: _, ...rest } = tombstone.data
  expect(given(received, keyed, declined, fenced, destroyed, purged).when(completeErasure(work, verified)).events()[0]).toMatchObject({
    type: 'ReferralErased',
    data: { rule: rest.rule, kids: [kid], source: 'DWP-JCP' },
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
      .when(fenceErasure(work, now))
      .then({ ...fenced, data: { ...fenced.data, extent: 'SCOPES', scopes: ['EMP'], kids: [second] } })
  })
  test('another erasure than the one that was approved', () => {
    given(received, keyed, requested, approved)
      .when(fenceErasure({ ...work, erasureId: other }, now))
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
    const { refusedAt: _, unresolvedAt: __, ...data } = tombstone.data
    expect(end(declined, ...done).events()).toEqual([{ ...tombstone, data }])
    end(declined, ...done, tombstone).thenNothing()
  })
  test('[C11] or by a tombstone of a referral that STARS did not confirm', () => {
    const { declinedAt: _, unresolvedAt: __, ...data } = tombstone.data
    expect(end(notEligible, ...done).events()).toEqual([{ ...tombstone, data: { ...data, rule: 'C11' } }])
    end(confirmed, ...done).thenNothing()
  })
  test('[C12] or by one of a referral whose person was silent, until somebody decided', () => {
    const { declinedAt: _, refusedAt: __, ...data } = tombstone.data
    const unresolvedAt = examples.ServiceWishUnresolved.data.decidedAt
    expect(end(examples.ServiceWishUnresolved, ...done).events()).toEqual([{ ...tombstone, data: { ...data, rule: 'C12', unresolvedAt } }])
  })
  describe('what was still open', () => {
    const open = { ...requested, data: { ...requested.data, requestId: otherRequest } }
    const closed = {
      ...examples.ErasureRequestClosed,
      data: { requestId: otherRequest, subjectRef, erasureId, reason: 'SUBJECT_ERASED', closedAt: now },
    }
    const gone = {
      ...examples.PendingDisclosureCancelled,
      data: { disclosureId, subjectRef, reason: 'SUBJECT_ERASED' as const, because: ['SUBJECT_ERASED'], at: now },
    }
    test('another request and a disclosure that waits are closed with the certificate, and with their reason', () => {
      expect(
        end(requested, open, approved, ...done, waiting)
          .events()
          .slice(1),
      ).toEqual([gone, closed])
      expect(
        end(requested, approved, ...done, open)
          .events()
          .slice(1),
      ).toEqual([closed])
    })
    test('[C17][C71] the use of the service is closed, and nothing is kept until a day; once', () => {
      const { EpisodeOpened, ReferralAccepted, ServiceUseEnded, RetentionScheduled, EpisodeClosed, RetentionCancelled } = examples
      const used = [ReferralAccepted, EpisodeOpened] as const
      const closed = { ...EpisodeClosed, data: { ...EpisodeClosed.data, closedAt: now } }
      const kept = { ...RetentionCancelled, data: { ...RetentionCancelled.data, reason: 'DATA_ERASED' as const, at: now } }
      const after = (...past: PersonEvent[]) =>
        end(requested, approved, ...past)
          .events()
          .slice(1)
      expect(after(...used, ...done)).toEqual([closed])
      expect(after(...used, ServiceUseEnded, RetentionScheduled, ...done)).toEqual([closed, kept])
      expect(after(...used, ServiceUseEnded, RetentionScheduled, ...done, closed, kept)).toEqual([])
      const scoped = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: ['EMP' as const], kids: [second] } }
      expect(end(emp, requested, ...used, ServiceUseEnded, RetentionScheduled, part, scoped, purged).events()).toHaveLength(1)
    })
    test('[C13] so they are with a tombstone, and where there is neither', () => {
      expect(
        end(open, waiting, declined, ...done)
          .events()
          .slice(1),
      ).toEqual([gone, closed])
      expect(end(open, waiting, ...done).events()).toEqual([gone, closed])
    })
    test('not what was decided, nor after an erasure in part', () => {
      expect(
        end(
          requested,
          open,
          approved,
          { ...examples.ErasureRefused, data: { ...examples.ErasureRefused.data, requestId: otherRequest } },
          ...done,
        ).events(),
      ).toHaveLength(1)
      const scoped = { ...fenced, data: { ...fenced.data, extent: 'SCOPES' as const, scopes: ['EMP' as const], kids: [second] } }
      expect(end(emp, requested, open, waiting, part, scoped, purged).events()).toHaveLength(1)
    })
    test('what came between the approval and the fence is cancelled with the fence; what protects somebody is not', () => {
      expect(
        given(...before, shared)
          .when(fenceErasure(work, now))
          .events()
          .slice(1),
      ).toEqual([gone])
      const protective = { ...shared, data: { ...shared.data, basis: { art6: 'd' } } }
      expect(
        given(...before, protective)
          .when(fenceErasure(work, now))
          .events(),
      ).toHaveLength(1)
    })
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
