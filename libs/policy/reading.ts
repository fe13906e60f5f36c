import { type Category, categories } from '#event-kit/scope'
import type { StaffRole } from '#kernel/actor'

/** Which purposes a role may read for (catalogue §5, until grants come): the rest is NO_NEED_TO_KNOW. */
const servicePurposes = ['REFERRAL_INTAKE', 'SERVICE_PROVISION'] as const
const supportPurposes = [...servicePurposes, 'EMPLOYMENT_SUPPORT', 'HEALTHCARE', 'SAFEGUARDING'] as const
const readPurposes: { readonly [R in StaffRole]: 'ANY' | readonly string[] } = {
  'back-office': servicePurposes,
  'ips-worker': supportPurposes,
  'team-leader': supportPurposes,
  'health-overseer': ['HEALTHCARE'],
  dpo: 'ANY',
  caldicott: 'ANY',
  auditor: ['AUDIT'],
  'breach-responder': ['BREACH_RESPONSE'],
  sysadmin: [],
  integration: [],
}

/** Catalogue §5: the categories that a role may see unmasked. Auditors and breach responders see that a value is there, never the value. */
const demographics: readonly Category[] = ['DEM-G', 'DEM-SL', 'DEM-SO', 'DEM-RE', 'DEM-RB']
const basics: readonly Category[] = ['ID', 'CON', 'EMP', 'ENG', 'OUT']
const readCategories: { readonly [R in StaffRole]: readonly Category[] } = {
  'back-office': basics,
  'ips-worker': categories,
  'team-leader': categories,
  'health-overseer': categories.filter(category => !demographics.includes(category)),
  dpo: categories,
  caldicott: categories,
  auditor: [],
  'breach-responder': [],
  sysadmin: [],
  integration: [],
}

export const mayReadFor = (role: StaffRole, purpose: string) => {
  const purposes = readPurposes[role]
  return purposes === 'ANY' || purposes.includes(purpose)
}

/** Need-to-know: role ∧ category ∧ purpose. */
export const maySee = (role: StaffRole, category: Category, purposeCategories: ReadonlySet<Category>) =>
  readCategories[role].includes(category) && purposeCategories.has(category)
