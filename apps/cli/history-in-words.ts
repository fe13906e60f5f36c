import type { PersonEvent } from '#domain/person/person'

type Words = { readonly [T in PersonEvent['type']]: (data: Extract<PersonEvent, { type: T }>['data']) => string }
const list = (items: readonly string[]) => (items.length === 0 ? 'nothing' : items.join(', '))

/** A sentence for every event of a person: clear fields only. An event without a sentence does not compile. */
const words: Words = {
  ReferralReceived: ({ source, channel, serviceArea, wish }) =>
    `A referral came from ${source} by ${channel} for ${serviceArea}; the person's wish: ${wish}.`,
  ServiceWishConfirmed: ({ channel }) => `The person said by ${channel} that they want the service.`,
  ServiceDeclined: ({ declinedBy, channel }) => `The service was declined by the ${declinedBy.toLowerCase()} (${channel}).`,
  EligibilityConfirmed: ({ evidenceType, checkedAt }) =>
    `A STARS service was confirmed by ${evidenceType}, checked ${checkedAt.slice(0, 10)}.`,
  EligibilityRefused: ({ evidenceType }) => `A STARS service was not confirmed (${evidenceType}).`,
  PersonalDetailsRecorded: ({ fieldCodes, provenance }) => `Recorded from ${provenance}: ${list(fieldCodes)}.`,
  HealthDataRecorded: ({ fieldCodes, provenance }) => `Health data recorded from ${provenance}: ${list(fieldCodes)}.`,
  ConsentGranted: ({ recipient, purpose, categories, formVersion }) =>
    `Consent given on ${formVersion} to share ${list(categories)} with ${recipient} for ${purpose}.`,
  ConsentRefused: ({ recipient, purpose, formVersion }) => `Consent refused on ${formVersion} for ${recipient}, ${purpose}.`,
  ConsentWithdrawn: ({ recipient, purpose, channel }) => `Consent for ${recipient}, ${purpose} withdrawn by ${channel}.`,
  DisclosureRequested: ({ recipient, fields }) => `Asked to share ${list(fields)} with ${recipient}.`,
  DisclosureAuthorised: ({ approver }) =>
    approver === 'NONE'
      ? 'The disclosure was authorised by the rule of the recipient matrix.'
      : `The disclosure was authorised (${approver}).`,
  DisclosureRefused: () => 'The disclosure was refused.',
  DataShared: ({ recipient, fields, basis, method }) =>
    `Shared ${list(fields)} with ${recipient} by ${method}, on Article 6(1)(${basis.art6}).`,
  DisclosureDispatched: ({ transport }) => `It went out (${transport}).`,
  DisclosureDispatchFailed: ({ transport }) => `It could not be sent (${transport}); it is tried again.`,
  PendingDisclosureCancelled: ({ reason }) => `It was not sent after all (${reason}).`,
  ErasureRequested: ({ channel, grounds, due }) => `The person asked by ${channel} to be erased (${grounds}); an answer is due by ${due}.`,
  ErasureApproved: ({ extent, scopes }) =>
    extent === 'ALL' ? 'The erasure was approved, in full.' : `The erasure was approved for ${list(scopes)}.`,
  ErasureRefused: () => 'The erasure was refused, with reasons.',
  ProjectionPurgeConfirmed: ({ projections }) => `${projections.length} read models were purged.`,
  ErasureCompleted: ({ verification, notices }) =>
    `The erasure was completed and verified: ${verification.ciphertextsTried} ciphertexts tried, ${verification.ciphertextsOpened} opened; notices to recipients: ${notices.toLowerCase().replace('_', ' ')}.`,
  ReferralErased: ({ rule }) => `The referral was erased at the point of referral (${rule}); this tombstone is what is left.`,
  SubjectKeyCreated: ({ scope, generation }) => `A key was made for ${scope} (generation ${generation}).`,
  ErasureFenced: ({ scopes, kids }) => `From here on nothing is sealed for ${list(scopes)}; ${kids.length} keys are to be destroyed.`,
  KeyRetired: ({ scope, cause }) =>
    `The key for ${scope} was replaced (${cause === 'COMPROMISED' ? 'it may be known to somebody' : 'a field was erased'}); what stays was sealed again.`,
  SubjectKeyDestroyed: ({ scope }) => `The key for ${scope} was destroyed.`,
}

export const inWords = (event: PersonEvent): string => (words[event.type] as (data: PersonEvent['data']) => string)(event.data)
