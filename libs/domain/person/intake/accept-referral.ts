import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { earlierOf, isEarlier } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { EpisodeOpened } from '../episode/events.js'
import { objectsToStorage } from '../mis/storage.js'
import { person } from '../person.js'
import { deathIn } from '../standing/facts.js'
import { ReferralAccepted } from './events.js'
import { intakeBasis } from './intake.js'
import type { Referral } from './referral.js'

export type AcceptReferral = {
  readonly subjectRef: SubjectRef
  readonly episodeId: DataOfEvent<typeof ReferralAccepted>['episodeId']
  /** Now unless told. */
  readonly acceptedAt?: string | undefined
}

/** What was known when it was accepted counts: their own yes, said by then, and evidence that was in date. */
const wantedAt = ({ wish }: Referral, at: string) => wish?.answer === 'YES' && !isEarlier(at, wish.at)
/** STARS says so, by evidence that is in date then. */
export const isEligibleAt = ({ stars }: Referral, at: string) =>
  stars?.validUntil !== undefined && !isEarlier(at, stars.checkedAt) && !isEarlier(stars.validUntil, at)

/**
 * C01, C11, C12: the person wants the service, by their own word, and receives one of STARS, by evidence in date. From here on a no is a
 * request for erasure (K1). What the referral said stays under its own key until the person's erasure or the end of its retention.
 */
export const acceptReferral = command({
  name: 'AcceptReferral',
  clauses: ['C01', 'C11', 'C12', 'C41'],
  says: 'Accept a referral: the service begins',
  aggregate: person,
  streamId: ({ subjectRef }: AcceptReferral) => subjectRef,
  capability: 'ACCEPT_REFERRAL',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'PERSON_HAS_DIED', 'SERVICE_WISH_UNCONFIRMED', 'NOT_IN_STARS_SERVICE', 'MIS_STORAGE_REQUIRED'],
  decide:
    ({ subjectRef, episodeId, acceptedAt: told }: AcceptReferral, { now }: At) =>
    ({ intake, storage, facts }) => {
      const { referral } = intake
      if (!referral) return refused('NOT_FOUND')
      if (deathIn(facts)) return refused('PERSON_HAS_DIED')
      if (referral.acceptedAt !== undefined) return accept([])
      const acceptedAt = earlierOf(told ?? now, now)
      if (!wantedAt(referral, acceptedAt)) return refused('SERVICE_WISH_UNCONFIRMED')
      if (!isEligibleAt(referral, acceptedAt)) return refused('NOT_IN_STARS_SERVICE')
      if (objectsToStorage(storage)) return refused('MIS_STORAGE_REQUIRED')
      const { referralId, serviceArea } = referral
      return accept([
        ReferralAccepted.of({ referralId, subjectRef, episodeId, acceptedAt }),
        EpisodeOpened.of({ subjectRef, episodeId, serviceArea, openedAt: acceptedAt }),
      ])
    },
})
