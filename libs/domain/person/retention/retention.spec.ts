import { specFor } from '#decider/spec'
import { endServiceUse } from '../episode/end-service-use.js'
import { reopenEpisode } from '../episode/reopen-episode.js'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'

const { given } = specFor(person)
const { ServiceUseEnded: left, EpisodeReopened: reopened, RetentionScheduled: scheduled, RetentionCancelled: cancelled } = examples
const open = [examples.ReferralReceived, examples.EligibilityConfirmed, examples.ReferralAccepted, examples.EpisodeOpened] as const
const now = '2026-11-01T09:00:00.000Z'
const { episodeId: _, ...last } = left.data
const leaving = { ...last, reason: 'COMPLETED' as const }
const comeBack = reopenEpisode.decide({ subjectRef }, { now })

test('[C51][C52] data is kept for as long as the policy in force says, from the last day of the service', () => {
  const leaveUnder = (years: number) => endServiceUse.decide(leaving, { now, retention: { version: 'RET-2', years } })
  const kept = (expires: string) => ({ ...scheduled, data: { ...scheduled.data, expires, retentionVersion: 'RET-2' } })
  given(...open)
    .when(leaveUnder(10))
    .then(left, kept('2036-11-01'))
  given(...open)
    .when(leaveUnder(6))
    .then(left, kept('2032-11-01'))
  expect(given(...open, left, scheduled).state.retention?.expires).toBe('2036-11-01')
})
test('[C52] of whoever comes back no end is set; of an end of before there were ends, none is cancelled', () => {
  const back = { ...reopened, data: { ...reopened.data, reopenedAt: now } }
  given(...open, left, scheduled)
    .when(comeBack)
    .then(back, { ...cancelled, data: { ...cancelled.data, at: now } })
  given(...open, left)
    .when(comeBack)
    .then(back)
  expect(given(...open, left, scheduled, reopened, cancelled).state.retention).toBeUndefined()
})
