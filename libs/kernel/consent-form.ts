import type { RefusalCode } from './refusals.js'

/**
 * The kinds of consent form. Those who count or link get what is needed for it on a form of their own; what somebody decided on one kind
 * says nothing on another.
 */
export const consentForms = ['SHARING', 'PHE', 'NDTMS_IPS'] as const
export type ConsentFormKind = (typeof consentForms)[number]

/** How it is refused where a form of its own is asked for and another answers. */
export const formOfItsOwn = { PHE: 'PHE_CONSENT_FORM_REQUIRED', NDTMS_IPS: 'NDTMS_IPS_CONSENT_FORM_REQUIRED' } as const satisfies {
  readonly [F in Exclude<ConsentFormKind, 'SHARING'>]: RefusalCode
}
export const formsOfTheirOwn = Object.values(formOfItsOwn)
