import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { type PersonEvent, person } from '../person.js'
import { erasureGrounds } from './events.js'
import { requestErasure } from './request-erasure.js'

const { given } = specFor(person)
const {
  ReferralReceived: referred,
  ErasureRequested: asked,
  ConsentGranted: granted,
  ConsentRefused: refusedConsent,
  WithdrawalReceived: received,
  ConsentWithdrawn: withdrawn,
} = examples
const facts = { now: '2026-11-24T10:00:00.000Z', calendar: { version: 'DEMO-1', holidays: new Set<string>() } }
const requested = { ...asked, data: { ...asked.data, grounds: 'CONSENT_WITHDRAWN' as const } }
const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = requested.data
const { recipient: _____, purpose: ______, named: _______, ...receipt } = received.data
const { channel, receivedAt } = request
const ofAll = { ...received, data: { ...receipt, extent: 'ALL' as const, channel, receivedAt, withdrawnAt: receivedAt } }
const end = { ...withdrawn, data: { ...withdrawn.data, channel, withdrawnAt: receivedAt } }
const ask = (...past: PersonEvent[]) => given(referred, ...past).when(requestErasure.decide(request, facts))

describe('[C32] whoever asks to be erased because they withdraw their consent has withdrawn it', () => {
  test('every consent ends in the same append', () => {
    const second = { ...granted, data: { ...granted.data, recipient: 'NDTMS' } }
    ask(granted, second).then(requested, ofAll, end, { ...end, data: { ...end.data, recipient: 'NDTMS' } })
  })
  test('at its position: also one that was signed after the request came, and typed in before it', () => {
    ask({ ...granted, data: { ...granted.data, completedAt: '2026-11-05T09:00:00.000Z' } }).then(requested, ofAll, end)
  })
  test('it is on record where there was none to end', () => {
    ask().then(requested, ofAll)
    ask(refusedConsent).then(requested, ofAll)
  })
  test.each(erasureGrounds.filter(grounds => grounds !== 'CONSENT_WITHDRAWN'))('another ground ends none: %s', grounds => {
    given(referred, granted)
      .when(requestErasure.decide({ ...request, grounds }, facts))
      .then({ ...requested, data: { ...requested.data, grounds } })
  })
})
