import type { Evolve } from '#decider/decider'
import type { Category } from '#event-kit/scope'
import type { ConsentFormKind } from '#kernel/consent-form'
import { laterOf } from '#kernel/instants'
import type { ConsentEvent } from './events.js'
import { isOlder } from './when-said.js'

export type Consent = {
  readonly recipient: string
  readonly purpose: string
  readonly state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
  readonly form: ConsentFormKind
  readonly formVersion: string
  readonly categories: readonly Category[]
  readonly since: string
  readonly validUntil?: string | undefined
  readonly eventId: string
}
/** A withdrawal as it was received, whether there was a consent to end or not. */
export type Withdrawal = Pick<Consent, 'since' | 'eventId'>

/** What a withdrawal is about: everything, one recipient and purpose, or whatever fits the one of them that is known. */
export type Withdrawn = 'ALL' | { readonly recipient?: string | undefined; readonly purpose?: string | undefined }
type Named = Pick<Consent, 'recipient' | 'purpose'>
export const consentKey = (recipient: string, purpose: string) => `${recipient}|${purpose}`
/** No code is a star. */
const any = '*'
function keyOf(which: Withdrawn) {
  const { recipient = any, purpose = any } = which === 'ALL' ? {} : which
  return recipient === any && purpose === any ? 'ALL' : consentKey(recipient, purpose)
}
/** Whether what was said is about this recipient and purpose. */
export const isAbout = (which: Withdrawn, { recipient, purpose }: Named) =>
  which === 'ALL' || ((which.recipient ?? recipient) === recipient && (which.purpose ?? purpose) === purpose)

/**
 * C31, C32: what the person said last about each recipient and purpose. Absence is not consent. What counts is when something was said:
 * a form that was filled in earlier than what stands, or before a withdrawal that was received, never widens, renews or replaces
 * anything, whenever somebody comes to type it in.
 */
export class Consents {
  constructor(
    readonly rows: ReadonlyMap<string, Consent> = new Map(),
    readonly withdrawals: ReadonlyMap<string, Withdrawal> = new Map(),
  ) {}

  get size() {
    return this.rows.size
  }
  get(key: string) {
    return this.rows.get(key)
  }
  values() {
    return this.rows.values()
  }
  [Symbol.iterator]() {
    return this.rows[Symbol.iterator]()
  }

  /** Whether something that is said then about these is newer than all that was said about them. */
  isLastWord({ recipient, purpose }: Named, said: string): boolean {
    return !isOlder(said, this.rows.get(consentKey(recipient, purpose))) && !isOlder(said, this.#withdrawalOf({ recipient, purpose }))
  }

  /** The consents that stand and that a withdrawal is about. One that tells when it was said leaves those that were given after it. */
  endedBy(which: Withdrawn, said?: string): readonly Consent[] {
    return [...this.rows.values()].filter(
      consent => consent.state === 'GIVEN' && isAbout(which, consent) && (said === undefined || !isOlder(said, consent)),
    )
  }

  answered(row: Consent): Consents {
    if (isOlder(row.since, this.rows.get(keyOf(row)))) return this
    const withdrawal = this.#withdrawalOf(row)
    return this.#with(withdrawal && isOlder(row.since, withdrawal) ? { ...row, ...withdrawal, state: 'WITHDRAWN' } : row)
  }

  /** It was decided that the withdrawal ends this consent: from then on only what is said later counts. */
  ended(one: Named, { since, eventId }: Withdrawal): Consents {
    const given = this.rows.get(keyOf(one))
    return given ? this.#with({ ...given, state: 'WITHDRAWN', since: laterOf(given.since, since), eventId }) : this
  }

  received(which: Withdrawn, withdrawal: Withdrawal): Consents {
    const before = this.withdrawals.get(keyOf(which))
    return isOlder(withdrawal.since, before) ? this : new Consents(this.rows, new Map(this.withdrawals).set(keyOf(which), withdrawal))
  }

  /** The last that is about this one. */
  #withdrawalOf({ recipient, purpose }: Named): Withdrawal | undefined {
    return ['ALL' as const, { purpose }, { recipient }, { recipient, purpose }].reduce<Withdrawal | undefined>((last, which) => {
      const one = this.withdrawals.get(keyOf(which))
      return one && !isOlder(one.since, last) ? one : last
    }, undefined)
  }
  #with(row: Consent) {
    return new Consents(new Map(this.rows).set(keyOf(row), row), this.withdrawals)
  }
}
export const noConsents = new Consents()

export const evolveConsents: Evolve<Consents, ConsentEvent> = {
  ConsentGranted: (consents, { recipient, purpose, form, formVersion, categories, completedAt, validUntil }, { eventId }) =>
    consents.answered({ recipient, purpose, state: 'GIVEN', form, formVersion, categories, since: completedAt, validUntil, eventId }),
  ConsentRefused: (consents, { recipient, purpose, form, formVersion, categories, completedAt }, { eventId }) =>
    consents.answered({ recipient, purpose, state: 'REFUSED', form, formVersion, categories, since: completedAt, eventId }),
  ConsentWithdrawn: (consents, { withdrawnAt, ...one }, { eventId }) => consents.ended(one, { since: withdrawnAt, eventId }),
  WithdrawalReceived: (consents, { recipient, purpose, withdrawnAt }, { eventId }) =>
    consents.received({ recipient, purpose }, { since: withdrawnAt, eventId }),
}
