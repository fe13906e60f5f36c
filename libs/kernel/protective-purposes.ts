/**
 * C25, C26: for what something is shared to protect somebody, or because the law or a court says so. Rows of the matrix and disclosures
 * say it themselves from version 2 on; of those from before this does.
 */
export const protectivePurposes: readonly string[] = [
  'CRIME_REPORT',
  'SAFEGUARDING',
  'CRISIS_SUPPORT',
  'CJ_ORDER_REPORTING',
  'MULTI_AGENCY_PANEL',
  'COURT_ORDER',
  'LEGAL_OBLIGATION',
  'LIFE_SAVING',
]
