import type { RefusalsOf } from './refusal-text.js'

/** What goes to whom: the recipient matrix, the person’s consent, and no more than is necessary. */
export const sharing = {
  RECIPIENT_NOT_IN_MATRIX: {
    class: 'sharing',
    clause: 'C31',
    rule: 'Data is shared only with recipients in the recipient matrix.',
    remedy: 'Use a recipient code from the matrix, or have the DPO add the recipient.',
  },
  RECIPIENT_DISPUTED: {
    class: 'sharing',
    clause: 'C42',
    rule: 'Whether this recipient belongs in the notice is disputed; nothing is shared until the DPO has decided.',
    remedy: 'Ask the DPO for a decision.',
  },
  CONSENT_NOT_GRANTED: {
    class: 'sharing',
    clause: 'C31',
    rule: 'Sharing with this recipient needs the person’s explicit consent; silence is not consent.',
    remedy: 'Ask the person, and record the answer on a Sharing Consent Form.',
  },
  CONSENT_WITHDRAWN: {
    class: 'sharing',
    clause: 'C32',
    rule: 'The person withdrew this consent.',
    remedy: 'Share nothing, unless the person gives a new consent of their own accord.',
  },
  CONSENT_EXPIRED: {
    class: 'sharing',
    clause: 'C31',
    rule: 'This consent was given up to a date that has passed.',
    remedy: 'Ask the person for a new consent.',
  },
  CONSENT_SCOPE_EXCEEDED: {
    class: 'sharing',
    clause: 'C31',
    rule: 'The consent does not cover these categories.',
    remedy: 'Share only the categories that the person ticked, or ask for a wider consent.',
  },
  CONSENT_EVIDENCE_MISSING: {
    class: 'sharing',
    clause: 'C31',
    rule:
      'A consent needs a form that was published by the time it was completed and asks about this recipient, '
      + 'the categories that were ticked, and a witness where it was given by word of mouth.',
    remedy: 'Name the form version that was used and the categories that the person ticked, and the witness where nothing was signed.',
  },
  CONSENT_NOT_THE_BASIS: {
    class: 'sharing',
    clause: 'C31',
    rule: 'Sharing with this recipient does not rest on consent: a form cannot ask about it, for the answer would decide nothing.',
    remedy: 'Leave the row out; the recipient matrix says on what the sharing rests.',
  },
  CONSENT_ANSWERED_TWICE: {
    class: 'sharing',
    clause: 'C31',
    rule: 'A form answers each recipient and purpose once: of two answers nobody but the person can say which is meant.',
    remedy: 'Ask the person, and send one row for each recipient and purpose, with the categories that they ticked.',
  },
  CONSENT_FORM_UNANSWERED: {
    class: 'sharing',
    clause: 'C31',
    rule: 'A form on which nothing is answered changes nothing: silence is neither a consent nor a refusal.',
    remedy: 'Send the form once the person has answered at least one of its questions.',
  },
  PHE_CONSENT_FORM_REQUIRED: {
    class: 'sharing',
    clause: 'C35',
    rule: 'Raw data goes to PHE only on a PHE consent form; a sharing form never satisfies it.',
    remedy: 'Ask the person to decide on the PHE consent form.',
  },
  NDTMS_IPS_CONSENT_FORM_REQUIRED: {
    class: 'sharing',
    clause: 'C33',
    rule: 'The supplementary IPS data goes to NDTMS only on its own consent form; a yes to NDTMS on a sharing form never satisfies it.',
    remedy: 'Ask the person to decide on the supplementary IPS consent form.',
  },
  CJ_INTERVENTION_NOT_ACTIVE: {
    class: 'sharing',
    clause: 'C34',
    rule: 'CJIT data is shared only while the person receives criminal justice interventions.',
    remedy: 'Record the intervention first, if there is one.',
  },
  NO_ACTIVE_CJ_ORDER: {
    class: 'sharing',
    clause: 'C25',
    rule: 'Engagement is reported to an offender manager only under an active order.',
    remedy: 'Record the criminal justice order first, if there is one.',
  },
  NO_CUSTODY_TRIGGER: {
    class: 'sharing',
    clause: 'C29',
    rule: 'This sharing needs a recent release or an expected custody.',
    remedy: 'Record the custody event first, if there is one.',
  },
  NOT_SUBJECT_TO_PANEL: {
    class: 'sharing',
    clause: 'C25',
    rule: 'A panel receives data only about a person who is listed with it.',
    remedy: 'Record the panel listing first, if there is one.',
  },
  RISK_BASIS_MISSING: {
    class: 'sharing',
    clause: 'C28',
    rule: 'This sharing needs a recorded risk or vulnerability.',
    remedy: 'Record the risk or vulnerability that requires the sharing.',
  },
  COURT_ORDER_REFERENCE_MISSING: {
    class: 'sharing',
    clause: 'C25',
    rule: 'A court receives what it ordered: the order has to be named.',
    remedy: 'Give the order or summons in orderReference.',
  },
  VICTIM_REQUEST_INCOMPLETE: {
    class: 'sharing',
    clause: 'C25',
    rule:
      'The police ask for a victim’s data in writing, with the reason, the period and the form that they used; '
      + 'counselling notes go only where their substantial probative value is stated (PCSC Act 2022 ss.44A to 44F).',
    remedy: 'Give victimRequest with reason, from, until and form, and probativeValue for counselling notes; else ask the police for it.',
  },
  MINIMUM_NECESSARY_EXCEEDED: {
    class: 'sharing',
    clause: 'C24',
    rule:
      'Only the fields that the matrix allows for this recipient and purpose, within the categories named, may be shared; '
      + 'with a court or a body with a power, only those that the order or the provision names.',
    remedy:
      'Leave out the fields and categories that are not permitted; disclosures/check lists the ones that are. '
      + 'Name in requiredFields what the order or the provision names.',
  },
  FIELD_NOT_HELD: {
    class: 'sharing',
    clause: 'C24',
    rule: 'A field that is not held cannot be shared.',
    remedy: 'Leave the field out, or record it first.',
  },
  WITHHOLD_WITHOUT_EXEMPTION: {
    class: 'sharing',
    clause: 'C23',
    rule: 'Not telling the person needs an exemption that is on the list in force, and a matrix row that allows it.',
    remedy: 'Name an exemption by its code on the list, or tell the person. Whoever may approve a withholding decides on it then.',
  },
} as const satisfies RefusalsOf<'sharing'>
