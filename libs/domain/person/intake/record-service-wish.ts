import { command, noCategories } from '#decider/command'
import { ErasureFenced } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import type { ErasureId, SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Channel } from '../channels.js'
import { liveKeysOf } from '../keys/keys.js'
import { person } from '../person.js'
import { ServiceDeclined, ServiceWishConfirmed } from './events.js'
import { intakeBasis } from './intake.js'

export type RecordServiceWish = {
  readonly subjectRef: SubjectRef
  readonly outcome: 'WANTED' | 'DECLINED'
  readonly declinedBy: 'PERSON' | 'REFERRER' | 'OTHER'
  readonly channel: Channel
  readonly note?: Personal<string> | undefined
  /** Names the erasure that a no of the person's own begins. */
  readonly erasureId: ErasureId
}

/**
 * C12, C13: the person's own no fences their data in the same append; the erasure process destroys the keys. Anybody else's no does not
 * erase.
 */
export const recordServiceWish = command({
  name: 'RecordServiceWish',
  clauses: ['C12', 'C13'],
  says: 'Record whether the person wants the service; their own no erases',
  aggregate: person,
  streamId: ({ subjectRef }: RecordServiceWish) => subjectRef,
  capability: 'RECORD_SERVICE_WISH',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  // A no is heard whatever the paperwork and whoever takes it down.
  categories: noCategories,
  exemptFrom: ['W2', 'W3', 'W7'],
  refusals: ['NOT_FOUND'],
  decide:
    ({ subjectRef, outcome, declinedBy, channel, note, erasureId }: RecordServiceWish) =>
    ({ intake, keys }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const said = { referralId: intake.referral.referralId, subjectRef, channel, note }
      if (outcome === 'WANTED') return accept([ServiceWishConfirmed.of(said)])
      const declined = ServiceDeclined.of({ ...said, declinedBy })
      if (declinedBy !== 'PERSON') return accept([declined])
      const kids = liveKeysOf(keys, erasableScopes)
      return accept([
        declined,
        ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids, cause: 'C13-DECLINED' }),
      ])
    },
})
