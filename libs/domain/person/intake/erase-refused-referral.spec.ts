import { happened, specFor } from '#decider/spec'
import { ErasureFenced } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import { examples } from '../examples.js'
import { erasureId, kid, subjectRef } from '../invented.js'
import { person, type PersonEvent } from '../person.js'
import type { Past } from '../spec.js'
import { eraseRefusedReferral } from './erase-refused-referral.js'

const { given } = specFor(person)
const { ReferralReceived: received, SubjectKeyCreated: keyed, EligibilityConfirmed: confirmed, EligibilityRefused: turnedAway } = examples
const { checkedAt } = turnedAway.data
const fence = ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'C11-REFUSED' })
const facts = { now: checkedAt, calendar: { version: 'SPEC', holidays: new Set<string>() } }
const then = (...past: Past) => given(...past).when(eraseRefusedReferral({ subjectRef, erasureId }, facts))

describe('[C11] a referral that STARS had refused, and that an older release kept', () => {
  test('is erased, once', () => {
    then(keyed, received, turnedAway).then(fence)
    then(keyed, received, turnedAway, fence).thenNothing()
  })
  test('stays where STARS has confirmed it since, or was never asked', () => {
    const since: PersonEvent = { ...confirmed, data: { ...confirmed.data, checkedAt: '2026-11-02T09:00:00.000Z' } }
    then(keyed, received, turnedAway, since).thenNothing()
    then(keyed, received).thenNothing()
  })
  test('stays once the service has begun', () => {
    then(keyed, received, turnedAway, examples.ReferralAccepted).thenNothing()
    then(keyed, received, examples.PersonalDetailsRecorded, turnedAway).thenNothing()
  })
  test('waits for what protects somebody', () => {
    const { DisclosureRequested: waiting } = examples
    const report = happened({ ...waiting, data: { ...waiting.data, basis: { art6: 'c' } } }, { occurredAt: checkedAt })
    then(keyed, received, turnedAway, report).thenNothing()
  })
})
