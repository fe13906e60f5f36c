import type { StaffRole } from '#kernel/actor'
import { type Capability, type Limit, type May, cellOf } from './capabilities.js'

/** Whose records a permission opens: everybody's; those of the own caseload, or team; masked, unless a ticket breaks the seal. */
export type Reach = 'EVERYBODY' | 'OWN_CASELOAD' | 'OWN_TEAM' | 'BY_TICKET'
const reaches: { readonly [L in Limit]?: Reach } = {
  OWN_CASELOAD: 'OWN_CASELOAD',
  OWN_TEAM: 'OWN_TEAM',
  SEAL_BROKEN_FOR_ASSIGNED_BREACH: 'BY_TICKET',
}

/**
 * How far a role reaches by its cells of the table: as far as the widest of them, and no further than a caseload without any. Other limits
 * do not say whose records they are about. READ counts for who sees a record masked, too.
 */
export function reachOf(role: StaffRole, capability: Capability | readonly Capability[], may: May): Reach {
  const any: readonly Capability[] = typeof capability === 'string' ? [capability] : capability
  const wanted: readonly May[] = may === 'READ' ? ['READ', 'READ_MASKED'] : [may]
  const found = any.flatMap(one =>
    cellOf(one, role).flatMap(cell => (wanted.includes(cell.may) ? [(cell.limit && reaches[cell.limit]) ?? 'EVERYBODY'] : [])),
  )
  return (['EVERYBODY', 'OWN_TEAM', 'OWN_CASELOAD', 'BY_TICKET'] as const).find(reach => found.includes(reach)) ?? 'OWN_CASELOAD'
}
