import type { Category } from '#event-kit/scope'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { type Capability, cellOf } from './capabilities.js'
import type { MatrixRowPublished, PolicyFacts } from './policy.js'

type Approver = MatrixRowPublished['approver']
const routine = 'AUTHORISE_DISCLOSURE_ROUTINE'
const legal = 'AUTHORISE_DISCLOSURE_LEGAL'
const withheldFromThem = 'AUTHORISE_DISCLOSURE_WITHHELD'
const capabilityOfApprover = { NONE: routine, TEAM_LEADER: routine, CALDICOTT: legal, DPO: legal } as const satisfies {
  readonly [A in Approver]: Capability
}
/** The rows of the table by which disclosures are decided. */
export const approvalCapabilities = [routine, legal, withheldFromThem] as const satisfies readonly Capability[]
type ApprovalCapability = (typeof approvalCapabilities)[number]

/** By which row of the table a disclosure is decided. One whose recipient left the matrix is decided as the hardest ones are. */
export const approvalCapability = (approver: Approver | undefined, withheld: boolean): ApprovalCapability =>
  withheld ? withheldFromThem : capabilityOfApprover[approver ?? 'DPO']

const health = 'HLT' satisfies Category
/** How far a role approves by a row of the table: of anything, of what shows health data, or not at all. */
const reachOf = (capability: Capability, role: StaffRole): 'ALL' | 'HEALTH' | 'NONE' => {
  const limits = cellOf(capability, role).flatMap(({ may, limit }) => (may === 'APPROVE' ? [limit] : []))
  if (limits.length === 0) return 'NONE'
  return limits.some(limit => limit !== 'HEALTH_DATA') ? 'ALL' : 'HEALTH'
}

/** Who may authorise a disclosure or refuse it: by the row of the matrix, whether the person is not told of it, and what it shows. */
export function disclosureApprovers(
  approver: Approver | undefined,
  { withheld, categories }: { readonly withheld: boolean; readonly categories: readonly Category[] },
): readonly StaffRole[] {
  const capability = approvalCapability(approver, withheld)
  return staffRoles.filter(role => {
    const reach = reachOf(capability, role)
    return reach === 'ALL' || (reach === 'HEALTH' && categories.includes(health))
  })
}

/** A kind of disclosure that waits: to which recipients, withheld from the person or not, and whether it has to show a category. */
export type AwaitedApproval = {
  readonly withheld: boolean
  readonly recipients: { readonly among: readonly string[] } | { readonly outside: readonly string[] } | 'ANY'
  readonly showing?: Category
}
/** Of the disclosures that wait, the kinds that somebody in this role decides, by the matrix in force: as `disclosureApprovers` says. */
export function approvalsAwaiting(role: StaffRole, rows: PolicyFacts['rows']): readonly AwaitedApproval[] {
  const of = (capability: Capability, awaited: Omit<AwaitedApproval, 'showing'>): readonly AwaitedApproval[] => {
    const reach = reachOf(capability, role)
    if (reach === 'NONE') return []
    return [reach === 'HEALTH' ? { ...awaited, showing: health } : awaited]
  }
  const to = (capability: Capability) =>
    [...rows.values()].filter(({ approver }) => approvalCapability(approver, false) === capability).map(({ recipient }) => recipient)
  return [
    ...of(withheldFromThem, { withheld: true, recipients: 'ANY' }),
    ...([routine, legal] as const).flatMap(capability => of(capability, { withheld: false, recipients: { among: to(capability) } })),
    ...of(approvalCapability(undefined, false), { withheld: false, recipients: { outside: [...rows.keys()] } }),
  ]
}
