/** Catalogue §1.10: the classes of refusal, and the HTTP status of each (architecture §9). */
const statusOfClass = {
  validation: 400,
  access: 403,
  state: 409,
  eligibility: 422,
  basis: 422,
  sharing: 422,
  rights: 422,
  request: 400,
} as const
type RefusalClass = keyof typeof statusOfClass
type RefusalText = {
  readonly class: RefusalClass
  /** Where the class's status is not this code's. */
  readonly status?: number
  /** The clause of the notice (catalogue §1.3), where one stands behind the rule. */
  readonly clause?: `C${number}`
  readonly rule: string
  readonly remedy: string
}

/** Every code that a refusal can carry: closed, in plain English, with what would make it allowed. No text holds a personal value. */
export const refusals = {
  NHS_NUMBER_INVALID: {
    class: 'validation',
    clause: 'C07',
    rule: 'An NHS number has ten digits, the last of which checks the others.',
    remedy: 'Check the number with the person or leave it out; it is optional.',
  },
  CATEGORY_NOT_PERMITTED_FOR_PURPOSE: {
    class: 'validation',
    clause: 'C07',
    rule: 'Only the fields that the schema of a category names may be recorded or shared.',
    remedy: 'Use the fields listed for the category in the field schemas.',
  },
  PURPOSE_NOT_REGISTERED: {
    class: 'validation',
    clause: 'C04',
    rule: 'Personal data is processed for registered purposes only.',
    remedy: 'Use a purpose from the register, or have the purpose registered first.',
  },
  PURPOSE_INCOMPATIBLE: {
    class: 'validation',
    clause: 'C04',
    rule: 'The recipient matrix does not allow this purpose for this recipient.',
    remedy: 'Use the purpose that the matrix names for the recipient.',
  },
  SOURCE_NOT_PERMITTED: {
    class: 'validation',
    clause: 'C10',
    rule: 'Referrals come from the person (SELF), from DWP-JCP or from STARS.',
    remedy: 'Record the referral under the source that made it.',
  },
  SERVICE_OUT_OF_SCOPE: {
    class: 'validation',
    clause: 'C01',
    rule: 'The service is provided in GATESHEAD and SOUTH_TYNESIDE.',
    remedy: 'Refer the person to the service of their own area.',
  },
  DUPLICATE_REFERRAL: {
    class: 'validation',
    status: 409,
    clause: 'C10',
    rule: 'Somebody with the same NHS number, or the same name and date of birth, has an open referral.',
    remedy: 'Open the existing referral, or send confirmedNotDuplicate: true once a person has compared the two.',
  },

  NOT_IN_STARS_SERVICE: {
    class: 'eligibility',
    clause: 'C11',
    rule: 'A person has to be receiving a STARS service, shown by evidence at most 28 days old.',
    remedy: 'Ask STARS for current evidence and record it.',
  },

  LAWFUL_BASIS_MISSING: {
    class: 'basis',
    clause: 'C14',
    rule: 'Something is written about a person only on a lawful basis that holds for its purpose and categories, by the policies in force.',
    remedy: 'Have the DPO see to the assessment, the policy document or the purpose that the basis needs.',
  },
  LIA_MISSING_OR_EXPIRED: {
    class: 'basis',
    clause: 'C15',
    rule: 'Sharing on legitimate interests needs an assessment that is in date.',
    remedy: 'Have the DPO approve a current legitimate interests assessment.',
  },
  LEGAL_PROVISION_MISSING: {
    class: 'basis',
    clause: 'C22',
    rule: 'Where the law is the basis claimed, the provision is cited.',
    remedy: 'Cite the provision (Act, year and section) in legalProvision, or rest the disclosure on another basis of the matrix.',
  },
  ARTICLE9_CONDITION_MISSING: {
    class: 'basis',
    clause: 'C08',
    rule: 'Special category data needs an approved Article 9 condition.',
    remedy: 'Ask the DPO to decide on a condition for this category.',
  },
  APPROPRIATE_POLICY_DOCUMENT_MISSING: {
    class: 'basis',
    clause: 'C09',
    rule: 'This Schedule 1 condition needs an appropriate policy document in force.',
    remedy: 'Have the DPO approve the document.',
  },
  CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS: {
    class: 'basis',
    clause: 'C09',
    rule: 'Offence data is recorded only about a person whose offender status is on record.',
    remedy: 'Record the status first.',
  },
  CONFIDENTIALITY_BASIS_MISSING: {
    class: 'basis',
    clause: 'C44',
    rule: 'Every disclosure names its basis in the common law of confidentiality.',
    remedy: 'Give confidentialityBasis as IMPLIED_DIRECT_CARE, CONSENT, OVERRIDING_PUBLIC_INTEREST or LEGAL_DUTY.',
  },

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
    rule: 'A consent needs a known form version, and a witness where it was given by word of mouth.',
    remedy: 'Use a published form version and name the witness.',
  },
  PHE_CONSENT_FORM_REQUIRED: {
    class: 'sharing',
    clause: 'C35',
    rule: 'Raw data goes to PHE only on a PHE consent form; a sharing form never satisfies it.',
    remedy: 'Ask the person to decide on the PHE consent form.',
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
  MINIMUM_NECESSARY_EXCEEDED: {
    class: 'sharing',
    clause: 'C24',
    rule: 'Only the fields that the matrix allows for this recipient and purpose, within the categories named, may be shared.',
    remedy: 'Leave out the fields and categories that are not permitted; disclosures/check lists the ones that are.',
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
    rule: 'Not telling the person needs a named exemption and an approver, and a matrix row that allows it.',
    remedy: 'Name the exemption and the approver, or tell the person.',
  },

  SUBJECT_ERASED: {
    class: 'state',
    clause: 'C17',
    rule: 'This person’s data was erased; nothing more is recorded about them here.',
    remedy: 'Somebody who comes back is referred again, as somebody new.',
  },
  PROCESSING_RESTRICTED: {
    class: 'state',
    clause: 'C65',
    rule: 'The processing of this person’s data is restricted.',
    remedy: 'Wait until the restriction is lifted; what has to go on all the same has a command of its own.',
  },
  CONSEQUENCE_NOT_EXPLAINED: {
    class: 'state',
    clause: 'C17',
    rule: 'A full erasure ends the service, and the person has to have been told so.',
    remedy: 'Explain the consequence and give the time in consequenceExplainedAt.',
  },
  ALREADY_DECIDED: { class: 'state', rule: 'This has been decided before.', remedy: 'Read the decision; a new request can be made.' },
  DISCLOSURE_NOT_PENDING: {
    class: 'state',
    rule: 'Only a disclosure that waits for a decision can be decided.',
    remedy: 'Read the disclosure’s state; a new request can be made.',
  },
  AUDIT_CLOSED: { class: 'state', rule: 'This audit is closed, or has expired.', remedy: 'Have the DPO open another.' },
  NOTHING_SIGNED: {
    class: 'state',
    rule: 'No checkpoint of the audit ledger was signed yet.',
    remedy: 'Ask again in a while; if it stays so, tell the operators that no signer is running.',
  },
  VERSION_CONFLICT: {
    class: 'state',
    rule: 'Somebody else changed the record in the meantime.',
    remedy: 'Read the record again and repeat the command.',
  },

  AUDIT_PERIOD_INVALID: {
    class: 'validation',
    rule:
      'An audit has a period that begins before it ends, an expiry that lies ahead, '
      + 'and people where its scope is SUBJECTS, only there.',
    remedy: 'Correct from, to, expiresAt or subjects.',
  },

  REFUSAL_REASONS_INCOMPLETE: {
    class: 'rights',
    clause: 'C70',
    rule: 'A refusal, also of a part, is explained in full.',
    remedy: 'Give the reasons, name each scope once, and the exemption for every scope that is kept; to keep any scope, decide PARTLY.',
  },

  NO_NEED_TO_KNOW: {
    class: 'access',
    clause: 'C37',
    rule: 'This role may not read for this purpose.',
    remedy: 'Use a purpose of your role, or ask somebody whose role it is.',
  },
  ROLE_NOT_PERMITTED: {
    class: 'access',
    clause: 'C37',
    rule: 'This role may not do this.',
    remedy: 'Ask somebody whose role it is; the API documents name the roles.',
  },
  STAFF_NOT_REGISTERED: {
    class: 'access',
    clause: 'C47',
    rule: 'Only registered, active members of staff with a current appointment, where their role needs one, may use the service.',
    remedy: 'Have the member of staff registered or appointed.',
  },
  TRAINING_EXPIRED: {
    class: 'access',
    clause: 'C47',
    rule: 'Whoever works with the record has data protection training that is in date.',
    remedy: 'Do the training, or ask somebody whose training is in date.',
  },
  AUDIT_REQUIRED: {
    class: 'access',
    clause: 'C37',
    rule: 'An auditor reads under an open audit that names them.',
    remedy: 'Have the DPO open an audit that names you; where several are open, say which in the header Audit-Id.',
  },
  AUDIT_SCOPE_EXCEEDED: {
    class: 'access',
    clause: 'C37',
    rule: 'This is not within the scope of the audit.',
    remedy: 'Ask for what the audit covers, or have the DPO open one that covers this.',
  },
  SELF_APPROVAL_FORBIDDEN: { class: 'access', clause: 'C38', rule: 'Nobody approves their own request.', remedy: 'Ask another approver.' },
  CONFLICT_OF_INTEREST: {
    class: 'access',
    clause: 'C73',
    rule: 'Nobody decides a request that concerns themselves.',
    remedy: 'Ask the deputy, or the other of DPO and Caldicott Guardian.',
  },

  INVALID_REQUEST: {
    class: 'request',
    rule: 'The request does not have the form that the API documents describe.',
    remedy: 'Correct the fields named in errors.',
  },
  INSTANT_IN_FUTURE: {
    class: 'request',
    rule: 'An instant may lie at most five minutes ahead.',
    remedy: 'Correct the time, or the clock it was taken from.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    class: 'request',
    rule: 'Every command carries an Idempotency-Key of 1 to 200 printable ASCII characters.',
    remedy: 'Send a new random key with each new command, and the same key when you repeat one.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    class: 'request',
    status: 422,
    rule: 'This Idempotency-Key was used for another request.',
    remedy: 'Send a new random key with each new command.',
  },
  BODY_TOO_LARGE: { class: 'request', status: 413, rule: 'A request body is at most 1 MB.', remedy: 'Send less.' },
  UNSUPPORTED_MEDIA_TYPE: {
    class: 'request',
    status: 415,
    rule: 'A request body is application/json in UTF-8.',
    remedy: 'Send JSON with the header Content-Type: application/json.',
  },
  UNAUTHENTICATED: {
    class: 'request',
    status: 401,
    rule: 'The request needs a valid bearer token.',
    remedy: 'Send Authorization: Bearer with a token of the configured issuer that has not expired.',
  },
  NOT_FOUND: { class: 'request', status: 404, rule: 'There is nothing at this address.', remedy: 'Check the address and the id.' },
  TOO_MANY_REQUESTS: {
    class: 'request',
    status: 429,
    rule: 'Too many requests in a short time.',
    remedy: 'Wait as long as Retry-After says.',
  },
  NOT_YET_VISIBLE: {
    class: 'request',
    status: 503,
    rule: 'The read model has not reached the position asked for.',
    remedy: 'Ask again after the time in Retry-After.',
  },
  NO_POLICY_IN_FORCE: {
    class: 'request',
    status: 503,
    rule: 'Nothing can be decided while no policy pack is in force.',
    remedy: 'Tell the operators: a policy pack has to be published. For trying out, caseledger policy demo publishes one.',
  },
  UNAVAILABLE: {
    class: 'request',
    status: 503,
    rule: 'A part that this request needs cannot be reached. Nothing was half-done.',
    remedy: 'Repeat the request, with the same Idempotency-Key, after the time in Retry-After.',
  },
  KEY_LOST: {
    class: 'request',
    status: 500,
    rule: 'A key of this data is gone, and no erasure is on record: the data was lost, not erased.',
    remedy:
      'Tell the operators: caseledger keys reconcile lists what is lost. '
      + 'Restore a newer back-up of the vault, or report a breach of availability.',
  },
  SEAL_BROKEN: {
    class: 'request',
    status: 500,
    rule: 'A sealed value does not authenticate where it stands: it was changed or moved.',
    remedy: 'Tell the DPO and the operators the correlation id; this is a security incident until it is explained.',
  },
  HISTORY_DAMAGED: {
    class: 'request',
    status: 500,
    rule:
      'The event store does not show all that was stored of this record: its stream was deleted, or events of it are hidden '
      + 'or missing. Nothing is decided on a part of a history.',
    remedy:
      'Tell the operators and the DPO; this is a security incident until it is explained. '
      + 'caseledger ledger fsck --deep names the streams. '
      + 'Events that are only hidden come back when $maxCount, $maxAge and $tb are taken out of the stream’s metadata before a scavenge; '
      + 'else restore the event store.',
  },
  EVENT_STORE_REWOUND: {
    class: 'request',
    status: 503,
    rule: 'The event store holds less than was read from it, or something else.',
    remedy: 'Tell the operators: a store was restored or lags. Nothing was half-done.',
  },
  INTERNAL_ERROR: {
    class: 'request',
    status: 500,
    rule: 'Something is wrong with the service.',
    remedy: 'Tell the operators the correlation id; nothing was half-done.',
  },
} as const satisfies Record<string, RefusalText>

export type RefusalCode = keyof typeof refusals
/** The first rule that failed, and the others that would have failed too. */
export type Refusal<C extends RefusalCode = RefusalCode> = { readonly code: C; readonly also?: readonly C[] }

export const refusalText = (code: RefusalCode): RefusalText => refusals[code]
export const statusOf = (code: RefusalCode): number => refusalText(code).status ?? statusOfClass[refusalText(code).class]
export const refused = <const C extends RefusalCode>(code: C): { readonly ok: false; readonly refusal: Refusal<C> } => ({
  ok: false,
  refusal: { code },
})
