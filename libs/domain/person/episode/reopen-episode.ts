import { type At, command, noCategories } from '#decider/command'
import { londonDate } from '#calendar/statutory-periods'
import type { SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { isEligibleAt } from '../intake/accept-referral.js'
import { intakeBasis } from '../intake/intake.js'
import { objectsToStorage } from '../mis/storage.js'
import { person } from '../person.js'
import { cancelledRetention } from '../retention/retention.js'
import { deathIn } from '../standing/facts.js'
import { EpisodeReopened } from './events.js'

export type ReopenEpisode = {
  readonly subjectRef: SubjectRef
  /** Now unless told. */
  readonly reopenedAt?: string | undefined
}

/** C11, C52: somebody who stopped comes back: by STARS evidence in date, as at first. Ten years count from the next end. */
export const reopenEpisode = command({
  name: 'ReopenEpisode',
  clauses: ['C11', 'C41', 'C52'],
  says: 'Let somebody who stopped use the service again',
  aggregate: person,
  streamId: ({ subjectRef }: ReopenEpisode) => subjectRef,
  capability: 'ACCEPT_REFERRAL',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'PERSON_HAS_DIED', 'EPISODE_NOT_OPEN', 'DAYS_OUT_OF_ORDER', 'NOT_IN_STARS_SERVICE', 'MIS_STORAGE_REQUIRED'],
  decide:
    ({ subjectRef, reopenedAt: told }: ReopenEpisode, { now }: At) =>
    ({ intake: { referral }, episode, retention, storage, facts }) => {
      if (!referral) return refused('NOT_FOUND')
      if (deathIn(facts)) return refused('PERSON_HAS_DIED')
      if (!episode || episode.state === 'CLOSED') return refused('EPISODE_NOT_OPEN')
      if (episode.state === 'OPEN') return accept([])
      const reopenedAt = earlierOf(told ?? now, now)
      if (londonDate(reopenedAt) < (episode.endedOn ?? '')) return refused('DAYS_OUT_OF_ORDER')
      if (!isEligibleAt(referral, reopenedAt)) return refused('NOT_IN_STARS_SERVICE')
      if (objectsToStorage(storage)) return refused('MIS_STORAGE_REQUIRED')
      return accept([
        EpisodeReopened.of({ subjectRef, episodeId: episode.episodeId, reopenedAt }),
        ...cancelledRetention(retention, { subjectRef, reason: 'SERVICE_RESUMED', at: reopenedAt }),
      ])
    },
})
