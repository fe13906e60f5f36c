import type { Happened } from '#decider/decider'
import { happened, specFor } from '#decider/spec'
import type { KeyId, StaffRef } from '#kernel/id'
import { type Scope, erasableScopes } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { isOlder } from './consent/consents.js'
import { examples } from './examples.js'
import { disclosureId, erasureId, kid, requestId, subjectRef } from './invented.js'
import { isErased, liveKeysOf } from './keys/keys.js'
import { type PersonEvent, person } from './person.js'

/** What each event makes of a person: decisions are looked at elsewhere, the state that they read is looked at here. */
const { given } = specFor(person)
const {
  ReferralReceived: received,
  ServiceWishConfirmed: confirmed,
  ServiceDeclined: declined,
  EligibilityConfirmed: eligible,
  EligibilityRefused: notEligible,
  PersonalDetailsRecorded: recorded,
  HealthDataRecorded: health,
  ConsentGranted: granted,
  ConsentRefused: refusedConsent,
  ConsentWithdrawn: withdrawn,
  DisclosureRequested: asked,
  DisclosureAuthorised: authorised,
  DisclosureRefused: denied,
  DataShared: shared,
  DisclosureDispatched: dispatched,
  DisclosureDispatchFailed: failed,
  PendingDisclosureCancelled: cancelled,
  ErasureRequested: requested,
  ErasureApproved: approved,
  ErasureRefused: refusedErasure,
  ProjectionPurgeConfirmed: purged,
  ErasureCompleted: completed,
  ReferralErased: tombstone,
  SubjectKeyCreated: keyed,
  ErasureFenced: fenced,
  SubjectKeyDestroyed: destroyed,
  KeyRetired: retired,
} = examples
const eventId = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`
type Past = readonly (PersonEvent | Happened<PersonEvent>)[]
const stateOf = (...past: Past) => given(...past).state
const before = '2026-10-01T09:00:00.000Z'

describe('intake', () => {
  const { referralId, receivedAt } = received.data
  const referral = { referralId, source: 'DWP-JCP', receivedAt }
  test('nobody was referred yet', () => {
    expect(stateOf().intake).toEqual({})
  })
  test('a referral waits for the wish', () => {
    expect(stateOf(received).intake).toEqual({ referral: { ...referral, state: 'RECEIVED' } })
  })
  test('or has it already', () => {
    expect(stateOf({ ...received, data: { ...received.data, wish: 'YES' } }).intake).toEqual({ referral: { ...referral, state: 'WANTED' } })
  })
  test('a yes', () => {
    expect(stateOf(received, confirmed).intake).toEqual({ referral: { ...referral, state: 'WANTED' } })
  })
  test('a no, with its time', () => {
    expect(stateOf(received, happened(declined, { occurredAt: before })).intake).toEqual({
      referral: { ...referral, state: 'DECLINED', declinedAt: before },
    })
  })
  test('a wish without a referral changes nothing', () => {
    expect(stateOf(confirmed, declined).intake).toEqual({})
  })
  test('what STARS said last counts', () => {
    expect(stateOf(received, eligible).intake).toEqual({ referral: { ...referral, state: 'RECEIVED' }, stars: 'CONFIRMED' })
    expect(stateOf(received, eligible, notEligible).intake.stars).toBe('REFUSED')
    expect(stateOf(received, notEligible, eligible).intake.stars).toBe('CONFIRMED')
    expect(stateOf(received, notEligible, { ...received, data: { ...received.data, source: 'SELF' } }).intake).toMatchObject({
      stars: 'REFUSED',
      referral: { source: 'SELF' },
    })
  })
})

describe('what is held', () => {
  const heldBy = (...past: Past) =>
    [...stateOf(...past).held].map(([field, { scope, eventId: from, provenance }]) => [field, scope, from, provenance])
  const bare = { ...received, data: { ...received.data, person: { name: received.data.person.name } } }
  test('nothing yet', () => {
    expect(heldBy()).toEqual([])
  })
  test.each([
    ['SELF', 'PERSON'],
    ['DWP-JCP', 'DWP-JCP'],
    ['STARS', 'STARS'],
  ] as const)('what a referral by %s said comes from %s', (source, provenance) => {
    expect(heldBy({ ...bare, data: { ...bare.data, source } })).toEqual([['ID.name', 'REF', eventId(0), provenance]])
  })
  test('what was not said is not held', () => {
    expect(heldBy({ ...bare, data: { ...bare.data, person: { ...bare.data.person, phone: undefined } } })).toHaveLength(1)
  })
  test('details are held under the scope of their category, the newest in the place of the one before', () => {
    expect(heldBy(bare, recorded, health, { ...recorded, data: { ...recorded.data, provenance: 'WORKER' } })).toEqual([
      ['ID.name', 'REF', eventId(0), 'DWP-JCP'],
      ['EMP.status', 'EMP', eventId(3), 'WORKER'],
      ['HLT.summary', 'HLT', eventId(2), 'PERSON'],
    ])
  })
  test('the value itself is kept, and when it was recorded', () => {
    const held = stateOf(happened(recorded, { recordedAt: before })).held.get('EMP.status')
    expect([held?.value, held?.recordedAt]).toEqual([recorded.data.values['status'], before])
  })
  test('a fence takes its own scopes only', () => {
    expect(
      heldBy(bare, recorded, health, { ...fenced, data: { ...fenced.data, extent: 'SCOPES', scopes: ['EMP'] } }).map(([field]) => field),
    ).toEqual(['ID.name', 'HLT.summary'])
  })
  test('a retired key takes what is sealed under it, and nothing else', () => {
    const sealed = (under: string) => Personal.sealed<string>({ v: 1, kid: under, iv: '', ct: '', at: '' })
    const one = { ...recorded, data: { ...recorded.data, values: { status: sealed(kid), skills: sealed(eventId(9)) } } }
    expect(heldBy(bare, one, retired).map(([field]) => field)).toEqual(['ID.name', 'EMP.skills'])
  })
})

describe('consents', () => {
  const { recipient, purpose, form, formVersion, categories, completedAt, validUntil } = granted.data
  const said = { recipient, purpose, form, formVersion, categories, since: completedAt }
  const consents = (...past: Past) => [...stateOf(...past).consents]
  test('silence', () => {
    expect(consents()).toEqual([])
  })
  test('a yes', () => {
    expect(consents(granted)).toEqual([['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'GIVEN', validUntil, eventId: eventId(0) }]])
  })
  test('a no, also after a yes', () => {
    expect(consents(granted, refusedConsent)).toEqual([['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'REFUSED', eventId: eventId(1) }]])
  })
  test('a yes that is taken back', () => {
    expect(consents(granted, withdrawn)).toEqual([
      ['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'WITHDRAWN', since: withdrawn.data.withdrawnAt, validUntil, eventId: eventId(1) }],
    ])
  })
  test('what was never given is not taken back', () => {
    expect(consents(withdrawn)).toEqual([])
  })
  test('another recipient, or another purpose, is another consent', () => {
    expect(
      consents(
        granted,
        { ...granted, data: { ...granted.data, recipient: 'STARS' } },
        { ...granted, data: { ...granted.data, purpose: 'JOINT_CARE' } },
      ).map(([key]) => key),
    ).toEqual(['DWP-JCP|EMPLOYMENT_SUPPORT', 'STARS|EMPLOYMENT_SUPPORT', 'DWP-JCP|JOINT_CARE'])
  })
  test('[C32] a form counts again once it is as new as the withdrawal', () => {
    const again = (at: string) => consents(granted, withdrawn, { ...granted, data: { ...granted.data, completedAt: at } })[0]?.[1].state
    expect([again('2026-11-01T08:59:59.999Z'), again('2026-11-01T09:00:00.000Z'), again('2026-11-01T10:00:00.000Z')]).toEqual([
      'WITHDRAWN',
      'GIVEN',
      'GIVEN',
    ])
  })
  test('only a withdrawal makes a form too old', () => {
    expect([
      isOlder(undefined, before),
      isOlder({ state: 'GIVEN', since: completedAt }, before),
      isOlder({ state: 'REFUSED', since: completedAt }, before),
      isOlder({ state: 'WITHDRAWN', since: completedAt }, before),
    ]).toEqual([false, false, false, true])
    expect(isOlder({ state: 'WITHDRAWN', since: '2026-11-01T09:00:00+01:00' }, '2026-11-01T08:30:00Z')).toBe(false)
  })
})

describe('disclosures', () => {
  const other = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' as const }
  const disclosure = (...past: Past) => stateOf(...past).disclosures.get(disclosureId)
  test('none yet', () => {
    expect(disclosure()).toBeUndefined()
  })
  test('asked for, by whom, with what was asked', () => {
    expect(disclosure(happened(asked, { actor: other }))).toEqual({
      state: 'REQUESTED',
      recipient: 'DWP-JCP',
      requestedBy: other.id,
      request: asked.data,
    })
  })
  test('an authorisation alone sends nothing', () => {
    expect(disclosure(asked, authorised)?.state).toBe('REQUESTED')
  })
  test('a no', () => {
    expect(disclosure(asked, denied)).toMatchObject({ state: 'REFUSED', recipient: 'DWP-JCP' })
  })
  test('shared at once: the one who shared it had asked', () => {
    expect(disclosure(happened(shared, { actor: other }))).toEqual({
      state: 'SENT',
      recipient: 'DWP-JCP',
      requestedBy: other.id,
      ground: { purpose: 'EMPLOYMENT_SUPPORT', basis: shared.data.basis, consent: true },
    })
  })
  test('shared after it was asked for: still the one who had asked', () => {
    const { requestedBy, request, state } = disclosure(happened(asked, { actor: other }), shared) ?? {}
    expect({ requestedBy, request, state }).toEqual({ requestedBy: other.id, request: asked.data, state: 'SENT' })
  })
  test('shared on another ground than consent', () => {
    expect(disclosure({ ...shared, data: { ...shared.data, basis: { art6: 'c' } } })?.ground).toEqual({
      purpose: 'EMPLOYMENT_SUPPORT',
      basis: { art6: 'c' },
      consent: false,
    })
  })
  test.each([
    ['DISPATCHED', dispatched],
    ['FAILED', failed],
    ['CANCELLED', cancelled],
  ] as const)('then %s, the rest as it was', (state, event) => {
    expect(disclosure(shared, event)).toEqual({ ...disclosure(shared), state })
  })
  test.each([denied, dispatched, failed, cancelled])('$type of what nobody knows changes nothing', event => {
    expect(disclosure(event)).toBeUndefined()
  })
})

describe('erasures', () => {
  const erasures = (...past: Past) => stateOf(...past).erasures
  const request = { due: requested.data.due, concernsStaff: requested.data.concernsStaff }
  const what = { erasureId, extent: 'ALL', scopes: erasableScopes }
  test('none yet', () => {
    expect(erasures()).toEqual({ requests: new Map(), purged: new Map(), certificates: [] })
  })
  test('a request, with the day it is due and the staff it concerns', () => {
    expect(erasures(requested)).toEqual({
      requests: new Map([[requestId, { state: 'RECEIVED', ...request }]]),
      purged: new Map(),
      certificates: [],
    })
  })
  test('approved as a whole, or in part', () => {
    expect(erasures(requested, approved).requests.get(requestId)).toEqual({ state: 'APPROVED', ...request, ...what })
    expect(
      erasures(requested, { ...approved, data: { ...approved.data, extent: 'SCOPES', scopes: ['EMP'] } }).requests.get(requestId),
    ).toEqual({ state: 'PARTLY', ...request, erasureId, extent: 'SCOPES', scopes: ['EMP'] })
  })
  test('refused', () => {
    expect(erasures(requested, refusedErasure).requests.get(requestId)).toEqual({ state: 'REFUSED', ...request })
  })
  test.each([approved, refusedErasure, completed])('$type of what nobody requested makes no request', event => {
    expect(erasures(event).requests.size).toBe(0)
  })
  test('purged, as far as where', () => {
    expect(erasures(purged).purged).toEqual(new Map([[erasureId, { projections: ['case-view'], position: '42' }]]))
  })
  test('certificates, in order, and the request is done', () => {
    const { requests, certificates } = erasures(requested, approved, completed, tombstone)
    expect(requests.get(requestId)?.state).toBe('COMPLETED')
    expect(certificates).toEqual([
      { of: 'REQUEST', issued: completed.data },
      { of: 'REFERRAL', issued: tombstone.data },
    ])
    expect(erasures(tombstone, completed).certificates.map(({ of }) => of)).toEqual(['REFERRAL', 'REQUEST'])
  })
  test('one request among others', () => {
    const second = { ...requested, data: { ...requested.data, requestId: eventId(77) as typeof requestId } }
    const { requests } = erasures(requested, second, approved)
    expect([...requests].map(([id, { state }]) => [id, state])).toEqual([
      [requestId, 'APPROVED'],
      [eventId(77), 'RECEIVED'],
    ])
  })
})

describe('keys', () => {
  const second = '00000000-0000-4000-8000-000000000099' as KeyId
  const two = [keyed, { ...keyed, data: { ...keyed.data, kid: second, scope: 'EMP' as const } }] as const
  const keys = (...past: Past) => stateOf(...past).keys
  test('none yet', () => {
    expect(keys()).toEqual({
      live: new Map(),
      scopes: new Map(),
      closed: new Set(),
      destroyed: new Set(),
      retired: new Map(),
      fences: new Map(),
    })
  })
  test('announced, and live', () => {
    const both = new Map([
      [kid, 'REF'],
      [second, 'EMP'],
    ])
    expect(keys(...two)).toMatchObject({ live: both, scopes: both })
    expect(liveKeysOf(keys(...two), ['REF'])).toEqual([kid])
    expect(liveKeysOf(keys(...two), ['EMP', 'REF'])).toEqual([kid, second])
    expect(liveKeysOf(keys(...two), ['HLT'])).toEqual([])
  })
  test('a fence ends the keys that it names and closes its scopes; what was announced stays on record', () => {
    const { data } = fenced
    const after = keys(...two, { ...fenced, data: { ...data, extent: 'SCOPES', scopes: ['REF'] } })
    expect(after).toEqual({
      live: new Map([[second, 'EMP']]),
      scopes: new Map([
        [kid, 'REF'],
        [second, 'EMP'],
      ]),
      closed: new Set(['REF']),
      destroyed: new Set(),
      retired: new Map(),
      fences: new Map([[erasureId, { eventId: eventId(2), extent: 'SCOPES', scopes: ['REF'], kids: [kid] }]]),
    })
  })
  test('closed scopes add up, until everything that dies with the person is closed: the evidence is not waited for', () => {
    const fence = (...closing: readonly Scope[]) => ({ ...fenced, data: { ...fenced.data, scopes: closing } })
    const [last, ...others] = erasableScopes
    expect(isErased(keys(fence(...others)))).toBe(false)
    expect(isErased(keys(fence(...others), fence(last!)))).toBe(true)
    expect(isErased(keys(fence('EVID')))).toBe(false)
  })
  test('a destroyed key is on record as destroyed', () => {
    expect(keys(keyed, fenced, destroyed).destroyed).toEqual(new Set([kid]))
  })
  test('a retired key is not live, and its scope goes on', () => {
    expect(keys(...two, retired)).toMatchObject({
      live: new Map([[second, 'EMP']]),
      retired: new Map([[kid, 'COMPROMISED']]),
      closed: new Set(),
    })
  })
})

test('one event can concern two slices of a person, and none else', () => {
  const state = stateOf(received, keyed, recorded, granted, fenced)
  expect([state.keys.closed.size, state.held.size, state.consents.size, state.intake.referral?.state]).toEqual([
    erasableScopes.length,
    0,
    1,
    'RECEIVED',
  ])
  expect(subjectRef).toBe(received.data.subjectRef)
})
