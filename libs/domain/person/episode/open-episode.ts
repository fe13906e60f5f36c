import { type Refusal, type RefusalCode, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { Person, PersonEvent } from '../person.js'
import type { Episode } from './episode.js'

export const needsOpenEpisode = ['NOT_FOUND', 'EPISODE_NOT_OPEN'] as const
type NotOpen = (typeof needsOpenEpisode)[number]

/** Decides within the episode that is open now, or says why there is none. */
export const inOpenEpisode =
  <C extends RefusalCode = never>(decide: (episode: Episode, person: Person) => Result<readonly PersonEvent[], Refusal<C>>) =>
  (person: Person): Result<readonly PersonEvent[], Refusal<C | NotOpen>> => {
    if (!person.intake.referral) return refused('NOT_FOUND')
    return person.episode?.state === 'OPEN' ? decide(person.episode, person) : refused('EPISODE_NOT_OPEN')
  }
