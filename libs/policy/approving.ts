import type { Category } from '#event-kit/scope'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { type Capability, cellOf } from './capabilities.js'
import type { MatrixRowPublished } from './policy.js'

type Approver = MatrixRowPublished['approver']
const routine = 'AUTHORISE_DISCLOSURE_ROUTINE'
const legal = 'AUTHORISE_DISCLOSURE_LEGAL'
const capabilityOfApprover = { NONE: routine, TEAM_LEADER: routine, CALDICOTT: legal, DPO: legal } as const satisfies {
  readonly [A in Approver]: Capability
}

/**
 * Who may authorise a disclosure or refuse it: by the row of the matrix, whether the person is not told of it, and what it shows. A row
 * that left the matrix is decided by whoever decides the hardest ones.
 */
export function disclosureApprovers(
  approver: Approver | undefined,
  { withheld, categories }: { readonly withheld: boolean; readonly categories: readonly Category[] },
): readonly StaffRole[] {
  const capability = withheld ? 'AUTHORISE_DISCLOSURE_WITHHELD' : capabilityOfApprover[approver ?? 'DPO']
  return staffRoles.filter(role =>
    cellOf(capability, role).some(({ may, limit }) => may === 'APPROVE' && (limit !== 'HEALTH_DATA' || categories.includes('HLT'))),
  )
}
