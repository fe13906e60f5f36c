/** C15: the purposes of which an assessment says that the service’s interests carry them. */
export const interests = [
  'REFERRAL_INTAKE',
  'SERVICE_PROVISION',
  'RISK_MANAGEMENT',
  'EQUALITY_MONITORING',
  'SAFEGUARDING',
  'JOINT_CARE',
  'CRISIS_SUPPORT',
  'CJ_ORDER_REPORTING',
  'MULTI_AGENCY_PANEL',
  'SOCIAL_CARE_SUPPORT',
  'CUSTODY_CONTINUITY',
  'VICTIM_INFORMATION',
] as const

/** Schedule 1, paragraphs 5 and 39: what has an appropriate policy document, under which condition. */
export const documented = [
  { purpose: 'SAFEGUARDING', condition: 'para-18' },
  { purpose: 'RISK_MANAGEMENT', condition: 'para-10' },
  { purpose: 'EQUALITY_MONITORING', condition: 'para-8' },
  { purpose: 'MULTI_AGENCY_PANEL', condition: 'para-18' },
  { purpose: 'LEGAL_OBLIGATION', condition: 'para-6' },
] as const
