import { specFor } from '#decider/spec'
import { recordServiceWish } from '../intake/record-service-wish.js'
import { planContact } from '../contact/plan-contact.js'
import { reopenEpisode } from '../episode/reopen-episode.js'
import { acceptReferral } from '../intake/accept-referral.js'
import { examples } from '../examples.js'
import { erasureId, subjectRef } from '../invented.js'
import { person } from '../person.js'
import { type Past, stateOf } from '../spec.js'
import { correctDeath, recordDeath } from './death.js'
import { closeSafeguardingConcern, raiseSafeguardingConcern } from './safeguarding-concern.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ErasureFenced: fenced,
  SafeguardingConcernRaised: raised,
  SafeguardingConcernClosed: closed,
  DeathRecorded: died,
  DeathCorrected: corrected,
  ServiceUseEnded: ended,
  EpisodeReopened: reopened,
  RetentionScheduled: scheduled,
  RetentionCancelled: cancelled,
  ContactPlanned: planned,
} = examples
const now = '2026-11-02T09:00:00.000Z'
const at = { now }

describe('[C21] a safeguarding concern', () => {
  test('is taken down of anybody who was referred', () => {
    given(received).when(raiseSafeguardingConcern.decide(raised.data, at)).then(raised)
    given().when(raiseSafeguardingConcern.decide(raised.data, at)).thenRefused({ code: 'NOT_FOUND' })
  })
  test('is exempt from whatever could refuse it', () => {
    expect(raiseSafeguardingConcern.exemptFrom).toEqual(['W2', 'W3', 'W6', 'W7', 'W8'])
  })
  test('of somebody who is erased is on record without its words', () => {
    given(received, fenced)
      .when(raiseSafeguardingConcern.decide(raised.data, at))
      .then({ ...raised, data: { ...raised.data, words: undefined } })
    given(received, fenced, raised)
      .when(closeSafeguardingConcern.decide(closed.data, at))
      .then({ ...closed, data: { ...closed.data, words: undefined } })
  })
  test('is closed once, and not before it was raised', () => {
    const close = (closedAt?: string) => closeSafeguardingConcern.decide({ ...closed.data, closedAt }, at)
    given(received, raised)
      .when(close())
      .then({ ...closed, data: { ...closed.data, closedAt: now } })
    given(received, raised, closed).when(close()).thenRefused({ code: 'FACT_ENDED' })
    given(received, raised).when(close('2026-10-01T09:00:00.000Z')).thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
    given(received).when(close()).thenRefused({ code: 'NOT_FOUND' })
  })
})

describe('[C13] a no at the point of referral', () => {
  const facts = {
    actor: { id: subjectRef as never, role: 'ips-worker' as const },
    calendar: { version: 'SPEC', holidays: new Set<string>() },
  }
  const decline = (day: string) =>
    recordServiceWish.decide(
      { subjectRef, erasureId, channel: 'PHONE', outcome: 'DECLINED', declinedBy: 'PERSON' },
      { ...facts, now: `${day}T09:00:00.000Z` },
    )
  const types = (day: string, ...past: Past) =>
    given(...past)
      .when(decline(day))
      .events()
      .map(({ type }) => type)
  test('waits for an open concern five working days', () => {
    given(received, raised).when(decline('2026-11-06')).thenRefused({ code: 'ERASURE_DEFERRED_SAFEGUARDING' })
    expect(types('2026-11-09', received, raised)).toEqual(['ServiceDeclined', 'ErasureFenced'])
  })
  test('does not wait for one that is closed', () => {
    expect(types('2026-11-03', received, raised, closed)).toEqual(['ServiceDeclined', 'ErasureFenced'])
  })
})

describe('[C57] somebody who has died', () => {
  const open = [received, examples.EligibilityConfirmed, examples.ReferralAccepted, examples.EpisodeOpened] as const
  const retention = { version: scheduled.data.retentionVersion, years: 10 }
  const die = (diedOn = '2026-11-01') => recordDeath.decide({ ...died.data, diedOn }, { now, retention })
  const { narrative: _, ...end } = ended.data
  const endedOn = (day: string) => ({ ...ended, data: { ...end, endedOn: day, reason: 'DIED' as const } })
  const keptFrom = (day: string) => ({ ...scheduled, data: { ...scheduled.data, endedOn: day, expires: `2036${day.slice(4)}` } })
  const deathOn = (day: string) => ({ ...died, data: { ...died.data, diedOn: day } })

  test('[C51] uses the service no more, and data is kept from that day on', () => {
    given(...open)
      .when(die())
      .then(deathOn('2026-11-01'), endedOn('2026-11-01'), keptFrom('2026-11-01'))
    given(received).when(die()).then(deathOn('2026-11-01'))
  })
  test('has died once, on a day that has been', () => {
    given(received, died).when(die()).thenRefused({ code: 'PERSON_HAS_DIED' })
    given(received).when(die('2026-11-03')).thenRefused({ code: 'DAY_NOT_COME_YET' })
    given().when(die()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('before the day that the episode began on, ends it on that day', () => {
    expect(
      given(...open)
        .when(die('2026-10-20'))
        .events()[1],
    ).toMatchObject({ data: { endedOn: '2026-11-01' } })
  })
  test('is not called, not accepted, and does not come back', () => {
    const plan = planContact.decide(planned.data, { atSafeTime: true })
    given(received, died).when(plan).thenRefused({ code: 'PERSON_HAS_DIED' })
    const { episodeId } = ended.data
    given(received, died).when(acceptReferral.decide({ subjectRef, episodeId }, at)).thenRefused({ code: 'PERSON_HAS_DIED' })
    given(...open, died, endedOn('2026-11-01'))
      .when(reopenEpisode.decide({ subjectRef }, at))
      .thenRefused({ code: 'PERSON_HAS_DIED' })
  })

  const dead = [...open, deathOn('2026-11-01'), endedOn('2026-11-01'), keptFrom('2026-11-01')] as const
  const correct = (diedOn?: string) => correctDeath.decide({ subjectRef, diedOn, words: corrected.data.words }, { now, retention })
  const correctedTo = (diedOn?: string) => ({ ...corrected, data: { ...corrected.data, diedOn } })
  test('[C63] on another day: the end and the years move with it', () => {
    given(...dead)
      .when(correct('2026-11-02'))
      .then(correctedTo('2026-11-02'), endedOn('2026-11-02'), keptFrom('2026-11-02'))
    given(...dead)
      .when(correct('2026-11-01'))
      .thenNothing()
    given(...dead)
      .when(correct('2026-11-03'))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
    given(received).when(correct('2026-11-01')).thenRefused({ code: 'NOT_FOUND' })
  })
  test('[C63] by mistake: lives, and uses the service as before', () => {
    const goesOn = { ...reopened, data: { ...reopened.data, reopenedAt: now } }
    given(...dead)
      .when(correct())
      .then(correctedTo(), goesOn, { ...cancelled, data: { ...cancelled.data, at: now } })
    const state = stateOf(...dead, correctedTo(), goesOn)
    expect([state.facts, state.episode?.state, state.episode?.endedBecause]).toEqual([{}, 'OPEN', undefined])
  })
  test('[C63] what had ended before goes on for nobody', () => {
    given(...open, ended, scheduled, died)
      .when(correct())
      .then(correctedTo())
    given(received, died).when(correct('2026-10-21')).then(correctedTo('2026-10-21'))
  })
})
