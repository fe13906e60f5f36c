import { happened } from '#decider/spec'
import { examples } from '../examples.js'
import { stateOf } from '../spec.js'

const {
  ReferralReceived: received,
  ServiceWishConfirmed: confirmed,
  ServiceDeclined: declined,
  EligibilityConfirmed: eligible,
  EligibilityRefused: notEligible,
} = examples
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
