import { type Evolve, type Meta, andThen, onlyWhere, within } from '#decider/decider'
import { fieldsOfJob, outcomesOf } from '#domain/person/details/record'
import { type Episode, type EpisodeStep, evolveEpisode, isLatestJob } from '#domain/person/episode/episode'
import type { EpisodeEvent } from '#domain/person/episode/events'
import { scopeOfCategory } from '#event-kit/scope'
import { type Case, withFacts } from './facts.js'
import { hold, withoutFields } from './fields.js'

/** What the use of the service has come to: the domain's own step. */
export const onEpisode = within<Case, Episode | undefined, EpisodeStep>(evolveEpisode, {
  take: ({ facts }) => facts.episode,
  put: (was, episode) => (episode ? withFacts(was, { episode }) : was),
})

const ofLatestJob = onlyWhere((was: Case, data: { readonly jobId: string }) => isLatestJob(was.facts.episode, data))
/** Of a job what the record holds as an outcome. */
const held = (type: Parameters<typeof outcomesOf>[0]) =>
  ofLatestJob((was: Case, data: { readonly jobId: string }, meta: Meta) =>
    hold(type === 'JobStarted' ? withoutFields(was, fieldsOfJob) : was, outcomesOf(type, data), scopeOfCategory.OUT, 'WORKER', meta),
  )

const { ReferralAccepted: _, ...steps } = onEpisode
export const episode: Evolve<Case, EpisodeEvent> = {
  ...steps,
  JobStarted: andThen(onEpisode.JobStarted, held('JobStarted')),
  JobEnded: andThen(onEpisode.JobEnded, held('JobEnded')),
  JobSustained: andThen(onEpisode.JobSustained, held('JobSustained')),
}
