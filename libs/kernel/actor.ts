import type { StaffRef } from './id.js'

/**
 * Who may do what: `libs/policy/capabilities.ts`. `system` is no role of a person: it acts for processes and never decides about one
 * (C68).
 */
export const staffRoles = [
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
  'accountable-executive',
] as const
export type StaffRole = (typeof staffRoles)[number]
export const actorRoles = [...staffRoles, 'system'] as const
export type ActorRole = (typeof actorRoles)[number]

/** Who did it: a random reference, never a name or a token's subject. */
export type Actor = { readonly id: StaffRef; readonly role: ActorRole }
