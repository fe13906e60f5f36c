import { type At, type Decided, command, noCategories, writeRules } from '#decider/command'
import type { SubjectRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import type { JsonObject } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Channel } from '../channels.js'
import { afterConsent } from '../disclosure/after-consent.js'
import { type Person, type PersonEvent, person } from '../person.js'
import { type Keys, isErased } from '../keys/keys.js'
import type { Consent, Consents, Withdrawn } from './consents.js'
import { ConsentWithdrawn, WithdrawalReceived } from './events.js'

export type WithdrawConsent = {
  readonly subjectRef: SubjectRef
  /** As it was said: it may name what nobody here knows. */
  readonly which: 'ALL' | Readonly<Partial<Record<'recipient' | 'purpose', string>>>
  readonly channel: Channel
  /** When the person said so, and when that came; just now, where neither is told. */
  readonly withdrawnAt?: string | undefined
  readonly receivedAt?: string | undefined
}

/** The codes of the policies in force. */
export type KnownToPolicy = { readonly recipients: ReadonlySet<string>; readonly purposes: ReadonlySet<string> }

/**
 * C32: withdrawing is as easy as giving, by any channel, and is never refused for any state of the record. What was shared before stays
 * lawful. Every withdrawal is on record, also one that ends nothing; one that is told to be of an earlier time leaves what the person
 * agreed to after it. Where it names a recipient or a purpose that nobody here knows, it ends whatever it can mean: a consent that ends
 * for nothing is asked for again, and what is shared for nothing cannot be taken back.
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
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND'],
  decide:
    ({ withdrawnAt, receivedAt, which: said, ...told }: WithdrawConsent, { now, ...known }: At & KnownToPolicy) =>
    person => {
      const { intake, consents, keys } = person
      if (!intake.referral) return refused('NOT_FOUND')
      const saidAt = withdrawnAt ?? receivedAt
      const when = { withdrawnAt: earlierOf(now, saidAt ?? now), receivedAt: earlierOf(now, receivedAt ?? saidAt ?? now) }
      const which = meantBy(said, consents, known)
      const named = which === said ? undefined : sealable(said, keys)
      return accept(withdrawalOf(person, { ...told, ...when, which, named }, consents.endedBy(which, saidAt && when.withdrawnAt), now))
    },
})

/** What it names, as far as it is known: by the policies in force, or because the person answered a form about it. */
function meantBy(said: WithdrawConsent['which'], consents: Consents, { recipients, purposes }: KnownToPolicy): Withdrawn {
  if (said === 'ALL') return said
  const { recipient, purpose } = said
  const rows = [...consents.values()]
  const known = {
    ...(recipient !== undefined && (recipients.has(recipient) || rows.some(row => row.recipient === recipient)) ? { recipient } : {}),
    ...(purpose !== undefined && (purposes.has(purpose) || rows.some(row => row.purpose === purpose)) ? { purpose } : {}),
  }
  return Object.keys(known).length === Object.keys(said).length ? said : known
}
/** Nothing is sealed for somebody who is erased: the words go, and the receipt stays. */
const sealable = (said: WithdrawConsent['which'], keys: Keys) =>
  said === 'ALL' || isErased(keys) ? undefined : Personal.of<JsonObject>(said)

type Receipt = {
  readonly subjectRef: SubjectRef
  readonly which: Withdrawn
  readonly named?: Personal<JsonObject> | undefined
  readonly channel: Channel
  readonly receivedAt: string
  readonly withdrawnAt: string
}
const extentOf = (which: Withdrawn) =>
  which === 'ALL' ? 'ALL' : which.recipient === undefined || which.purpose === undefined ? 'UNCLEAR' : 'ONE'

/** The receipt of a withdrawal, the end of each consent that it ends, and what follows for what rests on them. */
export function withdrawalOf(
  person: Person,
  { subjectRef, which, named, channel, receivedAt, withdrawnAt }: Receipt,
  ends: readonly Consent[],
  now: string,
): readonly Decided<PersonEvent>[] {
  const about = { extent: extentOf(which), ...(which === 'ALL' ? {} : which), ...(named ? { named } : {}) } as const
  return [
    WithdrawalReceived.of({ subjectRef, ...about, channel, receivedAt, withdrawnAt }),
    ...ends.map(({ recipient, purpose }) => ConsentWithdrawn.of({ subjectRef, recipient, purpose, channel, withdrawnAt })),
    ...afterConsent(person, { which, saidAt: withdrawnAt, left: [], because: 'CONSENT_WITHDRAWN' }, { subjectRef, now }),
  ]
}
