import { happened, somebody, specFor } from '#decider/spec'
import { ErasureFenced } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import { examples } from '../examples.js'
import { erasureId, kid } from '../invented.js'
import { person } from '../person.js'
import { type VerifyEligibility, verifyEligibility } from './verify-eligibility.js'

const { given } = specFor(person)
const { ReferralReceived: received, SubjectKeyCreated: keyed, EligibilityConfirmed: confirmed, EligibilityRefused: turnedAway } = examples
const { referralId: _, ...evidence } = turnedAway.data
const { subjectRef, checkedAt } = evidence
const facts = { now: checkedAt, actor: somebody, calendar: { version: 'SPEC', holidays: new Set<string>() } }
const verify = (change: Partial<VerifyEligibility> = {}, more: object = {}) =>
  verifyEligibility.decide({ ...evidence, outcome: 'CONFIRMED', erasureId, ...change }, { ...facts, ...more })
const refuse = (change: Partial<VerifyEligibility> = {}, more: object = {}) => verify({ ...change, outcome: 'REFUSED' }, more)
const fence = ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'C11-REFUSED' })

describe('[C11] evidence counts until it is 28 days old', () => {
  test('to the moment', () => {
    given(received)
      .when(verify({}, { now: '2026-11-29T09:00:00.000Z' }))
      .then(confirmed)
    given(received)
      .when(verify({}, { now: '2026-11-29T09:00:00.001Z' }))
      .thenRefused({ code: 'NOT_IN_STARS_SERVICE' })
  })
  test('and then does not turn anybody away, either', () =>
    given(received)
      .when(refuse({}, { now: '2026-11-29T09:00:00.001Z' }))
      .thenRefused({ code: 'NOT_IN_STARS_SERVICE' }))
  test('it was not checked after it was recorded', () =>
    given(received)
      .when(verify({ checkedAt: '2026-11-01T09:04:00.000Z' }))
      .then(confirmed))
})

test('of nobody who was referred', () => given().when(verify()).thenRefused({ code: 'NOT_FOUND' }))

describe('[C11] a refusal by STARS', () => {
  test('at the point of referral erases as the person’s own no does', () => given(keyed, received).when(refuse()).then(turnedAway, fence))
  test('of somebody who was accepted is on record, and people end the service', () =>
    given(keyed, received, examples.ReferralAccepted).when(refuse()).then(turnedAway))
  test('that is older than what STARS said since erases nothing', () => {
    const since = { ...confirmed, data: { ...confirmed.data, checkedAt: '2026-11-02T09:00:00.000Z' } }
    given(keyed, received, since).when(refuse()).then(turnedAway)
    given(keyed, received, confirmed).when(refuse()).then(turnedAway, fence)
  })
  test('[C68] is not acted on for a machine’s word; a confirmation is, and what is only on record', () => {
    const machine = { actor: { ...somebody, role: 'integration' } }
    given(keyed, received).when(refuse({}, machine)).thenRefused({ code: 'AUTOMATED_DECISION_FORBIDDEN' })
    given(keyed, received).when(verify({}, machine)).then(confirmed)
    given(keyed, received, examples.ReferralAccepted).when(refuse({}, machine)).then(turnedAway)
  })
  test('waits for what protects somebody', () => {
    const { DisclosureRequested: waiting } = examples
    const report = happened({ ...waiting, data: { ...waiting.data, basis: { art6: 'c' } } }, { occurredAt: checkedAt })
    given(keyed, received, report).when(refuse()).thenRefused({ code: 'ERASURE_DEFERRED_SAFEGUARDING' })
    given(keyed, received, report).when(verify()).then(confirmed)
  })
})
