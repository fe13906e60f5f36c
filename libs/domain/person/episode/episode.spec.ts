import { specFor } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import type { Past } from '../spec.js'
import { assignWorker } from './assign-worker.js'
import { confirmJobSustained } from './confirm-job-sustained.js'
import { endJob } from './end-job.js'
import { endServiceUse } from './end-service-use.js'
import type { ServiceEnding } from './events.js'
import { recordEmployerContact } from './record-employer-contact.js'
import { reopenEpisode } from './reopen-episode.js'
import { startJob } from './start-job.js'

const { given } = specFor(person)
const { ReferralReceived: received, EligibilityConfirmed: confirmed, ReferralAccepted: accepted, EpisodeOpened: opened } = examples
const { WorkerAssigned: assigned, EmployerContactRecorded: contact } = examples
const { JobStarted: started, JobEnded: ended, JobSustained: sustained } = examples
const { ServiceUseEnded: left, EpisodeReopened: reopened } = examples
const { RetentionScheduled: scheduled } = examples
const retention = { version: scheduled.data.retentionVersion, years: 10 }
const beforeEpisode = [received, confirmed] as const
const open = [...beforeEpisode, accepted, opened] as const
const now = '2026-11-01T09:00:00.000Z'
const { jobId } = started.data
const otherJob = '00000000-0000-4000-8000-000000000099' as typeof jobId

const { episodeId: _, jobStart: __, ...job } = started.data
const { episodeId: _e, jobEnd: __e, ...ending } = ended.data
const { episodeId: _c, ...spoken } = contact.data
const { episodeId: _l, reason: _r, ...left1 } = left.data
const leaving = { ...left1, reason: 'COMPLETED' as ServiceEnding }
const assign = (workerId: StaffRef = assigned.data.workerId, isIpsWorker = true) =>
  assignWorker.decide({ subjectRef, workerId }, { isIpsWorker })
const start = (change: Partial<typeof job> = {}, at = now) => startJob.decide({ ...job, ...change }, { now: at })
const end = (change: Partial<typeof ending> = {}, at = now) => endJob.decide({ ...ending, ...change }, { now: at })
const confirm = (at: string, id = jobId) => confirmJobSustained.decide({ subjectRef, jobId: id, shownBy: 'PAYSLIP' }, { now: at })
const leave = (change: Partial<typeof leaving> = {}, at = now) => endServiceUse.decide({ ...leaving, ...change }, { now: at, retention })
const reopen = (at = now, reopenedAt?: string) => reopenEpisode.decide({ subjectRef, reopenedAt }, { now: at })

describe('[C01] the use of the service', () => {
  const from = { 'before it opened': [received, confirmed] as const, 'after it ended': [...open, started, left] as const }
  test.each(Object.entries(from))('nothing of it is recorded %s', (_when, past) => {
    const refused = { code: 'EPISODE_NOT_OPEN' } as const
    given(...past)
      .when(assign())
      .thenRefused(refused)
    given(...past)
      .when(recordEmployerContact.decide(spoken, {}))
      .thenRefused(refused)
    given(...past)
      .when(start())
      .thenRefused(refused)
    given(...past)
      .when(end())
      .thenRefused(refused)
    given(...past)
      .when(confirm(now))
      .thenRefused(refused)
    given(...past)
      .when(leave())
      .thenRefused(refused)
  })
  test('nor of nobody who was referred', () => {
    given().when(assign()).thenRefused({ code: 'NOT_FOUND' })
    given().when(leave()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('opens with the acceptance, also with one of before there were episodes', () => {
    for (const past of [open, [...beforeEpisode, accepted]])
      given(...past)
        .when(assign())
        .then(assigned)
    expect(given(...open).state.episode).toMatchObject({ state: 'OPEN', serviceArea: 'GATESHEAD', openedAt: opened.data.openedAt })
  })
})

test('[C37] whoever supports somebody is registered as a worker; the same one is not assigned twice', () => {
  given(...open)
    .when(assign(assigned.data.workerId, false))
    .thenRefused({ code: 'WORKER_NOT_REGISTERED' })
  given(...open, assigned)
    .when(assign())
    .thenNothing()
  const other = '00000000-0000-4000-8000-000000000098' as StaffRef
  given(...open, assigned)
    .when(assign(other))
    .then({ ...assigned, data: { ...assigned.data, workerId: other } })
})
test('[C07] what an employer said is on record', () =>
  given(...open)
    .when(recordEmployerContact.decide(spoken, {}))
    .then(contact))

describe('[C07] a job', () => {
  test('is on record from its first day, which may be today', () => {
    given(...open)
      .when(start())
      .then(started)
    given(...open)
      .when(start({ startedOn: '2026-11-02' }))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
    expect(
      given(...open)
        .when(start({ startedOn: '2026-11-01' }))
        .events(),
    ).toHaveLength(1)
  })
  test('today is a day in London', () => {
    const nearMidnight = '2026-07-05T23:30:00.000Z'
    given(...open)
      .when(start({}, nearMidnight))
      .then(started)
    given(...open)
      .when(start({}, '2026-07-05T22:30:00.000Z'))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
  })
  test('ends once, and not before it began', () => {
    const working = [...open, started] as const
    given(...working)
      .when(end())
      .then(ended)
    expect(
      given(...working)
        .when(end({ endedOn: '2026-07-06' }))
        .events(),
    ).toMatchObject([{ data: { endedOn: '2026-07-06' } }])
    given(...working)
      .when(end({ endedOn: '2026-07-05' }))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
    given(...working)
      .when(end({ endedOn: '2026-11-02' }))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
    given(...working, ended)
      .when(end())
      .thenNothing()
    given(...working, ended)
      .when(end({ endedOn: '2026-10-29' }))
      .thenRefused({ code: 'JOB_ENDED' })
    given(...working)
      .when(end({ jobId: otherJob }))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('is sustained on the day on which thirteen weeks are full, and not a day before', () => {
    const working = [...open, started] as const
    given(...working)
      .when(confirm('2026-10-04T22:00:00.000Z'))
      .thenRefused({ code: 'JOB_NOT_SUSTAINED' })
    given(...working)
      .when(confirm('2026-10-05T08:00:00.000Z'))
      .then(sustained)
    given(...working, sustained)
      .when(confirm(now))
      .thenNothing()
    given(...working)
      .when(confirm(now, otherJob))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('that ended before is not sustained, however long ago it began; one that ended later was', () => {
    const endedOn = (day: string) => ({ ...ended, data: { ...ended.data, endedOn: day } })
    given(...open, started, endedOn('2026-10-04'))
      .when(confirm(now))
      .thenRefused({ code: 'JOB_NOT_SUSTAINED' })
    given(...open, started, endedOn('2026-10-05'))
      .when(confirm(now))
      .then(sustained)
  })
})

describe('[C52] the end of its use', () => {
  test('is a day that was, and not before it began', () => {
    given(...open)
      .when(leave())
      .then(left, scheduled)
    given(...open)
      .when(leave({ endedOn: '2026-11-02' }))
      .thenRefused({ code: 'DAY_NOT_COME_YET' })
    given(...open)
      .when(leave({ endedOn: '2026-10-31' }))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
  })
  test('[C11] whoever comes back shows again that STARS serves them', () => {
    given(...open, left)
      .when(reopen())
      .then({ ...reopened, data: { ...reopened.data, reopenedAt: now } })
    given(...open, left)
      .when(reopen('2026-12-01T09:00:00.000Z'))
      .thenRefused({ code: 'NOT_IN_STARS_SERVICE' })
    given(...open)
      .when(reopen())
      .thenNothing()
    given(...beforeEpisode)
      .when(reopen())
      .thenRefused({ code: 'EPISODE_NOT_OPEN' })
    given().when(reopen()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('goes on from a day that was, but from none before it ended', () => {
    const nextDay = { ...left, data: { ...left.data, endedOn: '2026-11-02' } }
    const later = '2026-11-20T09:00:00.000Z'
    given(...open, nextDay)
      .when(reopen(later, '2026-11-01T23:59:59.000Z'))
      .thenRefused({ code: 'DAYS_OUT_OF_ORDER' })
    const at = '2026-11-02T00:00:00.000Z'
    given(...open, nextDay)
      .when(reopen(later, at))
      .then({ ...reopened, data: { ...reopened.data, reopenedAt: at } })
    given(...open, nextDay)
      .when(reopen(later, '2026-11-20T09:04:00.000Z'))
      .then({ ...reopened, data: { ...reopened.data, reopenedAt: later } })
  })
  test('[C17] of somebody who was erased is none that they come back from', () => {
    given(...open, left, examples.EpisodeClosed)
      .when(reopen())
      .thenRefused({ code: 'EPISODE_NOT_OPEN' })
  })
  test('is no end any more once it goes on', () => {
    const { episode } = given(...open, left, reopened).state
    expect([episode?.state, episode?.endedOn]).toEqual(['OPEN', undefined])
  })
})

describe('[C36] what is held of a job', () => {
  const heldBy = (...past: Past) =>
    Object.fromEntries(
      [...given(...open, ...past).state.held].filter(([field]) => field.startsWith('OUT.')).map(([field, { value }]) => [field, value]),
    )
  const { employer, jobTitle, jobStart } = started.data
  const first = { 'OUT.employer': employer, 'OUT.jobTitle': jobTitle, 'OUT.jobStart': jobStart }
  const later = {
    ...started,
    data: { ...started.data, jobId: otherJob, startedOn: '2026-10-31', employer: Personal.of('Tansy Laundry'), jobTitle: undefined },
  }
  test('is where, what, from when, until when, and that it was sustained', () => {
    expect(heldBy(started)).toEqual(first)
    expect(heldBy(started, sustained, ended)).toEqual({
      ...first,
      'OUT.sustained': sustained.data.sustained,
      'OUT.jobEnd': ended.data.jobEnd,
    })
  })
  test('is of the job that began last, and nothing of another', () => {
    const ofLater = { 'OUT.employer': later.data.employer, 'OUT.jobStart': later.data.jobStart }
    expect(heldBy(started, sustained, ended, later)).toEqual(ofLater)
    expect(heldBy(started, later, ended)).toEqual(ofLater)
    expect(heldBy(later, started)).toEqual(ofLater)
  })
})
