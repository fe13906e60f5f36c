import { happened } from '#decider/spec'
import { examples } from '../examples.js'
import type { PersonEvent } from '../person.js'
import { stateOf } from '../spec.js'

const {
  ReferralReceived: received,
  ServiceWishConfirmed: confirmed,
  ServiceDeclined: declined,
  EligibilityConfirmed: eligible,
  EligibilityRefused: notEligible,
  ReferralAccepted: accepted,
} = examples
const { referralId, serviceArea, receivedAt } = received.data
const at = '2026-11-01T09:00:00.000Z'
const [before, after] = ['2026-10-01T09:00:00.000Z', '2026-11-02T09:00:00.000Z']
const by = (declinedBy: 'REFERRER' | 'OTHER') => ({ ...declined, data: { ...declined.data, declinedBy } })
const state = (...past: PersonEvent[]) => stateOf(received, ...past).intake.referral?.state

describe('a referral', () => {
  const referral = { referralId, source: 'DWP-JCP', serviceArea, receivedAt }
  test('of nobody', () => {
    expect(stateOf().intake).toEqual({})
    expect(stateOf(confirmed, declined, eligible, notEligible, accepted).intake).toEqual({})
  })
  test('waits for the wish, or has it already', () => {
    expect(stateOf(received).intake).toEqual({ referral: { ...referral, state: 'RECEIVED' } })
    expect(stateOf(happened({ ...received, data: { ...received.data, wish: 'YES' } }, { occurredAt: at })).intake).toEqual({
      referral: { ...referral, state: 'WANTED', wish: { answer: 'YES', by: 'PERSON', at } },
    })
  })
  test('what the person says, and when', () => {
    expect(stateOf(received, confirmed).intake.referral).toEqual({
      ...referral,
      state: 'WANTED',
      wish: { answer: 'YES', by: 'PERSON', at },
    })
    expect(stateOf(received, declined).intake.referral).toEqual({
      ...referral,
      state: 'DECLINED',
      wish: { answer: 'NO', by: 'PERSON', at },
    })
  })
  test('what was stored without a time was said when it is on record', () => {
    const { saidAt: _, ...old } = declined.data
    const { intake } = stateOf(received, happened({ ...declined, data: old }, { occurredAt: before }))
    expect(intake.referral?.wish?.at).toBe(before)
  })
  test('what STARS says', () => {
    const { evidenceType, checkedAt, validUntil } = eligible.data
    expect(stateOf(received, eligible).intake).toEqual({
      referral: { ...referral, state: 'RECEIVED', stars: { outcome: 'CONFIRMED', evidenceType, checkedAt, validUntil } },
      stars: 'CONFIRMED',
    })
    expect(stateOf(received, eligible, notEligible).intake.stars).toBe('REFUSED')
    expect(stateOf(received, notEligible, eligible).intake.stars).toBe('CONFIRMED')
  })
})

test('wish and evidence lead to one state, in whichever order they come', () => {
  const either = (one: PersonEvent, other: PersonEvent) => [state(one, other), state(other, one)]
  expect(either(confirmed, eligible)).toEqual(['ELIGIBLE', 'ELIGIBLE'])
  expect(either(confirmed, notEligible)).toEqual(['INELIGIBLE', 'INELIGIBLE'])
  expect(either(declined, eligible)).toEqual(['DECLINED', 'DECLINED'])
  expect(either(by('REFERRER'), notEligible)).toEqual(['DECLINED', 'DECLINED'])
  expect([state(eligible), state(notEligible)]).toEqual(['RECEIVED', 'INELIGIBLE'])
})
test('an acceptance stays one, whatever is said of it later', () => {
  expect([state(confirmed, eligible, accepted), state(confirmed, eligible, accepted, notEligible)]).toEqual(['ACCEPTED', 'ACCEPTED'])
})
test('what was said last counts, in whichever order it is typed', () => {
  const since = { ...confirmed, data: { ...confirmed.data, saidAt: after } }
  expect([state(since, declined), state(declined, since), state(confirmed, declined)]).toEqual(['WANTED', 'WANTED', 'DECLINED'])
  const checked = { ...eligible, data: { ...eligible.data, checkedAt: after } }
  expect([state(confirmed, checked, notEligible), state(confirmed, notEligible, checked)]).toEqual(['ELIGIBLE', 'ELIGIBLE'])
})
test('nobody’s no stands against the person’s own yes', () => {
  for (const no of [by('REFERRER'), by('OTHER')])
    expect([state(confirmed, no), state(no, confirmed), state(no)]).toEqual(['WANTED', 'WANTED', 'DECLINED'])
  expect(state(by('REFERRER'), by('OTHER'))).toBe('DECLINED')
})
