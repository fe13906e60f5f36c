import { specFor } from '#decider/spec'
import { breach } from './breach.js'
import { breachExamples } from './examples.js'
import { reportBreach } from './report-breach.js'

const { given } = specFor(breach)
const { BreachReported: reported, AwarenessEstablished: aware } = breachExamples

test('[C50] a suspicion is reported, and starts no clock', () => given().when(reportBreach.decide(reported.data, {})).then(reported))
test('[C50] awareness starts the 72 hours, whatever the clocks do', () =>
  given()
    .when(reportBreach.decide({ ...reported.data, awareAt: '2026-10-23T09:15:00+01:00' }, {}))
    .then(reported, aware))
test('a breach is reported once', () => given(reported).when(reportBreach.decide(reported.data, {})).thenNothing())
test('what is known of a breach: that it was reported, and when the regulator has to know', () => {
  const { target, limit } = aware.data
  expect([given().state, given(reported).state, given(reported, breachExamples.BreachKeyCreated, aware).state]).toEqual([
    { reported: false },
    { reported: true },
    { reported: true, regulatorDue: { target, limit } },
  ])
})
