import { type Category, categories } from '#event-kit/scope'

/** For which purpose which categories may be processed. */
export const purposes: Readonly<Record<string, readonly Category[]>> = {
  REFERRAL_INTAKE: ['ID', 'CON'],
  SERVICE_PROVISION: ['ID', 'CON', 'EMP', 'ENG', 'OUT', 'HLT', 'DEM-G', 'RSK'],
  // What people and the public are protected from, and who is protected: offences with it.
  RISK_MANAGEMENT: ['ID', 'CON', 'RSK', 'CRM', 'CJ'],
  // Schedule 1 ¶8: of sex life and relationships it says nothing.
  EQUALITY_MONITORING: ['DEM-SO', 'DEM-RE', 'DEM-RB'],
  EMPLOYMENT_SUPPORT: ['ID', 'CON', 'EMP', 'ENG', 'OUT'],
  HEALTHCARE: ['ID', 'CON', 'HLT', 'RSK'],
  SAFEGUARDING: ['ID', 'CON', 'HLT', 'RSK', 'SG'],
  JOINT_CARE: ['ID', 'CON', 'EMP', 'ENG', 'HLT', 'RSK', 'OUT'],
  TREATMENT_MONITORING: ['ID', 'CON', 'DEM-G', 'HLT'],
  IPS_MONITORING: ['ID', 'CON', 'DEM-G', 'EMP', 'ENG', 'OUT', 'HLT'],
  CJ_MONITORING: ['ID', 'CON', 'DEM-G', 'CJ', 'HLT'],
  CRIME_REPORT: ['ID', 'CON', 'HLT', 'CRM', 'RSK'],
  VICTIM_INFORMATION: ['ID', 'ENG', 'HLT'],
  CRISIS_SUPPORT: ['ID', 'CON', 'HLT', 'RSK'],
  CJ_ORDER_REPORTING: ['ID', 'ENG'],
  MULTI_AGENCY_PANEL: ['ID', 'CON', 'HLT', 'RSK', 'SG', 'CRM'],
  COURT_ORDER: categories,
  LEGAL_OBLIGATION: categories,
  LIFE_SAVING: ['ID', 'CON', 'HLT', 'RSK'],
  SOCIAL_CARE_SUPPORT: ['ID', 'CON', 'HLT', 'RSK', 'SG'],
  CUSTODY_CONTINUITY: ['ID', 'CON', 'ENG', 'HLT', 'CRM', 'RSK'],
  STATISTICS: [],
  PHE_LINKAGE: ['ID', 'CON', 'DEM-G', 'EMP', 'ENG', 'OUT', 'HLT'],
  RIGHTS_FULFILMENT: categories,
  BREACH_RESPONSE: categories,
  AUDIT: categories,
}
