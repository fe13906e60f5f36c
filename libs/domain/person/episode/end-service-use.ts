import { londonDate } from '#calendar/statutory-periods'
import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { type ServiceEnding, ServiceUseEnded } from './events.js'
import { type RetentionRule, scheduled } from '../retention/retention.js'
import { inOpenEpisode, needsOpenEpisode } from './open-episode.js'

/** That somebody has died is recorded as such, and ends it. */
export type EndServiceUse = Omit<DataOfEvent<typeof ServiceUseEnded>, 'episodeId' | 'reason'> & { readonly reason: ServiceEnding }

export type EndServiceUseFacts = At & { readonly retention: RetentionRule }

/** C51, C52: the last day on which somebody used the service, from which the years of the retention policy count. */
export const endServiceUse = command({
  name: 'EndServiceUse',
  clauses: ['C51', 'C52'],
  says: 'Record that somebody has stopped using the service',
  aggregate: person,
  streamId: ({ subjectRef }: EndServiceUse) => subjectRef,
  capability: 'CLOSE_EPISODE',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: [...needsOpenEpisode, 'DAY_NOT_COME_YET', 'DAYS_OUT_OF_ORDER'],
  decide: (ending: EndServiceUse, { now, retention }: EndServiceUseFacts) =>
    inOpenEpisode(({ episodeId, openedAt }) => {
      if (ending.endedOn < londonDate(openedAt)) return refused('DAYS_OUT_OF_ORDER')
      if (ending.endedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
      const ended = { ...ending, episodeId }
      return accept([ServiceUseEnded.of(ended), scheduled(ended, retention)])
    }),
})
