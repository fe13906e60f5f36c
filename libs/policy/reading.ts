import type { Category } from '#event-kit/scope'
import type { StaffRole } from '#kernel/actor'
import { type Capability, capabilityOfCategory, cellOf } from './capabilities.js'
import { reachOf } from './reach.js'

/** Which purposes a role may read for: the rest is NO_NEED_TO_KNOW. */
const servicePurposes = ['REFERRAL_INTAKE', 'SERVICE_PROVISION'] as const
const supportPurposes = [
  ...servicePurposes,
  'EMPLOYMENT_SUPPORT',
  'HEALTHCARE',
  'SAFEGUARDING',
  'RISK_MANAGEMENT',
  'EQUALITY_MONITORING',
] as const
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
  'accountable-executive': [],
}

export const mayReadFor = (role: StaffRole, purpose: string) => {
  const purposes = readPurposes[role]
  return purposes === 'ANY' || purposes.includes(purpose)
}

/** Whether a role may have sealed words opened: not who reads masked, and not an auditor, who reads what stands in the clear. */
export const mayOpen = (role: StaffRole, capability: Capability) =>
  cellOf(capability, role).some(({ may, limit }) => may === 'READ' && limit !== 'CLEAR_AND_CIPHERTEXT')

/**
 * Need-to-know: role ∧ category ∧ purpose, of a person whose record is open to them. Whoever sees what is sealed masked sees it as it is
 * under a ticket that breaks the seal.
 */
export const maySee = (role: StaffRole, category: Category, purposeCategories: ReadonlySet<Category>, { sealBroken = false } = {}) =>
  purposeCategories.has(category)
  && (mayOpen(role, capabilityOfCategory[category])
    || (sealBroken && reachOf(role, capabilityOfCategory[category], 'READ') === 'BY_TICKET'))
