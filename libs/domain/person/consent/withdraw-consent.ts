import type { Decision } from '#decider/decider'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import type { Channel } from '../channels.js'
import type { Person } from '../person.js'
import { type ConsentEvent, ConsentWithdrawn } from './events.js'

export type WithdrawConsent = {
  readonly subjectRef: SubjectRef
  readonly which: 'ALL' | { readonly recipient: string; readonly purpose: string }
  readonly channel: Channel
  readonly withdrawnAt: string
}
export const withdrawConsentRefusals = ['NOT_FOUND'] as const
type Why = (typeof withdrawConsentRefusals)[number]

/**
 * C32: withdrawing is as easy as giving, by any channel, and is never refused for any state of the record. What was shared before stays
 * lawful.
 */
export const withdrawConsent =
  ({ which, ...told }: WithdrawConsent): Decision<Person, ConsentEvent, Refusal<Why>> =>
  ({ intake, consents }) => {
    if (!intake.referral) return refused('NOT_FOUND')
    const given = [...consents.values()].filter(
      ({ state, recipient, purpose }) =>
        state === 'GIVEN' && (which === 'ALL' || (which.recipient === recipient && which.purpose === purpose)),
    )
    return accept(given.map(({ recipient, purpose }) => ConsentWithdrawn.of({ ...told, recipient, purpose })))
  }
