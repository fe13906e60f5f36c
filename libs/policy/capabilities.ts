import type { Category } from '#event-kit/scope'
import { type StaffRole, staffRoles } from '#kernel/actor'

/** Act, decide, advise or draft before a decision, carry it out afterwards, check it, read it, or see only that a value is there. */
export type May = 'COMMAND' | 'APPROVE' | 'ADVISE' | 'DRAFT' | 'EXECUTE' | 'VERIFY' | 'READ' | 'READ_MASKED'

/** How far a permission goes. Caseload, team and the seal are enforced (libs/policy/reach.ts); some wait for incidents and breaches. */
export type Limit =
  | 'OWN_CASELOAD'
  | 'OWN_TEAM'
  | 'OWN_READS'
  | 'HEALTH_DATA'
  | 'STANDING_DISCLOSURE'
  | 'PARTY'
  | 'INFORMATION_INCIDENT_OR_PARTY'
  | 'SAFEGUARDING_OR_DEATH_OR_PARTY'
  | 'INFORMATION_INCIDENT_IF_ASSIGNED'
  | 'SAMPLED_BY_GRANT_OF_DPO'
  | 'METADATA'
  /** The seal is broken by ticket, for the people of the breach that is assigned, for a time; on record, and the DPO is told. */
  | 'SEAL_BROKEN_FOR_ASSIGNED_BREACH'
  | 'ASSIGNED_BREACH'
  | 'CONTAINMENT'
  | 'NOBODY_ELSE'
  | 'DPO_AND_DEPUTY_UNREACHABLE'
  | 'FIRST_SIGNATURE'
  | 'SECOND_SIGNATURE'
  | 'DUAL_CONTROL'
  | 'ATTESTATION'
  | 'TECHNICAL'
  /** Auditors hold no keys: what stands in the clear, and sealed bytes as they are. */
  | 'CLEAR_AND_CIPHERTEXT'

export type Permission = { readonly may: May; readonly limit?: Limit }
export type Cell = readonly Permission[]
type CellForEach<Roles extends readonly StaffRole[]> = { readonly [I in keyof Roles]: Cell }
/** One cell for each role, in the order of `staffRoles`. */
type Row = CellForEach<typeof staffRoles>

const no: Cell = []
const C: Cell = [{ may: 'COMMAND' }]
const A: Cell = [{ may: 'APPROVE' }]
const R: Cell = [{ may: 'READ' }]
const M: Cell = [{ may: 'READ_MASKED' }]
const CR: Cell = [...C, ...R]
/** Whoever decides opens the words of what they decide on. */
const AR: Cell = [...A, ...R]
const advise: Cell = [{ may: 'ADVISE' }]
const draft: Cell = [{ may: 'DRAFT' }]
const execute: Cell = [{ may: 'EXECUTE' }]
const verify: Cell = [{ may: 'VERIFY' }]
const within = (limit: Limit, cell: Cell): Cell => cell.map(({ may }) => ({ may, limit }))
const own = (cell: Cell) => within('OWN_CASELOAD', cell)
const team = (cell: Cell) => within('OWN_TEAM', cell)
const asParty = within('PARTY', R)
const party = within('PARTY', C)
const sealBroken = within('SEAL_BROKEN_FOR_ASSIGNED_BREACH', M)
const ofBreach = within('ASSIGNED_BREACH', R)
const asStored = within('CLEAR_AND_CIPHERTEXT', R)

/** What may never be refused: any member of staff hands it in, whatever their role. */
const anybody: Row = [C, C, C, C, C, C, C, C, C, C, C]
const handedIn = {
  RECEIVE_WITHDRAWAL: anybody,
  RECEIVE_RIGHTS_REQUEST: anybody,
  RECEIVE_OBJECTION: anybody,
  RECEIVE_COMPLAINT: anybody,
  RAISE_SAFEGUARDING_CONCERN: anybody,
  REPORT_BREACH: anybody,
} as const satisfies Readonly<Record<string, Row>>

const intake: Row = [CR, CR, CR, no, R, no, M, no, no, C, no]
const episode: Row = [no, CR, CR, no, R, no, M, no, no, no, no]
const wishes: Row = [CR, CR, CR, no, R, R, R, R, no, no, no]
/** The executive decides; the DPO, who may not decide what is done with data, advises. */
const byExecutive: Row = [no, no, no, advise, advise, advise, R, no, no, no, A]
const byDpo: Row = [no, no, no, advise, A, advise, R, no, no, no, no]

/**
 * Who may do what: the service's one table. A role may do what its cell says and nothing else, so that who records something does not
 * read it back unless the cell says R, too. Columns: back-office, ips-worker, team-leader, health-overseer, dpo, caldicott, auditor,
 * breach-responder, sysadmin, integration, accountable-executive.
 */
const table = {
  ...handedIn,
  RECEIVE_REFERRAL: intake,
  RECORD_SERVICE_WISH: intake,
  /** C68: what follows where nobody heard it from the person, people decide. */
  DECIDE_UNRESOLVED_WISH: [no, no, C, no, no, no, no, no, no, no, no],
  VERIFY_ELIGIBILITY: intake,
  ACCEPT_REFERRAL: episode,
  COMPARE_RECORDS: [CR, R, CR, no, CR, R, R, no, no, no, no],
  CLOSE_EPISODE: episode,

  /** Identity, contact, employment, engagement, outcomes. */
  RECORD_BASICS: [CR, own(CR), team(CR), R, R, R, M, sealBroken, no, C, no],
  RECORD_HEALTH: [no, own(CR), team(R), CR, R, R, M, sealBroken, no, C, no],
  RECORD_DEMOGRAPHICS: [no, own(CR), team(R), no, R, R, M, sealBroken, no, no, no],
  /** Offences, criminal justice, risk, safeguarding. */
  RECORD_RISK: [no, own(CR), team(CR), R, R, R, M, sealBroken, no, no, no],

  RECORD_CONSENT: wishes,
  RECORD_PREFERENCES: wishes,
  REQUEST_DISCLOSURE: [C, C, C, C, C, C, no, no, no, within('STANDING_DISCLOSURE', C), no],
  AUTHORISE_DISCLOSURE_ROUTINE: [no, no, AR, within('HEALTH_DATA', AR), AR, AR, no, no, no, no, no],
  AUTHORISE_DISCLOSURE_LEGAL: [no, no, no, no, AR, AR, no, no, no, no, no],
  AUTHORISE_DISCLOSURE_WITHHELD: [no, no, no, no, AR, AR, no, no, no, no, no],
  EMERGENCY_DISCLOSURE: [C, C, C, C, C, C, no, no, no, no, no],
  REVIEW_EMERGENCY_DISCLOSURE: [no, no, no, no, no, AR, no, no, no, no, no],

  DECIDE_RIGHTS: [no, no, no, advise, AR, AR, no, no, no, no, no],
  HANDLE_COMPLAINT: [no, no, CR, no, AR, AR, asStored, no, no, no, no],

  RAISE_INCIDENT: [C, C, C, C, C, C, no, C, no, C, no],
  READ_INCIDENT: [
    ...([asParty, asParty, asParty, asParty] as const),
    within('INFORMATION_INCIDENT_OR_PARTY', R),
    within('SAFEGUARDING_OR_DEATH_OR_PARTY', R),
    within('SAMPLED_BY_GRANT_OF_DPO', M),
    within('INFORMATION_INCIDENT_IF_ASSIGNED', R),
    within('METADATA', M),
    no,
    no,
  ],

  /** C40: as a party of it, or who looks at all of its type. */
  HANDLE_INCIDENT: [party, party, party, party, C, C, no, party, no, no, no],

  RESPOND_TO_BREACH: [no, no, no, no, CR, R, asStored, CR, within('CONTAINMENT', C), no, no],
  NOTIFY_REGULATOR: [
    ...([no, no, no, no] as const),
    within('NOBODY_ELSE', A),
    advise,
    R,
    draft,
    no,
    no,
    within('DPO_AND_DEPUTY_UNREACHABLE', A),
  ],
  DECIDE_PEOPLE_NOTICE: [no, no, no, no, within('NOBODY_ELSE', A), advise, R, draft, no, no, no],

  PLACE_LEGAL_HOLD: byDpo,
  APPROVE_INTERESTS_ASSESSMENT: byDpo,
  DECIDE_RETENTION_POLICY: byExecutive,
  DECIDE_RECIPIENT_MATRIX: byExecutive,
  DECIDE_POLICY_DOCUMENT: byExecutive,
  /** Every other policy: the notice, purposes, fields, forms, exemptions, holidays. */
  PUBLISH_POLICY: byExecutive,

  APPROVE_DESTRUCTION: [
    ...([no, no] as const),
    within('FIRST_SIGNATURE', A),
    no,
    advise,
    no,
    R,
    no,
    execute,
    execute,
    within('SECOND_SIGNATURE', A),
  ],
  DESTROY_KEY: [no, no, no, no, A, no, within('ATTESTATION', R), no, within('DUAL_CONTROL', execute), execute, no],
  GRANT_ACCESS: [no, no, team(C), no, C, C, R, no, within('TECHNICAL', C), no, no],

  /** A record that is not of one's own caseload or team, in need; those who are limited by neither need no such way. */
  BREAK_GLASS: [no, C, C, no, no, no, no, no, no, no, no],
  REVIEW_BREAK_GLASS: [no, no, no, no, AR, AR, asStored, no, no, no, no],
  /** To whom a record is to be closed: anybody says so, of themselves or of a colleague. */
  DECLARE_CONFLICT: [C, C, C, C, C, C, C, C, C, no, C],
  END_CONFLICT: [no, no, no, no, CR, CR, R, no, no, no, no],
  /** Who may open what, and until when: all of it, or what one was given or gave. */
  READ_GRANTS: [no, asParty, asParty, no, R, R, R, asParty, no, no, no],
  /** About whom there is a concern, or who is at risk: of everybody, so not for whoever has a caseload. */
  READ_RISK_REGISTER: [no, no, R, R, R, R, no, no, no, no, no],

  /** Events and ledger entries as stored. Whoever only verifies has the signed checkpoints and tiles of hashes, which are open. */
  READ_HISTORY: [no, no, no, no, R, R, asStored, ofBreach, verify, no, no],
  /** Disclosures, keys, certificates. */
  READ_LEDGER: [no, own(R), team(R), no, R, R, R, ofBreach, no, no, no],
  READ_ACCESS_LOG: [no, within('OWN_READS', R), team(R), no, R, R, R, R, no, no, no],

  // What the service itself asks for.
  /** Who works here in which role: references, never names. */
  READ_STAFF: [no, no, team(R), no, R, R, R, no, R, no, R],
  READ_RIGHTS_REQUESTS: [R, R, R, R, R, R, R, no, no, no, no],
  /** The proof that a disclosure is on record: whoever could have asked for it, and who reads the ledger. */
  READ_RECEIPT: [R, R, R, R, R, R, R, R, no, R, no],
  OPEN_AUDIT: [no, no, no, no, C, C, no, no, no, no, no],
  WORK_ON_AUDIT: [no, no, no, no, no, no, C, no, no, no, no],
  ANSWER_FINDING: [no, no, no, no, C, C, no, no, no, no, no],
  READ_AUDIT: [no, no, no, no, R, R, R, no, no, no, no],
  READ_OWN_ROLE: [R, R, R, R, R, R, R, R, R, R, R],
  /** Who they are, whom references stand for. */
  READ_STAFF_DETAILS: [no, no, team(R), no, R, R, no, R, no, no, R],
  /** C18. What the overseer looks at is opened by the rows of the categories. */
  OVERSEE_HEALTH: [no, no, no, CR, R, R, R, no, no, no, R],
  /** C38: each for themselves; a machine reads nothing. */
  ACKNOWLEDGE_POLICY: [C, C, C, C, C, C, C, C, C, no, C],
  /** What the service may do with whose data, and in which codes: nothing of it is about anybody. */
  READ_POLICIES: [R, R, R, R, R, R, R, R, R, R, R],
} as const satisfies Readonly<Record<string, Row>>

export type Capability = keyof typeof table
export const capabilities = Object.keys(table) as readonly Capability[]
export const cellOf = (capability: Capability, role: StaffRole): Cell => table[capability][staffRoles.indexOf(role)] ?? no

/** What recording and reading a category needs. */
export const capabilityOfCategory = {
  ID: 'RECORD_BASICS',
  CON: 'RECORD_BASICS',
  EMP: 'RECORD_BASICS',
  ENG: 'RECORD_BASICS',
  OUT: 'RECORD_BASICS',
  HLT: 'RECORD_HEALTH',
  'DEM-G': 'RECORD_DEMOGRAPHICS',
  'DEM-SL': 'RECORD_DEMOGRAPHICS',
  'DEM-SO': 'RECORD_DEMOGRAPHICS',
  'DEM-RE': 'RECORD_DEMOGRAPHICS',
  'DEM-RB': 'RECORD_DEMOGRAPHICS',
  CRM: 'RECORD_RISK',
  CJ: 'RECORD_RISK',
  RSK: 'RECORD_RISK',
  SG: 'RECORD_RISK',
} as const satisfies { readonly [C in Category]: Capability }
export const recordCapabilities: readonly Capability[] = [...new Set(Object.values(capabilityOfCategory))]

/**
 * Receiving these is never refused: not for a role, and not for training, policy, restriction, erasure or a vacant role. While no policy
 * pack is in force at all, the whole service answers 503.
 */
export const isNeverRefused = (capability: Capability) => capability in handedIn

const counts = (asked: May): readonly May[] => (asked === 'READ' ? ['READ', 'READ_MASKED'] : [asked])

/** The roles of a door, and the cells that they come from. */
export type RolesThatMay = readonly StaffRole[] & { readonly capability: readonly Capability[]; readonly may: May }

/**
 * Who may do it by the cell of any of these capabilities, whatever its limit. Who reads masked counts as a reader: a door lets them in and
 * shows them that a value is there.
 */
export function rolesThatMay(capability: Capability | readonly Capability[], may: May): RolesThatMay {
  const any: readonly Capability[] = typeof capability === 'string' ? [capability] : capability
  const roles = staffRoles.filter(role => any.some(one => cellOf(one, role).some(permission => counts(may).includes(permission.may))))
  return Object.assign(roles, { capability: any, may })
}

/** Who records a category. One that nobody knows is refused later, for its fields: whoever records the basics gets that far. */
export const recordersOf = (category: string): RolesThatMay =>
  rolesThatMay(Object.hasOwn(capabilityOfCategory, category) ? capabilityOfCategory[category as Category] : 'RECORD_BASICS', 'COMMAND')
