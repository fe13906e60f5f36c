import type { StaffRole } from '#kernel/actor'

/** Catalogue §5: who may use which doors. Categories and purposes narrow it further. */
export const intakeRoles = ['back-office', 'ips-worker', 'team-leader', 'integration'] as const satisfies readonly StaffRole[]
export const consentRoles = ['back-office', 'ips-worker', 'team-leader'] as const satisfies readonly StaffRole[]
export const recordRoles = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'integration',
] as const satisfies readonly StaffRole[]
export const sharingRoles = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'dpo',
  'caldicott',
  'integration',
] as const satisfies readonly StaffRole[]
export const approvingRoles = ['team-leader', 'health-overseer', 'dpo', 'caldicott'] as const satisfies readonly StaffRole[]
export const rightsReceivers = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'dpo',
  'caldicott',
  'integration',
] as const satisfies readonly StaffRole[]
export const rightsDeciders = ['dpo', 'caldicott'] as const satisfies readonly StaffRole[]
export const caseReaders = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'dpo',
  'caldicott',
  'auditor',
  'breach-responder',
] as const satisfies readonly StaffRole[]
export const ledgerReaders = [
  'ips-worker',
  'team-leader',
  'dpo',
  'caldicott',
  'auditor',
  'breach-responder',
] as const satisfies readonly StaffRole[]
export const receiptReaders = [...sharingRoles, 'auditor', 'breach-responder'] as const satisfies readonly StaffRole[]
export const breachRaisers = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'dpo',
  'caldicott',
  'breach-responder',
  'sysadmin',
  'integration',
] as const satisfies readonly StaffRole[]
export const breachReaders = ['dpo', 'caldicott', 'auditor', 'breach-responder'] as const satisfies readonly StaffRole[]
export const historyReaders = ['auditor', 'dpo', 'caldicott', 'breach-responder'] as const satisfies readonly StaffRole[]
export const everybody = [
  'back-office',
  'ips-worker',
  'team-leader',
  'health-overseer',
  'dpo',
  'caldicott',
  'auditor',
  'breach-responder',
  'sysadmin',
  'integration',
] as const satisfies readonly StaffRole[]
export const auditOpeners = ['dpo', 'caldicott'] as const satisfies readonly StaffRole[]
export const auditWorkers = ['auditor'] as const satisfies readonly StaffRole[]
export const auditReaders = ['auditor', 'dpo', 'caldicott'] as const satisfies readonly StaffRole[]
