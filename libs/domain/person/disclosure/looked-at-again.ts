import type { DataOfEvent } from '#event-kit/event'
import { formsOfTheirOwn } from '#kernel/consent-form'
import { isEarlier } from '#kernel/instants'
import type { RefusalCode } from '#kernel/refusals'
import { consentKey } from '../consent/consents.js'
import { isProtective, isToBeErasedIn } from '../erasure/what-is-pending.js'
import { type Person, standingOf } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { Ground } from './disclosures.js'
import type { DisclosureRequested } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import { type SharingRefusal, sharingRefusals } from './sharing-refusals.js'
import { goesAhead, judgeSharing } from './sharing-rules.js'
import { type KeptOfVictim, lookedAt } from './victim-request.js'

export type SendingFacts = { readonly policy: SharingPolicy; readonly now: string }

/** What can keep something from being sent, by the code with which a request would be refused. */
export const standInTheWay = [
  'SUBJECT_ERASED',
  'PROCESSING_RESTRICTED',
  'LAWFUL_BASIS_MISSING',
  ...sharingRefusals,
] as const satisfies readonly RefusalCode[]
export type StandsInTheWay = (typeof standInTheWay)[number]

/**
 * The rules that are asked again before anything leaves: those that can have changed since, with the person, what is held of them and the
 * policy in force. How it was asked for was decided then, by the lists of that time.
 */
const askedAgain: Readonly<Record<SharingRefusal, boolean>> = {
  RECIPIENT_NOT_IN_MATRIX: true,
  RECIPIENT_DISPUTED: true,
  PURPOSE_NOT_REGISTERED: true,
  PURPOSE_INCOMPATIBLE: true,
  NOT_IN_STARS_SERVICE: true,
  CJ_INTERVENTION_NOT_ACTIVE: true,
  NO_ACTIVE_CJ_ORDER: true,
  NO_CUSTODY_TRIGGER: true,
  NOT_SUBJECT_TO_PANEL: true,
  RISK_BASIS_MISSING: true,
  COURT_ORDER_REFERENCE_MISSING: true,
  VICTIM_REQUEST_INCOMPLETE: false,
  LEGAL_PROVISION_MISSING: false,
  CONSENT_NOT_GRANTED: true,
  CONSENT_WITHDRAWN: true,
  CONSENT_EXPIRED: true,
  CONSENT_SCOPE_EXCEEDED: true,
  PHE_CONSENT_FORM_REQUIRED: true,
  NDTMS_IPS_CONSENT_FORM_REQUIRED: true,
  NOTICE_NOT_UPDATED: false,
  ARTICLE9_CONDITION_MISSING: false,
  APPROPRIATE_POLICY_DOCUMENT_MISSING: true,
  NO_HEALTH_PROFESSIONAL_OVERSIGHT: true,
  MINIMUM_NECESSARY_EXCEEDED: true,
  FIELD_NOT_HELD: true,
  CONFIDENTIALITY_BASIS_MISSING: false,
  WITHHOLD_WITHOUT_EXEMPTION: false,
  LIA_MISSING_OR_EXPIRED: true,
}

type Asked = Omit<Ground, 'reviewItems' | 'method'> & Pick<DataOfEvent<typeof DisclosureRequested>, KeptOfVictim>
/** What was asked for, as the rules ask about it. */
export const askedIn = ({
  basis,
  notification,
  victimPeriod,
  victimForm,
  victimReason,
  probativeValue,
  ...asked
}: Asked): DisclosureAsked => ({
  ...asked,
  legalProvision: basis.citation,
  citedAsText: basis.provision,
  victimRequest: lookedAt({ ...victimPeriod, form: victimForm, reason: victimReason, probativeValue }),
  notification: { ...notification, beforeTheList: notification.exemption !== undefined && notification.exemptions === undefined },
})

/**
 * C32: everything that a disclosure rests on, looked at again. What it went ahead of at the time, and paperwork that it would go ahead of
 * now, stands in no way. Empty: send it; it needs no second approval.
 */
export function whyNotToSend(person: Person, disclosureId: string, { policy, now }: SendingFacts): readonly StandsInTheWay[] {
  const { erased, restricted } = standingOf(person)
  if (erased) return ['SUBJECT_ERASED']
  const disclosure = person.disclosures.get(disclosureId)
  if (!disclosure?.ground) return []
  const { ground } = disclosure
  const protective = isProtective(disclosure)
  if (!protective && isToBeErasedIn(person, disclosure)) return ['SUBJECT_ERASED']
  if (!protective && restricted) return ['PROCESSING_RESTRICTED']
  const judged = judgeSharing(person, askedIn(ground), policy, now)
  const failures = judged.failures.filter(code => askedAgain[code] && !ground.reviewItems.includes(code))
  if (judged.row && !offers(judged.row, ground)) return ['LAWFUL_BASIS_MISSING', ...failures]
  return goesAhead({ ...judged, failures }, ground.urgency) ? [] : failures
}

/** Of a person who is not asked about any more: what they said after it had been sent does not reach back. */
const ofConsent: readonly StandsInTheWay[] = ['CONSENT_NOT_GRANTED', 'CONSENT_WITHDRAWN', 'CONSENT_SCOPE_EXCEEDED', ...formsOfTheirOwn]

/** K2: what stood in its way at the moment at which it was sent, as far as is known now. `now` of the facts is that moment. */
export function whyNotToHaveSent(person: Person, disclosureId: string, facts: SendingFacts): readonly StandsInTheWay[] {
  const { recipient, purpose } = person.disclosures.get(disclosureId)?.ground ?? {}
  const consent = person.consents.get(consentKey(recipient ?? '', purpose ?? ''))
  const saidLater = consent !== undefined && isEarlier(facts.now, consent.since)
  return whyNotToSend(person, disclosureId, facts).filter(code => !(saidLater && ofConsent.includes(code)))
}

/** What it was said to rest on still has to be what the row offers; and a consent counts only where the row asks for one. */
const offers = ({ art6, form }: MatrixRow, { basis }: Ground) => art6.includes(basis.art6) && (basis.art6 !== 'a' || form !== 'NONE')
