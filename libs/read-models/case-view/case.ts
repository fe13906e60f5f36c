import type { Evolve, Meta } from '#decider/decider'
import { type Category, type Scope, erasableScopes, scopeOfCategory } from '#event-kit/scope'
import type { Personal, Sealed } from '#kernel/personal'
import { isOlder } from '#domain/person/consent/consents'
import { referralFields } from '#domain/person/details/record'
import type { PersonEvent } from '#domain/person/person'
import { envelopeOf } from '#event-codec/sealed'

/** A field of the record: where it came from, in the clear. Its value stands sealed beside, until its scope is erased. */
export type CaseField = {
  readonly category: Category
  readonly scope: Scope
  readonly recordedAt: string
  readonly provenance: string
  readonly eventId: string
  readonly erased: boolean
}
export type CaseConsent = {
  readonly recipient: string
  readonly purpose: string
  readonly state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
  readonly form: string
  readonly formVersion: string
  readonly categories: readonly string[]
  readonly since: string
  readonly validUntil?: string | undefined
}
export type CaseDisclosure = {
  readonly disclosureId: string
  readonly recipient: string
  readonly purpose: string
  readonly state: 'REQUESTED' | 'SENT' | 'REFUSED' | 'CANCELLED'
  readonly at: string
}
export type CaseErasure = { readonly requestId: string; readonly state: string; readonly receivedAt: string; readonly due: string }
/** What the case view says in the clear. */
export type CaseFacts = {
  readonly referral?: {
    readonly referralId: string
    readonly source: string
    readonly channel: string
    readonly serviceArea: string
    readonly receivedAt: string
    readonly wish: string
    readonly wishClaimed: string
    readonly state: string
  }
  readonly eligibility?: {
    readonly outcome: string
    readonly evidenceType: string
    readonly checkedAt: string
    readonly validUntil?: string
  }
  readonly fields: Readonly<Record<string, CaseField>>
  readonly consents: Readonly<Record<string, CaseConsent>>
  readonly disclosures: Readonly<Record<string, CaseDisclosure>>
  readonly erasureRequests: Readonly<Record<string, CaseErasure>>
  readonly erasedScopes: readonly Scope[]
  readonly erasedAt?: string
}
/** One case: clear facts, and the sealed values by field code. The same fold writes the view and answers `asOf`. */
export type Case = { readonly facts: CaseFacts; readonly values: Readonly<Record<string, Sealed>> }

export const noCase: Case = { facts: { fields: {}, consents: {}, disclosures: {}, erasureRequests: {}, erasedScopes: [] }, values: {} }

const withFacts = (was: Case, facts: Partial<CaseFacts>): Case => ({ ...was, facts: { ...was.facts, ...facts } })
const inState = (was: Case, state: string): Case =>
  was.facts.referral ? withFacts(was, { referral: { ...was.facts.referral, state } }) : was

function hold(
  was: Case,
  values: Readonly<Record<string, Personal<unknown> | undefined>>,
  scope: Scope | ((field: string) => Scope),
  provenance: string,
  { eventId, recordedAt }: Meta,
): Case {
  const given = Object.entries(values).flatMap(([field, value]) => (value ? [[field, value] as const] : []))
  const fields = Object.fromEntries(
    given.map(([field]) => [
      field,
      {
        category: field.slice(0, field.indexOf('.')) as Category,
        scope: typeof scope === 'string' ? scope : scope(field),
        recordedAt,
        provenance,
        eventId,
        erased: false,
      },
    ]),
  )
  return {
    facts: { ...was.facts, fields: { ...was.facts.fields, ...fields } },
    values: { ...was.values, ...Object.fromEntries(given.map(([field, value]) => [field, envelopeOf(value)])) },
  }
}

const prefixed = (category: string, values: Readonly<Record<string, Personal<unknown>>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${category}.${name}`, value]))
const scopeOf = (field: string): Scope => scopeOfCategory[field.slice(0, field.indexOf('.')) as Category]
const same = (was: Case) => was

export const evolveCase: Evolve<Case, PersonEvent> = {
  ReferralReceived: (was, { referralId, source, channel, serviceArea, receivedAt, wish, wishClaimed, person }, meta) =>
    hold(
      withFacts(was, {
        referral: {
          referralId,
          source,
          channel,
          serviceArea,
          receivedAt,
          wish,
          wishClaimed,
          state: wish === 'YES' ? 'WANTED' : 'RECEIVED',
        },
      }),
      Object.fromEntries(Object.entries(referralFields).map(([path, field]) => [field, person[path as keyof typeof person]])),
      'REF',
      source === 'SELF' ? 'PERSON' : source,
      meta,
    ),
  ServiceWishConfirmed: was =>
    was.facts.referral
      ? withFacts(was, {
          referral: { ...was.facts.referral, wish: 'YES', state: was.facts.eligibility?.outcome === 'CONFIRMED' ? 'ELIGIBLE' : 'WANTED' },
        })
      : was,
  ServiceDeclined: was => inState(was, 'DECLINED'),
  EligibilityConfirmed: (was, { evidenceType, checkedAt, validUntil }) =>
    withFacts(was.facts.referral?.wish === 'YES' ? inState(was, 'ELIGIBLE') : was, {
      eligibility: { outcome: 'CONFIRMED', evidenceType, checkedAt, validUntil },
    }),
  EligibilityRefused: (was, { evidenceType, checkedAt }) =>
    withFacts(inState(was, 'INELIGIBLE'), { eligibility: { outcome: 'REFUSED', evidenceType, checkedAt } }),
  PersonalDetailsRecorded: (was, { category, values, provenance }, meta) =>
    hold(was, prefixed(category, values), scopeOf, provenance, meta),
  HealthDataRecorded: (was, { category, values, provenance }, meta) => hold(was, prefixed(category, values), scopeOf, provenance, meta),
  ConsentGranted: (was, { recipient, purpose, form, formVersion, categories, completedAt, validUntil }) =>
    isOlder(was.facts.consents[`${recipient}|${purpose}`], completedAt)
      ? was
      : withFacts(was, {
          consents: {
            ...was.facts.consents,
            [`${recipient}|${purpose}`]: {
              recipient,
              purpose,
              state: 'GIVEN',
              form,
              formVersion,
              categories,
              since: completedAt,
              validUntil,
            },
          },
        }),
  ConsentRefused: (was, { recipient, purpose, form, formVersion, categories, completedAt }) =>
    withFacts(was, {
      consents: {
        ...was.facts.consents,
        [`${recipient}|${purpose}`]: { recipient, purpose, state: 'REFUSED', form, formVersion, categories, since: completedAt },
      },
    }),
  ConsentWithdrawn: (was, { recipient, purpose, withdrawnAt }) => {
    const given = was.facts.consents[`${recipient}|${purpose}`]
    return given
      ? withFacts(was, {
          consents: { ...was.facts.consents, [`${recipient}|${purpose}`]: { ...given, state: 'WITHDRAWN', since: withdrawnAt } },
        })
      : was
  },
  DisclosureRequested: (was, { disclosureId, recipient, purpose }, { occurredAt }) =>
    withFacts(was, {
      disclosures: { ...was.facts.disclosures, [disclosureId]: { disclosureId, recipient, purpose, state: 'REQUESTED', at: occurredAt } },
    }),
  DisclosureAuthorised: same,
  DisclosureRefused: (was, { disclosureId }, { occurredAt }) => {
    const asked = was.facts.disclosures[disclosureId]
    return asked
      ? withFacts(was, { disclosures: { ...was.facts.disclosures, [disclosureId]: { ...asked, state: 'REFUSED', at: occurredAt } } })
      : was
  },
  DataShared: (was, { disclosureId, recipient, purpose, sentAt }) =>
    withFacts(was, {
      disclosures: { ...was.facts.disclosures, [disclosureId]: { disclosureId, recipient, purpose, state: 'SENT', at: sentAt } },
    }),
  DisclosureDispatched: same,
  DisclosureDispatchFailed: same,
  PendingDisclosureCancelled: (was, { disclosureId, at }) => {
    const sent = was.facts.disclosures[disclosureId]
    return sent ? withFacts(was, { disclosures: { ...was.facts.disclosures, [disclosureId]: { ...sent, state: 'CANCELLED', at } } }) : was
  },
  ErasureRequested: (was, { requestId, receivedAt, due }) =>
    withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { requestId, state: 'RECEIVED', receivedAt, due } } }),
  ErasureApproved: (was, { requestId, extent }) => requestIn(was, requestId, extent === 'ALL' ? 'APPROVED' : 'PARTLY'),
  ErasureRefused: (was, { requestId }) => requestIn(was, requestId, 'REFUSED'),
  ProjectionPurgeConfirmed: same,
  ErasureCompleted: (was, { requestId, extent }) => requestIn(extent === 'ALL' ? inState(was, 'ERASED') : was, requestId, 'COMPLETED'),
  ReferralErased: was => inState(was, 'ERASED'),
  SubjectKeyCreated: same,
  ErasureFenced: (was, { scopes: closed }, { occurredAt }) => {
    const erasedScopes = [...new Set([...was.facts.erasedScopes, ...closed])]
    const fields = Object.fromEntries(
      Object.entries(was.facts.fields).map(([field, about]) => [field, { ...about, erased: about.erased || closed.includes(about.scope) }]),
    )
    const whole = erasableScopes.every(scope => erasedScopes.includes(scope))
    return withFacts(was, { fields, erasedScopes, ...(whole && !was.facts.erasedAt ? { erasedAt: occurredAt } : {}) })
  },
  SubjectKeyDestroyed: same,
  // What the key still sealed was not kept: a field that was erased by itself.
  KeyRetired: (was, { kid }) =>
    withFacts(was, {
      fields: Object.fromEntries(
        Object.entries(was.facts.fields).map(([field, about]) => [
          field,
          { ...about, erased: about.erased || was.values[field]?.kid === kid },
        ]),
      ),
    }),
}

function requestIn(was: Case, requestId: string, state: string): Case {
  const request = was.facts.erasureRequests[requestId]
  return request ? withFacts(was, { erasureRequests: { ...was.facts.erasureRequests, [requestId]: { ...request, state } } }) : was
}
