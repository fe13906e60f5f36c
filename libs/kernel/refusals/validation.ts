import type { RefusalsOf } from './refusal-text.js'

/** What was given cannot be right, or is none of the things that the notice allows. */
export const validation = {
  NHS_NUMBER_INVALID: {
    class: 'validation',
    clause: 'C07',
    rule: 'An NHS number has ten digits, the last of which checks the others.',
    remedy: 'Check the number with the person or leave it out; it is optional.',
  },
  CATEGORY_NOT_PERMITTED_FOR_PURPOSE: {
    class: 'validation',
    clause: 'C07',
    rule: 'Only the fields that the schemas name, and the categories that the recipient matrix names, may be recorded or shared.',
    remedy: 'Use the fields listed for the category in the field schemas, and for a recipient the categories of its row of the matrix.',
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
  NOTICE_VERSION_UNKNOWN: {
    class: 'validation',
    clause: 'C03',
    rule: 'The version of the privacy notice that a form names was published, and in force by the time that it was completed.',
    remedy: 'Give the version that stands on the notice that the person had, or leave noticeVersion out.',
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
  OTHER_RECORD_NOT_FOUND: {
    class: 'validation',
    status: 409,
    clause: 'C10',
    rule: 'Only records of people who were referred and are not erased are compared, each with another one.',
    remedy: 'Give the subjectRef of the other record, as the search for people or the list of duplicates has it.',
  },
  AWARE_BEFORE_DISCOVERY: {
    class: 'validation',
    clause: 'C50',
    rule: 'Nobody is aware of a breach before it was discovered.',
    remedy: 'Correct awareAt; the breach register has discoveredAt.',
  },
  AUDIT_PERIOD_INVALID: {
    class: 'validation',
    rule:
      'An audit has a period that begins before it ends, an expiry that lies ahead, '
      + 'and people where its scope is SUBJECTS, only there.',
    remedy: 'Correct from, to, expiresAt or subjects.',
  },
  STAFF_POLICY_UNKNOWN: {
    class: 'validation',
    clause: 'C38',
    rule: 'Only a version that was published of a policy for those who work here is acknowledged.',
    remedy: 'Give policy and version as GET /v1/policies/staff-policies has them.',
  },
} as const satisfies RefusalsOf<'validation'>
