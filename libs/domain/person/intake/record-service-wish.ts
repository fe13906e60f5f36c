import type { Decision } from '#decider/decider'
import { ErasureFenced } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import type { ErasureId, SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import type { Channel } from '../channels.js'
import { isErased, liveKeysOf } from '../keys/keys.js'
import type { Person, PersonEvent } from '../person.js'
import { ServiceDeclined, ServiceWishConfirmed } from './events.js'

export type RecordServiceWish = {
  readonly subjectRef: SubjectRef
  readonly outcome: 'WANTED' | 'DECLINED'
  readonly declinedBy: 'PERSON' | 'REFERRER' | 'OTHER'
  readonly channel: Channel
  readonly note?: Personal<string> | undefined
  /** Names the erasure that a no of the person's own begins. */
  readonly erasureId: ErasureId
}
export const recordServiceWishRefusals = ['SUBJECT_ERASED', 'NOT_FOUND'] as const
type Why = (typeof recordServiceWishRefusals)[number]

/**
 * C12, C13: the person's own no fences their data in the same append; the erasure process destroys the keys. Anybody else's no does not
 * erase.
 */
export const recordServiceWish =
  ({ subjectRef, outcome, declinedBy, channel, note, erasureId }: RecordServiceWish): Decision<Person, PersonEvent, Refusal<Why>> =>
  ({ intake, keys }) => {
    if (isErased(keys)) return refused('SUBJECT_ERASED')
    if (!intake.referral) return refused('NOT_FOUND')
    const said = {
      referralId: intake.referral.referralId as Parameters<typeof ServiceDeclined.of>[0]['referralId'],
      subjectRef,
      channel,
      note,
    }
    if (outcome === 'WANTED') return accept([ServiceWishConfirmed.of(said)])
    const declined = ServiceDeclined.of({ ...said, declinedBy })
    if (declinedBy !== 'PERSON') return accept([declined])
    const kids = liveKeysOf(keys, erasableScopes)
    return accept([
      declined,
      ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids, cause: 'C13-DECLINED' }),
    ])
  }
