import { type At, command, noCategories } from '#decider/command'
import type { SubjectRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Channel } from '../channels.js'
import { person } from '../person.js'
import { ConsentWithdrawn } from './events.js'

export type WithdrawConsent = {
  readonly subjectRef: SubjectRef
  readonly which: 'ALL' | { readonly recipient: string; readonly purpose: string }
  readonly channel: Channel
}

/**
 * C32: withdrawing is as easy as giving, by any channel, and is never refused for any state of the record. What was shared before stays
 * lawful.
 */
export const withdrawConsent = command({
  name: 'WithdrawConsent',
  clauses: ['C32'],
  says: 'Withdraw a consent, or all of them; never refused for the state of the record',
  aggregate: person,
  streamId: ({ subjectRef }: WithdrawConsent) => subjectRef,
  capability: 'RECEIVE_WITHDRAWAL',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'c' },
  categories: noCategories,
  // Receiving a withdrawal is never refused for training, policy, restriction or erasure.
  exemptFrom: ['W2', 'W3', 'W6', 'W7'],
  refusals: ['NOT_FOUND'],
  decide:
    ({ which, ...said }: WithdrawConsent, { now }: At) =>
    ({ intake, consents }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const given = [...consents.values()].filter(
        ({ state, recipient, purpose }) =>
          state === 'GIVEN' && (which === 'ALL' || (which.recipient === recipient && which.purpose === purpose)),
      )
      return accept(given.map(({ recipient, purpose }) => ConsentWithdrawn.of({ ...said, withdrawnAt: now, recipient, purpose })))
    },
})
