import { categories } from '#event-kit/scope'
import { staffRoles } from '#kernel/actor'
import {
  type Capability,
  type Cell,
  type Limit,
  type May,
  capabilities,
  capabilityOfCategory,
  cellOf,
  isNeverRefused,
  recordCapabilities,
  recordersOf,
  rolesThatMay,
} from './capabilities.js'
import { disclosureApprovers } from './approving.js'
import { mayOpen, mayReadFor, maySee } from './reading.js'

/**
 * What was agreed, written down a second time by hand. C commands, A approves, R reads, M sees that a value is there, – nothing. BO back
 * office, IW IPS worker, TL team leader, HP health overseer, DPO data protection officer, CG Caldicott Guardian, AU auditor, BR breach
 * responder, SA system administrator, IS integration service, AE accountable executive.
 */
const agreed = `
| What | BO | IW | TL | HP | DPO | CG | AU | BR | SA | IS | AE |
|---|---|---|---|---|---|---|---|---|---|---|---|
| RECEIVE_WITHDRAWAL | C | C | C | C | C | C | C | C | C | C | C |
| RECEIVE_RIGHTS_REQUEST | C | C | C | C | C | C | C | C | C | C | C |
| RECEIVE_OBJECTION | C | C | C | C | C | C | C | C | C | C | C |
| RECEIVE_COMPLAINT | C | C | C | C | C | C | C | C | C | C | C |
| RAISE_SAFEGUARDING_CONCERN | C | C | C | C | C | C | C | C | C | C | C |
| REPORT_BREACH | C | C | C | C | C | C | C | C | C | C | C |
| RECEIVE_REFERRAL | C R | C R | C R | – | R | – | M | – | – | C | – |
| RECORD_SERVICE_WISH | C R | C R | C R | – | R | – | M | – | – | C | – |
| DECIDE_UNRESOLVED_WISH | – | – | C | – | – | – | – | – | – | – | – |
| VERIFY_ELIGIBILITY | C R | C R | C R | – | R | – | M | – | – | C | – |
| ACCEPT_REFERRAL | – | C R | C R | – | R | – | M | – | – | – | – |
| COMPARE_RECORDS | C R | R | C R | – | C R | R | R | – | – | – | – |
| CLOSE_EPISODE | – | C R | C R | – | R | – | M | – | – | – | – |
| RECORD_BASICS | C R | C R (own caseload) | C R (team) | R | R | R | M | M (seal broken by ticket) | – | C | – |
| RECORD_HEALTH | – | C R (own caseload) | R (team) | C R | R | R | M | M (seal broken by ticket) | – | C | – |
| RECORD_DEMOGRAPHICS | – | C R (own caseload) | R (team) | – | R | R | M | M (seal broken by ticket) | – | – | – |
| RECORD_RISK | – | C R (own caseload) | C R (team) | R | R | R | M | M (seal broken by ticket) | – | – | – |
| RECORD_CONSENT | C R | C R | C R | – | R | R | R | R | – | – | – |
| RECORD_PREFERENCES | C R | C R | C R | – | R | R | R | R | – | – | – |
| REQUEST_DISCLOSURE | C | C | C | C | C | C | – | – | – | C (standing) | – |
| AUTHORISE_DISCLOSURE_ROUTINE | – | – | A R | A R (health) | A R | A R | – | – | – | – | – |
| AUTHORISE_DISCLOSURE_LEGAL | – | – | – | – | A R | A R | – | – | – | – | – |
| AUTHORISE_DISCLOSURE_WITHHELD | – | – | – | – | A R | A R | – | – | – | – | – |
| EMERGENCY_DISCLOSURE | C | C | C | C | C | C | – | – | – | – | – |
| REVIEW_EMERGENCY_DISCLOSURE | – | – | – | – | – | A R | – | – | – | – | – |
| DECIDE_RIGHTS | – | – | – | advises | A R | A R | – | – | – | – | – |
| HANDLE_COMPLAINT | – | – | C R | – | A R | A R | R (as stored) | – | – | – | – |
| RAISE_INCIDENT | C | C | C | C | C | C | – | C | – | C | – |
| READ_INCIDENT | R (party) | R (party) | R (party) | R (party) | R (IG, party) | R (SG, death, party) | M (sampled) \
| R (IG, assigned) | M (metadata) | – | – |
| HANDLE_INCIDENT | C (party) | C (party) | C (party) | C (party) | C | C | – | C (party) | – | – | – |
| RESPOND_TO_BREACH | – | – | – | – | C R | R | R (as stored) | C R | C (contains) | – | – |
| NOTIFY_REGULATOR | – | – | – | – | A (alone) | advises | R | drafts | – | – | A (DPO and deputy unreachable) |
| DECIDE_PEOPLE_NOTICE | – | – | – | – | A (alone) | advises | R | drafts | – | – | – |
| PLACE_LEGAL_HOLD | – | – | – | advises | A | advises | R | – | – | – | – |
| APPROVE_INTERESTS_ASSESSMENT | – | – | – | advises | A | advises | R | – | – | – | – |
| DECIDE_RETENTION_POLICY | – | – | – | advises | advises | advises | R | – | – | – | A |
| DECIDE_RECIPIENT_MATRIX | – | – | – | advises | advises | advises | R | – | – | – | A |
| DECIDE_POLICY_DOCUMENT | – | – | – | advises | advises | advises | R | – | – | – | A |
| PUBLISH_POLICY | – | – | – | advises | advises | advises | R | – | – | – | A |
| APPROVE_DESTRUCTION | – | – | A (first) | – | advises | – | R | – | carries out | carries out | A (second) |
| DESTROY_KEY | – | – | – | – | A | – | R (attests) | – | carries out (two together) | carries out | – |
| GRANT_ACCESS | – | – | C (team) | – | C | C | R | – | C (technical) | – | – |
| BREAK_GLASS | – | C | C | – | – | – | – | – | – | – | – |
| REVIEW_BREAK_GLASS | – | – | – | – | A R | A R | R (as stored) | – | – | – | – |
| DECLARE_CONFLICT | C | C | C | C | C | C | C | C | C | – | C |
| END_CONFLICT | – | – | – | – | C R | C R | R | – | – | – | – |
| READ_GRANTS | – | R (party) | R (party) | – | R | R | R | R (party) | – | – | – |
| READ_RISK_REGISTER | – | – | R | R | R | R | – | – | – | – | – |
| READ_HISTORY | – | – | – | – | R | R | R (as stored) | R (assigned breach) | verifies | – | – |
| READ_LEDGER | – | R (own caseload) | R (team) | – | R | R | R | R (assigned breach) | – | – | – |
| READ_ACCESS_LOG | – | R (own reads) | R (team) | – | R | R | R | R | – | – | – |
| READ_STAFF | – | – | R (team) | – | R | R | R | – | R | – | R |
| READ_RIGHTS_REQUESTS | R | R | R | R | R | R | R | – | – | – | – |
| READ_RECEIPT | R | R | R | R | R | R | R | R | – | R | – |
| OPEN_AUDIT | – | – | – | – | C | C | – | – | – | – | – |
| WORK_ON_AUDIT | – | – | – | – | – | – | C | – | – | – | – |
| ANSWER_FINDING | – | – | – | – | C | C | – | – | – | – | – |
| READ_AUDIT | – | – | – | – | R | R | R | – | – | – | – |
| READ_OWN_ROLE | R | R | R | R | R | R | R | R | R | R | R |
| READ_STAFF_DETAILS | – | – | R (team) | – | R | R | – | R | – | – | R |
| OVERSEE_HEALTH | – | – | – | C R | R | R | R | – | – | – | R |
| ACKNOWLEDGE_POLICY | C | C | C | C | C | C | C | C | C | – | C |
| READ_POLICIES | R | R | R | R | R | R | R | R | R | R | R |
`
const short = {
  BO: 'back-office',
  IW: 'ips-worker',
  TL: 'team-leader',
  HP: 'health-overseer',
  DPO: 'dpo',
  CG: 'caldicott',
  AU: 'auditor',
  BR: 'breach-responder',
  SA: 'sysadmin',
  IS: 'integration',
  AE: 'accountable-executive',
} as const
const letters: Readonly<Record<May, string>> = {
  COMMAND: 'C',
  APPROVE: 'A',
  READ: 'R',
  READ_MASKED: 'M',
  ADVISE: 'advises',
  DRAFT: 'drafts',
  EXECUTE: 'carries out',
  VERIFY: 'verifies',
}
const limits: Readonly<Record<Limit, string>> = {
  OWN_CASELOAD: 'own caseload',
  OWN_TEAM: 'team',
  OWN_READS: 'own reads',
  HEALTH_DATA: 'health',
  STANDING_DISCLOSURE: 'standing',
  PARTY: 'party',
  INFORMATION_INCIDENT_OR_PARTY: 'IG, party',
  SAFEGUARDING_OR_DEATH_OR_PARTY: 'SG, death, party',
  INFORMATION_INCIDENT_IF_ASSIGNED: 'IG, assigned',
  SAMPLED_BY_GRANT_OF_DPO: 'sampled',
  METADATA: 'metadata',
  SEAL_BROKEN_FOR_ASSIGNED_BREACH: 'seal broken by ticket',
  ASSIGNED_BREACH: 'assigned breach',
  CONTAINMENT: 'contains',
  NOBODY_ELSE: 'alone',
  DPO_AND_DEPUTY_UNREACHABLE: 'DPO and deputy unreachable',
  FIRST_SIGNATURE: 'first',
  SECOND_SIGNATURE: 'second',
  DUAL_CONTROL: 'two together',
  ATTESTATION: 'attests',
  TECHNICAL: 'technical',
  CLEAR_AND_CIPHERTEXT: 'as stored',
}
const inWords = (cell: Cell) => {
  const [limit, ...others] = new Set(cell.map(permission => permission.limit))
  expect(others).toEqual([])
  return cell.length === 0 ? '–' : `${cell.map(({ may }) => letters[may]).join(' ')}${limit === undefined ? '' : ` (${limits[limit]})`}`
}
const lines = agreed
  .trim()
  .split('\n')
  .map(line => line.split('|').map(text => text.trim()))
const columns = lines[0]!.slice(2, -1).map(column => short[column as keyof typeof short])
const rows = lines.slice(2).map(([, capability, ...cells]) => ({ capability: capability as Capability, cells: cells.slice(0, -1) }))

test('what was agreed has a column for each role and a row for each capability, and nothing else', () => {
  expect(columns).toEqual(staffRoles)
  expect(rows.map(({ capability }) => capability)).toEqual([...new Set(rows.map(({ capability }) => capability))])
  expect(rows.map(({ capability }) => capability).sort()).toEqual([...capabilities].sort())
})
test.each(rows)('$capability: every cell is as it was agreed', ({ capability, cells }) => {
  expect(Object.fromEntries(columns.map((role, n) => [role, cells[n]]))).toEqual(
    Object.fromEntries(staffRoles.map(role => [role, inWords(cellOf(capability, role))])),
  )
})
test('every limit and every kind of permission is used', () => {
  const used = capabilities.flatMap(capability => staffRoles.flatMap(role => cellOf(capability, role)))
  expect(new Set(used.map(({ may }) => may))).toEqual(new Set(Object.keys(letters)))
  expect(new Set(used.flatMap(({ limit }) => limit ?? []))).toEqual(new Set(Object.keys(limits)))
})

test('handing in what may never be refused is for every role', () => {
  const never = capabilities.filter(isNeverRefused)
  expect(never).toHaveLength(6)
  for (const capability of never) expect([capability, ...rolesThatMay(capability, 'COMMAND')]).toEqual([capability, ...staffRoles])
})
test('who sees that a value is there is let in as a reader; who only writes or verifies is not', () => {
  expect([...rolesThatMay('RECORD_HEALTH', 'READ')]).toEqual([
    ...['ips-worker', 'team-leader', 'health-overseer', 'dpo', 'caldicott', 'auditor', 'breach-responder'],
  ])
  expect(rolesThatMay('RECORD_HEALTH', 'COMMAND')).toContain('integration')
  expect(rolesThatMay('READ_HISTORY', 'READ')).not.toContain('sysadmin')
  expect([...rolesThatMay(recordCapabilities, 'READ_MASKED')]).toEqual(['auditor', 'breach-responder'])
})
test('the roles of several capabilities are those of any of them, and say which', () => {
  const either = rolesThatMay(['RECORD_HEALTH', 'RECORD_RISK'], 'COMMAND')
  expect([...either]).toEqual(['ips-worker', 'team-leader', 'health-overseer', 'integration'])
  expect([either.capability, either.may]).toEqual([['RECORD_HEALTH', 'RECORD_RISK'], 'COMMAND'])
})
test('each category is recorded by the roles of its row, and one that nobody knows gets as far as the basics', () => {
  for (const category of categories)
    expect([category, ...recordersOf(category)]).toEqual([category, ...rolesThatMay(capabilityOfCategory[category], 'COMMAND')])
  expect([...recordersOf('SHOE_SIZE')]).toEqual([...recordersOf('ID')])
  expect([...recordersOf('toString')]).toEqual([...recordersOf('ID')])
})

describe('[C37] what is read', () => {
  const all = new Set(categories)
  const seen = (role: (typeof staffRoles)[number]) => categories.filter(category => maySee(role, category, all))
  test('by role: an auditor, a breach responder, an administrator, a service and the executive see no value', () => {
    for (const role of ['auditor', 'breach-responder', 'sysadmin', 'integration', 'accountable-executive'] as const)
      expect([role, ...seen(role)]).toEqual([role])
    for (const role of ['ips-worker', 'team-leader', 'dpo', 'caldicott'] as const) expect([role, seen(role)]).toEqual([role, categories])
    expect(seen('back-office')).toEqual(['ID', 'CON', 'EMP', 'ENG', 'OUT'])
    expect(seen('health-overseer')).toEqual(categories.filter(category => !category.startsWith('DEM')))
  })
  test('by purpose: a category that it does not need is not seen by anybody', () => {
    expect(maySee('dpo', 'HLT', new Set(['ID']))).toBe(false)
    expect(maySee('dpo', 'ID', new Set(['ID']))).toBe(true)
  })
  test('by role and purpose', () => {
    expect(staffRoles.filter(role => mayReadFor(role, 'HEALTHCARE'))).toEqual([
      ...['ips-worker', 'team-leader', 'health-overseer', 'dpo', 'caldicott'],
    ])
    expect(staffRoles.filter(role => mayReadFor(role, 'AUDIT'))).toEqual(['dpo', 'caldicott', 'auditor'])
    expect(staffRoles.filter(role => mayReadFor(role, 'BREACH_RESPONSE'))).toEqual(['dpo', 'caldicott', 'breach-responder'])
  })
  test('what an auditor reads as it is stored opens nothing to them', () => {
    expect(staffRoles.filter(role => mayOpen(role, 'RESPOND_TO_BREACH'))).toEqual(['dpo', 'caldicott', 'breach-responder'])
    expect(staffRoles.filter(role => mayOpen(role, 'READ_AUDIT'))).toEqual(['dpo', 'caldicott', 'auditor'])
  })
})

describe('who authorises a disclosure', () => {
  const plain = { withheld: false, categories: ['EMP'] } as const
  test.each([
    ['NONE', ['team-leader', 'dpo', 'caldicott']],
    ['TEAM_LEADER', ['team-leader', 'dpo', 'caldicott']],
    ['CALDICOTT', ['dpo', 'caldicott']],
    ['DPO', ['dpo', 'caldicott']],
    [undefined, ['dpo', 'caldicott']],
  ] as const)('on a row of the approver %s', (approver, expected) => {
    expect(disclosureApprovers(approver, plain)).toEqual(expected)
  })
  test('a health overseer, of health data, where a team leader could', () => {
    const health = { withheld: false, categories: ['EMP', 'HLT'] } as const
    expect(disclosureApprovers('TEAM_LEADER', health)).toEqual(['team-leader', 'health-overseer', 'dpo', 'caldicott'])
    expect(disclosureApprovers('DPO', health)).toEqual(['dpo', 'caldicott'])
  })
  test('[C23] that the person is not told, only the DPO and the Caldicott Guardian', () => {
    for (const categories of [['EMP'], ['HLT']] as const)
      expect(disclosureApprovers('TEAM_LEADER', { withheld: true, categories })).toEqual(['dpo', 'caldicott'])
  })
})
