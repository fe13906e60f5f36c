import { londonDate } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Episode } from '../episode/episode.js'
import { EpisodeReopened, ServiceUseEnded } from '../episode/events.js'
import { intakeBasis } from '../intake/intake.js'
import { type PersonEvent, person } from '../person.js'
import { type RetentionRule, cancelledRetention, scheduled } from '../retention/retention.js'
import { DeathCorrected, DeathRecorded } from './events.js'
import { deathIn } from './facts.js'

export type RecordDeath = Omit<DataOfEvent<typeof DeathRecorded>, 'learntAt'> & {
  /** Now unless told. */
  readonly learntAt?: string | undefined
}
export type DeathFacts = At & { readonly retention: RetentionRule }

const ofDeath = {
  aggregate: person,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['ID'] as const,
  exemptFrom: [],
} as const

/** C51, C57: the use of the service ends with it, from which the years of the retention policy count, and nobody calls any more. */
export const recordDeath = command({
  ...ofDeath,
  name: 'RecordDeath',
  clauses: ['C51', 'C57'],
  says: 'Record that somebody has died: their use of the service ends, and nobody contacts them any more',
  streamId: ({ subjectRef }: RecordDeath) => subjectRef,
  refusals: ['NOT_FOUND', 'PERSON_HAS_DIED', 'DAY_NOT_COME_YET'],
  decide:
    (death: RecordDeath, { now, retention }: DeathFacts) =>
    ({ intake, facts, episode }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      if (deathIn(facts)) return refused('PERSON_HAS_DIED')
      if (death.diedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
      const recorded = DeathRecorded.of({ ...death, learntAt: earlierOf(death.learntAt ?? now, now) })
      return accept([recorded, ...(episode?.state === 'OPEN' ? endOf({ ...episode, ...death }, retention) : [])])
    },
})

export type CorrectDeath = {
  readonly subjectRef: SubjectRef
  /** Undefined: the person lives. */
  readonly diedOn?: string | undefined
  readonly words?: Personal<string> | undefined
}

/** Another day; or that the person lives, and uses the service as before where nothing but the death had ended it. */
export const correctDeath = command({
  ...ofDeath,
  name: 'CorrectDeath',
  clauses: ['C63'],
  says: 'Correct the day of a death, or that somebody has died at all',
  streamId: ({ subjectRef }: CorrectDeath) => subjectRef,
  refusals: ['NOT_FOUND', 'DAY_NOT_COME_YET'],
  decide:
    (correction: CorrectDeath, { now, retention }: DeathFacts) =>
    person => {
      const death = deathIn(person.facts)
      if (!death) return refused('NOT_FOUND')
      const { diedOn, subjectRef } = correction
      if (diedOn !== undefined && diedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
      if (diedOn === death.from) return accept([])
      const corrected = DeathCorrected.of({ ...correction, factId: death.factId as RecordDeath['factId'] })
      const { episode, retention: kept } = person
      if (episode?.state !== 'ENDED' || episode.endedBecause !== 'DIED') return accept([corrected])
      const { episodeId, openedAt } = episode
      if (diedOn !== undefined) return accept([corrected, ...endOf({ subjectRef, episodeId, openedAt, diedOn }, retention)])
      const goesOn = EpisodeReopened.of({ subjectRef, episodeId, reopenedAt: now })
      return accept([corrected, goesOn, ...cancelledRetention(kept, { subjectRef, reason: 'SERVICE_RESUMED', at: now })])
    },
})

type EndedByDeath = Pick<Episode, 'episodeId' | 'openedAt'> & { readonly subjectRef: SubjectRef; readonly diedOn: string }
/** It ends on that day; where it was recorded to begin later, on the day on which it began. */
function endOf({ subjectRef, episodeId, openedAt, diedOn }: EndedByDeath, retention: RetentionRule): readonly PersonEvent[] {
  const began = londonDate(openedAt)
  const ended = { subjectRef, episodeId, endedOn: diedOn < began ? began : diedOn }
  return [ServiceUseEnded.of({ ...ended, reason: 'DIED' }), scheduled(ended, retention)]
}
