import type { Evolve } from '#decider/decider'
import type { Category } from '#event-kit/scope'
import type { ConsentEvent, FormType } from './events.js'

export type Consent = {
  readonly recipient: string
  readonly purpose: string
  readonly state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
  readonly form: FormType
  readonly formVersion: string
  readonly categories: readonly Category[]
  readonly since: string
  readonly validUntil?: string | undefined
  readonly eventId: string
}
/** What the person last said about each recipient and purpose. Absence is not consent. */
export type Consents = ReadonlyMap<string, Consent>

export const noConsents: Consents = new Map()
export const consentKey = (recipient: string, purpose: string) => `${recipient}|${purpose}`

/** C32: a form that was filled in before the person withdrew does not bring the consent back. */
export const isOlder = (was: Pick<Consent, 'state' | 'since'> | undefined, completedAt: string) =>
  was?.state === 'WITHDRAWN' && Date.parse(completedAt) < Date.parse(was.since)

export const evolveConsents: Evolve<Consents, ConsentEvent> = {
  ConsentGranted: (consents, { recipient, purpose, form, formVersion, categories, completedAt, validUntil }, { eventId }) =>
    isOlder(consents.get(consentKey(recipient, purpose)), completedAt)
      ? consents
      : new Map(consents).set(consentKey(recipient, purpose), {
          recipient,
          purpose,
          state: 'GIVEN',
          form,
          formVersion,
          categories,
          since: completedAt,
          validUntil,
          eventId,
        }),
  ConsentRefused: (consents, { recipient, purpose, form, formVersion, categories, completedAt }, { eventId }) =>
    new Map(consents).set(consentKey(recipient, purpose), {
      recipient,
      purpose,
      state: 'REFUSED',
      form,
      formVersion,
      categories,
      since: completedAt,
      eventId,
    }),
  ConsentWithdrawn: (consents, { recipient, purpose, withdrawnAt }, { eventId }) => {
    const given = consents.get(consentKey(recipient, purpose))
    return given
      ? new Map(consents).set(consentKey(recipient, purpose), { ...given, state: 'WITHDRAWN', since: withdrawnAt, eventId })
      : consents
  },
}
