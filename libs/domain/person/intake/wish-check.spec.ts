import type { Decided } from '#decider/command'
import { happened, somebody, specFor } from '#decider/spec'
import { ErasureFenced } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import type { StaffRef } from '#kernel/id'
import type { DataOfEvent } from '#event-kit/event'
import type { ContactFailed } from '../contact/events.js'
import { examples } from '../examples.js'
import { erasureId, kid, staffConcerned, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { decideUnresolvedWish } from './decide-unresolved-wish.js'
import { requestWishCheck } from './request-wish-check.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ServiceWishCheckRequested: requested,
  ServiceWishUnresolved: unresolved,
  ServiceWishConfirmed: confirmed,
  ServiceDeclined: declined,
  SubjectKeyCreated: keyed,
  ContactFailed: failed,
} = examples
const { requestedAt: start, due } = requested.data

describe('[C12] somebody is asked', () => {
  const request = (more: object = {}, now = start) =>
    requestWishCheck.decide({ subjectRef, owner: staffConcerned, ...more }, { now, actor: somebody, ownerTakesReferrals: true })
  const ofOwner = (owner: string, more: object = {}) => ({ ...requested, data: { ...requested.data, owner: owner as StaffRef, ...more } })

  test('for 28 days, whatever the referrer claimed', () => given(received).when(request()).then(requested))
  test('by whoever has it recorded, unless told', () =>
    given(received)
      .when(request({ owner: undefined }))
      .then(ofOwner(somebody.id)))
  test('by one at a time: to hand it on moves no end', () => {
    given(received, requested).when(request({}, due)).thenNothing()
    given(received, requested)
      .when(request({ owner: somebody.id }, due))
      .then(ofOwner(somebody.id, { requestedAt: due }))
  })
  test('since when it was, and not since before the referral, nor ahead of time', () => {
    given(received)
      .when(request({ requestedAt: '2026-10-01T09:00:00.000Z' }))
      .then(requested)
    given(received)
      .when(request({ requestedAt: '2026-11-03T09:00:00.000Z' }))
      .then(requested)
  })
  test('not once they have said it; but whoever else said no did not say it for them', () => {
    given(received, confirmed).when(request()).thenRefused({ code: 'SERVICE_WISH_KNOWN' })
    given(received, declined).when(request()).thenRefused({ code: 'SERVICE_WISH_KNOWN' })
    const referrers = { ...declined, data: { ...declined.data, declinedBy: 'REFERRER' as const } }
    given(received, referrers).when(request()).then(requested)
  })
  test.each<readonly [string, readonly PersonEvent[], string]>([
    ['who was never referred', [], 'NOT_FOUND'],
    ['who has died', [received, examples.DeathRecorded], 'PERSON_HAS_DIED'],
    ['who was accepted', [received, confirmed, examples.ReferralAccepted], 'PAST_POINT_OF_REFERRAL'],
  ])('nobody %s', (_, before, code) =>
    given(...before)
      .when(request())
      .thenRefused({ code: code as 'NOT_FOUND' }),
  )
  test('by nobody who takes no referrals', () =>
    given(received)
      .when(requestWishCheck.decide({ subjectRef }, { now: start, actor: somebody, ownerTakesReferrals: false }))
      .thenRefused({ code: 'OWNER_TAKES_NO_REFERRALS' }))
})

type Tried = Partial<DataOfEvent<typeof ContactFailed>>
const tried = (day: string, more: Tried = {}): Decided<PersonEvent> => ({
  ...failed,
  data: { ...failed.data, about: 'SERVICE_WISH', against: [], contactedAt: `2026-11-${day}T10:00:00.000Z`, ...more },
})
const thrice = [tried('05'), tried('12'), tried('20')]
const calendar = { version: 'SPEC', holidays: new Set<string>() }
const decide = (decision: 'ASK_AGAIN' | 'ERASE', now = due) =>
  decideUnresolvedWish.decide({ subjectRef, decision, note: unresolved.data.note, erasureId }, { now, calendar })
const fence = ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'C12-UNRESOLVED' })
const decided = (attempts: number, decision: 'ASK_AGAIN' | 'ERASE') => ({ ...unresolved, data: { ...unresolved.data, attempts, decision } })

describe('[C12] what follows of a person’s silence', () => {
  test('[C68] is decided: their referral is fenced as a no would have it, once it was tried on three days', () =>
    given(keyed, received, requested, ...thrice)
      .when(decide('ERASE'))
      .then(unresolved, fence))
  test('or they are asked for as long again, however often it was tried', () => {
    const again = { ...requested, data: { ...requested.data, requestedAt: due, due: '2026-12-27T09:00:00.000Z' } }
    given(keyed, received, requested, ...thrice)
      .when(decide('ASK_AGAIN'))
      .then(decided(3, 'ASK_AGAIN'), again)
    given(keyed, received, requested).when(decide('ASK_AGAIN')).then(decided(0, 'ASK_AGAIN'), again)
    given(keyed, received, requested, ...thrice, decided(3, 'ASK_AGAIN'), again)
      .when(decide('ERASE', '2026-12-27T09:00:00.000Z'))
      .thenRefused({ code: 'WISH_CHECK_NOT_TRIED' })
  })
  test('is not decided before the 28 days are over', () => {
    for (const decision of ['ASK_AGAIN', 'ERASE'] as const)
      given(keyed, received, requested, ...thrice)
        .when(decide(decision, '2026-11-29T08:59:59.999Z'))
        .thenRefused({ code: 'WISH_CHECK_STILL_RUNS' })
  })
  const notTried = (...contacts: readonly Decided<PersonEvent>[]) =>
    given(keyed, received, requested, ...(contacts as readonly PersonEvent[]))
      .when(decide('ERASE'))
      .thenRefused({ code: 'WISH_CHECK_NOT_TRIED' })
  test('[C58] counts no try against what they wished, and of two on one day one', () => {
    notTried(tried('05'), tried('12'))
    notTried(tried('05'), tried('12'), tried('20', { against: ['OUTSIDE_SAFE_TIMES'] }))
    notTried(tried('05'), tried('12'), tried('12', { contactedAt: '2026-11-12T18:00:00.000Z' }))
  })
  test('counts no other contact, and none of before they were to be asked', () => {
    notTried(tried('05'), tried('12'), tried('20', { about: 'PROGRESS' }))
    notTried(tried('05'), tried('12'), tried('20', { contactedAt: '2026-10-30T10:00:00.000Z' }))
  })
  test('counts that they were reached, and did not say it', () => {
    const { outcome: _, ...data } = (tried('20') as typeof failed).data
    given(keyed, received, requested, tried('05'), tried('12'), { ...examples.ContactMade, data })
      .when(decide('ERASE'))
      .then(unresolved, fence)
  })
  test('needs no try where no way is left to reach them by', () => {
    const refused = ['PHONE', 'EMAIL', 'SMS', 'LETTER', 'IN_PERSON', 'HOME_VISIT', 'VIDEO'] as const
    const unreachable = { ...examples.ContactPreferencesSet, data: { ...examples.ContactPreferencesSet.data, refused } }
    given(keyed, received, requested, unreachable).when(decide('ERASE')).then(decided(0, 'ERASE'), fence)
  })
  test('waits for what protects somebody', () => {
    const report = { ...examples.DisclosureRequested, data: { ...examples.DisclosureRequested.data, basis: { art6: 'c' as const } } }
    const police = happened({ ...report, data: { ...report.data, recipient: 'POL-CRIME' } }, { occurredAt: due })
    given(keyed, received, requested, ...thrice, police)
      .when(decide('ERASE'))
      .thenRefused({ code: 'ERASURE_DEFERRED_SAFEGUARDING' })
  })
  test.each<readonly [string, readonly PersonEvent[], string]>([
    ['was never referred', [], 'NOT_FOUND'],
    ['nobody was to ask', [received], 'WISH_CHECK_NOT_REQUESTED'],
    ['has said it since', [received, requested, confirmed], 'SERVICE_WISH_KNOWN'],
    ['was accepted', [received, requested, confirmed, examples.ReferralAccepted], 'PAST_POINT_OF_REFERRAL'],
    ['was decided on already', [received, requested, decided(3, 'ERASE')], 'WISH_CHECK_NOT_REQUESTED'],
  ])('is not decided of whom it %s', (_, before, code) => {
    for (const decision of ['ASK_AGAIN', 'ERASE'] as const)
      given(...before)
        .when(decide(decision))
        .thenRefused({ code: code as 'NOT_FOUND' })
  })
})

test('[C12] a referral that was given up for silence has come to that, also where somebody else had said no', () => {
  const state = (...events: readonly PersonEvent[]) => given(received, requested, ...events).state.intake.referral?.state
  const referrers = { ...declined, data: { ...declined.data, declinedBy: 'REFERRER' as const } }
  expect([state(), state(decided(3, 'ASK_AGAIN')), state(decided(3, 'ERASE'))]).toEqual(['RECEIVED', 'RECEIVED', 'UNRESOLVED'])
  expect([state(referrers), state(referrers, decided(3, 'ERASE'))]).toEqual(['DECLINED', 'UNRESOLVED'])
})
