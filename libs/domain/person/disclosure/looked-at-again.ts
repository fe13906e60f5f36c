import type { DataOfEvent } from '#event-kit/event'
import { isProtective, isToBeErasedIn } from '../erasure/what-is-pending.js'
import { type Person, standingOf } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { Ground } from './disclosures.js'
import type { DisclosureRequested } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import type { SharingRefusal } from './sharing-refusals.js'
import { goesAhead, judgeSharing } from './sharing-rules.js'
import { type KeptOfVictim, lookedAt } from './victim-request.js'

export type SendingFacts = { readonly policy: SharingPolicy; readonly now: string }

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
  NOTICE_NOT_UPDATED: false,
  ARTICLE9_CONDITION_MISSING: false,
  APPROPRIATE_POLICY_DOCUMENT_MISSING: true,
  MINIMUM_NECESSARY_EXCEEDED: true,
  FIELD_NOT_HELD: true,
  CONFIDENTIALITY_BASIS_MISSING: false,
  WITHHOLD_WITHOUT_EXEMPTION: false,
  LIA_MISSING_OR_EXPIRED: true,
}

type Asked = Omit<Ground, 'reviewItems'> & Pick<DataOfEvent<typeof DisclosureRequested>, KeptOfVictim>
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
export function whyNotToSend(person: Person, disclosureId: string, { policy, now }: SendingFacts): readonly string[] {
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

/** What it was said to rest on still has to be what the row offers; and a consent counts only where the row asks for one. */
const offers = ({ art6, form }: MatrixRow, { basis }: Ground) => art6.includes(basis.art6) && (basis.art6 !== 'a' || form !== 'NONE')
