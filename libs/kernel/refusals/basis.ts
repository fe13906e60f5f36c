import type { RefusalsOf } from './refusal-text.js'

/** What the law asks for before anything is recorded or shared. */
export const basis = {
  LAWFUL_BASIS_MISSING: {
    class: 'basis',
    clause: 'C14',
    rule: 'Something is written about a person only on a lawful basis that holds for its purpose and categories, by the policies in force.',
    remedy: 'Have the DPO see to the assessment, the policy document or the purpose that the basis needs.',
  },
  NO_HEALTH_PROFESSIONAL_OVERSIGHT: {
    class: 'basis',
    clause: 'C18',
    rule:
      'Health data is recorded and shared while a health professional, or another who owes confidentiality by profession, oversees it, '
      + 'and no longer after the last one than the policies say.',
    remedy:
      'Appoint a health overseer who is in a register: POST /v1/staff/{staffRef}/appointments and …/health-oversight. '
      + 'What protects somebody goes ahead.',
  },
  LIA_MISSING_OR_EXPIRED: {
    class: 'basis',
    clause: 'C15',
    rule: 'Sharing on legitimate interests needs an assessment for its purpose that is in date.',
    remedy: 'Have the DPO approve a current legitimate interests assessment for this purpose.',
  },
  LEGAL_PROVISION_MISSING: {
    class: 'basis',
    clause: 'C22',
    rule: 'Where the law is the basis claimed, it is cited so that somebody can look it up: title, year, and section, article or rule.',
    remedy:
      'Give legalProvision with its instrument, title, year and provision, such as ACT, Children Act, 1989, section 47, '
      + 'or rest the disclosure on another basis of the matrix.',
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
    rule: 'This Schedule 1 condition needs an appropriate policy document in force for this purpose.',
    remedy: 'Have the document approved for this purpose and condition.',
  },
  SCHEDULE1_CONDITION_MISSING: {
    class: 'basis',
    clause: 'C09',
    rule: 'Offence data is recorded on a condition of Schedule 1 to the Data Protection Act 2018.',
    remedy: 'Record it by offence-data, and give the condition: para-2, para-10 or para-18.',
  },
  CONDITION_NOT_MET: {
    class: 'basis',
    clause: 'C20',
    rule: 'Schedule 1 ¶10 needs a risk of reoffending that was assessed as HIGH, ¶18 somebody who is at risk.',
    remedy: 'Record the assessment, vulnerability or concern first, if there is one; or name the condition that holds.',
  },
  PERSON_NOT_INVOLVED: {
    class: 'basis',
    clause: 'C39',
    rule: 'An incident holds somebody’s data only if they were involved in it.',
    remedy: 'Say what they had to do with it, or leave them out.',
  },
  EQUALITY_OPT_OUT: {
    class: 'basis',
    clause: 'C08',
    rule: 'The person wants no equality monitoring (Schedule 1 ¶8(4)).',
    remedy: 'Leave it out, unless the person says of their own accord that they want it again.',
  },
  NOTICE_NOT_UPDATED: {
    class: 'basis',
    clause: 'C61',
    rule:
      'The notice comes first: a recognised legitimate interest, Article 6(1)(ea), needs its condition of Annex 1 in the matrix '
      + 'and a notice in force that tells of it, and another retention period a notice from the same time or from before.',
    remedy:
      'Have the notice published that says so; a disclosure may rest on another basis of the matrix, '
      + 'and a retention policy may hold from later.',
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
} as const satisfies RefusalsOf<'basis'>
