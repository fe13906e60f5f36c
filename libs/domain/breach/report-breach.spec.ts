import { specFor } from '#decider/spec'
import { breach } from './breach.js'
import { establishAwareness } from './establish-awareness.js'
import { breachExamples } from './examples.js'
import { reportBreach } from './report-breach.js'

const { given } = specFor(breach)
const { BreachReported: reported, AwarenessEstablished: aware } = breachExamples

const { breachId, awareAt, target, limit } = aware.data
const at = { now: '2026-10-23T10:00:00.000Z' }

test('[C50] a suspicion is reported, and starts no clock', () => given().when(reportBreach.decide(reported.data, at)).then(reported))
test('[C50] awareness starts the 72 hours, whatever the clocks do', () =>
  given()
    .when(reportBreach.decide({ ...reported.data, awareAt: '2026-10-23T09:15:00+01:00' }, at))
    .then(reported, aware))
test('a breach is reported once', () => given(reported).when(reportBreach.decide(reported.data, at)).thenNothing())
test('nothing was discovered after it was reported, whatever the caller’s clock says', () => {
  const [now, ahead] = [reported.data.discoveredAt, '2026-10-23T08:04:00.000Z']
  const due = { target: '2026-10-26T08:00:00Z', limit: '2026-10-26T09:00:00Z' }
  given()
    .when(reportBreach.decide({ ...reported.data, discoveredAt: ahead, awareAt: ahead }, { now }))
    .then(reported, { ...aware, data: { breachId, awareAt: now, ...due } })
})

describe('[C50] awareness that is established after the report', () => {
  const establish = (when = awareAt, { now } = at) => establishAwareness.decide({ breachId, awareAt: when }, { now })
  const earlier = { breachId, awareAt: '2026-10-23T08:05:00.000Z', target: '2026-10-26T08:05:00Z', limit: '2026-10-26T09:00:00Z' }
  test('starts the 72 hours', () => given(reported).when(establish()).then(aware))
  test('once: nothing that is said later puts them off', () => {
    given(reported, aware).when(establish()).thenNothing()
    given(reported, aware).when(establish('2026-10-23T09:00:00.000Z')).thenNothing()
  })
  test('an earlier moment that comes to light brings them forward', () =>
    given(reported, aware)
      .when(establish(earlier.awareAt))
      .then({ ...aware, data: earlier }))
  test('not before the discovery, but at it', () => {
    given(reported).when(establish('2026-10-23T07:59:59.999Z')).thenRefused({ code: 'AWARE_BEFORE_DISCOVERY' })
    given(reported)
      .when(establish(reported.data.discoveredAt))
      .then({
        ...aware,
        data: { breachId, awareAt: reported.data.discoveredAt, target: '2026-10-26T08:00:00Z', limit: '2026-10-26T09:00:00Z' },
      })
  })
  test('nor later than now', () =>
    given(reported)
      .when(establish('2026-10-23T08:19:00.000Z', { now: awareAt }))
      .then(aware))
  test('of a breach that nobody reported', () => given().when(establish()).thenRefused({ code: 'NOT_FOUND' }))
})

test('what is known of a breach: that it was reported, and when the regulator has to know', () => {
  const { discoveredAt } = reported.data
  expect([given().state, given(reported).state, given(reported, breachExamples.BreachKeyCreated, aware).state]).toEqual([
    { reported: false },
    { reported: true, discoveredAt },
    { reported: true, discoveredAt, awareness: { awareAt, due: { target, limit } } },
  ])
})
