import { type At, command, noCategories } from '#decider/command'
import type { SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Channel } from '../channels.js'
import { person } from '../person.js'
import type { Consent, Withdrawn } from './consents.js'
import { type ConsentEvent, ConsentWithdrawn, WithdrawalReceived } from './events.js'

export type WithdrawConsent = {
  readonly subjectRef: SubjectRef
  readonly which: Withdrawn
  readonly channel: Channel
  /** When the person said so, and when that came; just now, where neither is told. */
  readonly withdrawnAt?: string | undefined
  readonly receivedAt?: string | undefined
}

/**
 * C32: withdrawing is as easy as giving, by any channel, and is never refused for any state of the record. What was shared before stays
 * lawful. Every withdrawal is on record, also one that ends nothing; one that is told to be of an earlier time leaves what the person
 * agreed to after it.
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
    ({ withdrawnAt, receivedAt, ...told }: WithdrawConsent, { now }: At) =>
    ({ intake, consents }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const said = withdrawnAt ?? receivedAt
      const when = { withdrawnAt: earlierOf(now, said ?? now), receivedAt: earlierOf(now, receivedAt ?? said ?? now) }
      return accept(withdrawalOf({ ...told, ...when }, consents.endedBy(told.which, said && when.withdrawnAt)))
    },
})

type Received = Required<WithdrawConsent>

/** The receipt of a withdrawal, and the end of each consent that it ends. */
export function withdrawalOf(
  { subjectRef, which, channel, receivedAt, withdrawnAt }: { readonly [K in keyof Received]: NonNullable<Received[K]> },
  ends: readonly Consent[],
): readonly ConsentEvent[] {
  const about = which === 'ALL' ? ({ extent: 'ALL' } as const) : ({ extent: 'ONE', ...which } as const)
  return [
    WithdrawalReceived.of({ subjectRef, ...about, channel, receivedAt, withdrawnAt }),
    ...ends.map(({ recipient, purpose }) => ConsentWithdrawn.of({ subjectRef, recipient, purpose, channel, withdrawnAt })),
  ]
}
