import { formsOfTheirOwn } from '#kernel/consent-form'
import type { RefusalCode } from '#kernel/refusals'

/** What the recipient matrix refuses with. */
export const sharingRefusals = [
  'RECIPIENT_NOT_IN_MATRIX',
  'RECIPIENT_DISPUTED',
  'PURPOSE_NOT_REGISTERED',
  'PURPOSE_INCOMPATIBLE',
  'NOT_IN_STARS_SERVICE',
  'CJ_INTERVENTION_NOT_ACTIVE',
  'NO_ACTIVE_CJ_ORDER',
  'NO_CUSTODY_TRIGGER',
  'NOT_SUBJECT_TO_PANEL',
  'RISK_BASIS_MISSING',
  'COURT_ORDER_REFERENCE_MISSING',
  'VICTIM_REQUEST_INCOMPLETE',
  'LEGAL_PROVISION_MISSING',
  'CONSENT_NOT_GRANTED',
  'CONSENT_WITHDRAWN',
  'CONSENT_EXPIRED',
  'CONSENT_SCOPE_EXCEEDED',
  ...formsOfTheirOwn,
  'NOTICE_NOT_UPDATED',
  'ARTICLE9_CONDITION_MISSING',
  'APPROPRIATE_POLICY_DOCUMENT_MISSING',
  'NO_HEALTH_PROFESSIONAL_OVERSIGHT',
  'MINIMUM_NECESSARY_EXCEEDED',
  'FIELD_NOT_HELD',
  'CONFIDENTIALITY_BASIS_MISSING',
  'WITHHOLD_WITHOUT_EXEMPTION',
  'LIA_MISSING_OR_EXPIRED',
] as const satisfies readonly RefusalCode[]
export type SharingRefusal = (typeof sharingRefusals)[number]

/** Paperwork that `urgency: IMMEDIATE` goes ahead of, on a row that allows it; each becomes a review item. */
export const paperwork: readonly SharingRefusal[] = [
  'LEGAL_PROVISION_MISSING',
  'NOTICE_NOT_UPDATED',
  'ARTICLE9_CONDITION_MISSING',
  'APPROPRIATE_POLICY_DOCUMENT_MISSING',
  'NO_HEALTH_PROFESSIONAL_OVERSIGHT',
  'LIA_MISSING_OR_EXPIRED',
  'RISK_BASIS_MISSING',
]
