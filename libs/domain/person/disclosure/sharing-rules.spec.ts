import { happened, specFor } from '#decider/spec'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { Actor } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import { sharingPolicy } from './examples.js'
import { type PersonEvent, person } from '../person.js'
import { authoriseDisclosure } from './authorise-disclosure.js'
import { isPending, whyNotToSend } from './dispatch-disclosure.js'
import type { SharingFacts } from './share-data.js'
import { type DisclosureAsked, type MatrixRow, type SharingPolicy, goesAhead, judgeSharing } from './sharing-rules.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  HealthDataRecorded: health,
  ConsentGranted: granted,
  ConsentWithdrawn: withdrawn,
  EligibilityRefused: noService,
  EligibilityConfirmed: service,
  ErasureFenced: fenced,
} = examples
const now = '2026-11-02T10:00:00.000Z'
const recipient = 'DWP-JCP'
/** A row that allows what is asked below, and every rule of which can be changed by itself. */
const plain: MatrixRow = {
  recipient,
  name: 'Jobcentre Plus',
  disputed: false,
  purposes: ['EMPLOYMENT_SUPPORT'],
  art6: ['ea'],
  form: 'NONE',
  categories: ['ID', 'EMP', 'HLT'],
  fields: ['ID.name', 'EMP.status', 'EMP.skills', 'HLT.summary'],
  inform: ['INFORM_BEFORE'],
  precondition: 'NONE',
  approver: 'NONE',
  immediate: false,
  needsPolicyDocument: false,
}
const ask: DisclosureAsked = {
  recipient,
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
  hasOrderReference: false,
  urgency: 'ROUTINE',
}
const held = [received, recorded, health] as const
type Change = {
  readonly row?: Partial<MatrixRow>
  readonly asked?: Partial<DisclosureAsked>
  readonly policy?: Partial<SharingPolicy>
  readonly past?: readonly PersonEvent[]
  readonly at?: string
}
const judged = ({ row, asked, policy, past = held, at = now }: Change = {}) =>
  judgeSharing(
    given(...past).state,
    { ...ask, ...asked },
    { ...sharingPolicy, rows: new Map([[recipient, { ...plain, ...row }]]), ...policy },
    at,
  )
const failures = (change: Change) => judged(change).failures

test('what the row allows is allowed, and the judgement says on what it rests', () => {
  expect(judged()).toEqual({
    row: plain,
    basis: { art6: 'ea' },
    failures: [],
    fieldsPermitted: ['ID.name', 'EMP.status', 'HLT.summary'],
    informDecision: 'INFORM_BEFORE',
  })
})

describe('the recipient', () => {
  test('[C31] one outside the matrix is judged no further than what is plain without a row', () => {
    expect(judged({ policy: { rows: new Map() } })).toEqual({ failures: ['RECIPIENT_NOT_IN_MATRIX'], fieldsPermitted: [] })
    expect(
      failures({
        policy: { rows: new Map() },
        asked: { fields: ['EMP.status', 'EMP.skills'], confidentialityBasis: undefined, purpose: 'MARKETING' },
      }),
    ).toEqual(['RECIPIENT_NOT_IN_MATRIX', 'PURPOSE_NOT_REGISTERED', 'FIELD_NOT_HELD', 'CONFIDENTIALITY_BASIS_MISSING'])
  })
  test('[C42] nor one whose place is disputed', () => {
    expect(judged({ row: { disputed: true } })).toEqual({ failures: ['RECIPIENT_DISPUTED'], fieldsPermitted: [] })
    expect(failures({ row: { disputed: true }, asked: { fields: ['EMP.skills'] } })).toEqual(['RECIPIENT_DISPUTED', 'FIELD_NOT_HELD'])
  })
})

test('the erasure of a part does not end sharing of the rest', () => {
  const part = {
    ...fenced,
    data: { ...fenced.data, extent: 'SCOPES' as const, scopes: erasableScopes.filter(scope => scope !== 'EMP') as Scope[] },
  }
  expect(failures({ past: [...held, part] })).toEqual([])
})

describe('[C04] the purpose', () => {
  test('is registered', () => {
    expect(failures({ asked: { purpose: 'MARKETING' } })).toEqual(['PURPOSE_NOT_REGISTERED'])
  })
  test('and the row’s', () => {
    expect(failures({ asked: { purpose: 'JOINT_CARE' } })).toEqual(['PURPOSE_INCOMPATIBLE'])
  })
})

describe('the precondition', () => {
  test.each([
    ['CJ_INTERVENTION', 'CJ_INTERVENTION_NOT_ACTIVE'],
    ['CJ_ORDER', 'NO_ACTIVE_CJ_ORDER'],
    ['CUSTODY', 'NO_CUSTODY_TRIGGER'],
    ['PANEL', 'NOT_SUBJECT_TO_PANEL'],
    ['RISK', 'RISK_BASIS_MISSING'],
    ['COURT_ORDER', 'COURT_ORDER_REFERENCE_MISSING'],
  ] as const)('%s fails while nothing is on record', (precondition, code) => {
    expect(failures({ row: { precondition } })).toEqual([code])
  })
  test('a court’s order is named', () => {
    expect(failures({ row: { precondition: 'COURT_ORDER' }, asked: { hasOrderReference: true } })).toEqual([])
  })
  test('[C11] STARS gets data until it says that there is no service', () => {
    const stars = (...more: PersonEvent[]) => failures({ row: { precondition: 'STARS' }, past: [...held, ...more] })
    expect([stars(), stars(service), stars(noService), stars(noService, service)]).toEqual([[], [], ['NOT_IN_STARS_SERVICE'], []])
  })
})

describe('the basis', () => {
  const basis = (row: Partial<MatrixRow>, asked: Partial<DisclosureAsked> = {}) => judged({ row, asked }).basis
  const act = 'Road Traffic Act 1988 s.170'
  test('the first that the row offers', () => {
    expect([basis({ art6: ['f', 'ea'] }), basis({ art6: ['ea', 'f'] })]).toEqual([{ art6: 'f' }, { art6: 'ea' }])
  })
  test('with its conditions', () => {
    expect(basis({ art9: '9-2-h', sch1: 'para-2' })).toEqual({ art6: 'ea', art9: '9-2-h', sch1: 'para-2' })
  })
  test('the law, where it is claimed and the row offers it', () => {
    const both = { art6: ['ea', 'c'] }
    expect(basis(both)).toEqual({ art6: 'ea' })
    expect(basis(both, { confidentialityBasis: 'LEGAL_DUTY' })).toEqual({ art6: 'c' })
    expect(basis(both, { legalProvision: act })).toEqual({ art6: 'c', provision: act })
    expect(basis({ art6: ['ea'] }, { confidentialityBasis: 'LEGAL_DUTY', legalProvision: act })).toEqual({ art6: 'ea', provision: act })
  })
  test('the law, where the row offers nothing else', () => {
    expect(basis({ art6: ['c'] })).toEqual({ art6: 'c' })
  })
  test('what is no citation is not repeated', () => {
    expect(basis({ art6: ['c', 'ea'] }, { legalProvision: 'ask Perpetua' })).toEqual({ art6: 'c' })
  })
  test('[C22] the law is cited, or ordered by a court', () => {
    const law = { art6: ['c'] }
    expect(failures({ row: law })).toEqual(['LEGAL_PROVISION_MISSING'])
    expect(failures({ row: law, asked: { legalProvision: act } })).toEqual([])
    expect(failures({ row: law, asked: { hasOrderReference: true } })).toEqual(['LEGAL_PROVISION_MISSING'])
    expect(failures({ row: { ...law, precondition: 'COURT_ORDER' }, asked: { hasOrderReference: true } })).toEqual([])
    expect(failures({ row: { ...law, precondition: 'COURT_ORDER' }, asked: { legalProvision: act } })).toEqual([
      'COURT_ORDER_REFERENCE_MISSING',
    ])
  })
  test('[C15] legitimate interests, and only those, need an assessment', () => {
    const policy = { assessmentInDate: false }
    expect([
      failures({ row: { art6: ['f'] }, policy }),
      failures({ row: { art6: ['ea'] }, policy }),
      failures({ row: { art6: ['f'] } }),
    ]).toEqual([['LIA_MISSING_OR_EXPIRED'], [], []])
  })
  test('[C09] a policy document, where the row asks for one', () => {
    const policy = { policyDocumentInForce: false }
    expect([
      failures({ row: { needsPolicyDocument: true }, policy }),
      failures({ policy }),
      failures({ row: { needsPolicyDocument: true } }),
    ]).toEqual([['APPROPRIATE_POLICY_DOCUMENT_MISSING'], [], []])
  })
})

describe('[C31] the consent', () => {
  const form = { form: 'SHARING', art6: ['a'] } as const
  const given = (change: Partial<typeof granted.data> = {}) => ({ ...granted, data: { ...granted.data, ...change } })
  const after = (...more: PersonEvent[]) => ({ row: form, past: [...held, ...more] })
  test('is named in the judgement, and opens its categories and identity', () => {
    expect(judged(after(granted))).toEqual({
      row: { ...plain, ...form },
      basis: { art6: 'a' },
      failures: [],
      fieldsPermitted: ['ID.name', 'EMP.status'],
      informDecision: 'INFORM_BEFORE',
      consentEventId: '00000000-0000-4000-9000-000000000003',
      consentFormVersion: 'SCF-1',
    })
  })
  test('where there is none only identity is open', () => {
    expect(judged(after())).toMatchObject({ failures: ['CONSENT_NOT_GRANTED'], fieldsPermitted: ['ID.name'] })
  })
  test('a row without a form asks for none and names none', () => {
    expect(judged({ past: [...held, granted] })).not.toHaveProperty('consentEventId')
  })
  test('of another purpose or another recipient is another consent', () => {
    expect(failures(after(given({ purpose: 'JOINT_CARE' })))).toEqual(['CONSENT_NOT_GRANTED'])
    expect(failures(after(given({ recipient: 'STARS' })))).toEqual(['CONSENT_NOT_GRANTED'])
  })
  test('ends at the instant up to which it was given, and never where none was named', () => {
    const until = { ...after(given({ validUntil: '2026-11-02T10:00:00.000Z' })) }
    expect(failures({ ...until, at: '2026-11-02T09:59:59.999Z' })).toEqual([])
    expect(failures({ ...until, at: '2026-11-02T10:00:00.000Z' })).toEqual(['CONSENT_EXPIRED'])
    expect(failures({ ...after(given({ validUntil: undefined })), at: '2126-11-02T10:00:00.000Z' })).toEqual([])
  })
  test('covers what was ticked, and identity with it', () => {
    const beyond = (categories: readonly string[], fields: readonly string[]) =>
      failures({ ...after(granted), asked: { categories, fields } })
    expect(beyond(['ID', 'EMP'], ['ID.name', 'EMP.status'])).toEqual([])
    expect(beyond(['EMP', 'HLT'], ['EMP.status', 'HLT.summary'])).toEqual(['CONSENT_SCOPE_EXCEEDED'])
  })
  test('[C35] a row for the PHE form takes nothing else, and the PHE form nothing but such a row', () => {
    const phe = { form: 'PHE' as const, art6: ['a'] }
    expect(failures({ row: phe, past: [...held, granted] })).toEqual(['PHE_CONSENT_FORM_REQUIRED'])
    expect(failures({ row: phe })).toEqual(['PHE_CONSENT_FORM_REQUIRED'])
    expect(failures({ row: phe, past: [...held, given({ form: 'PHE' })] })).toEqual([])
    expect(failures({ row: phe, past: [...held, given({ form: 'PHE' }), withdrawn] })).toEqual(['CONSENT_WITHDRAWN'])
    expect(failures(after(given({ form: 'PHE' })))).toEqual(['CONSENT_NOT_GRANTED'])
  })
})

describe('[C24] the minimum', () => {
  const exceeded = ['MINIMUM_NECESSARY_EXCEEDED']
  test.each<readonly [string, Partial<DisclosureAsked>, Partial<MatrixRow>, readonly string[]]>([
    ['a field of a category that was not named', { fields: ['HLT.summary'] }, {}, exceeded],
    ['a category outside the row', {}, { categories: ['ID'] }, exceeded],
    ['one category within, one outside', { categories: ['EMP', 'CRM'] }, {}, exceeded],
    [
      'a category that does not exist, though the row names it',
      { categories: ['EMP', 'SHOES'] },
      { categories: ['EMP', 'SHOES' as never] },
      exceeded,
    ],
    ['a field outside the row', { fields: ['EMP.status'] }, { fields: ['EMP.skills'] }, exceeded],
    ['a field outside the row, and not held', { fields: ['EMP.status', 'EMP.shoes'] }, {}, [...exceeded, 'FIELD_NOT_HELD']],
    ['a field of the row that is not held', { fields: ['EMP.status', 'EMP.skills'] }, {}, ['FIELD_NOT_HELD']],
    ['a category named without a field', { categories: ['EMP', 'HLT'] }, {}, []],
  ])('%s', (_, asked, row, expected) => {
    expect(failures({ asked, row })).toEqual(expected)
  })
  test('what is permitted is what the row names and the person holds', () => {
    expect(judged({ past: [received] }).fieldsPermitted).toEqual(['ID.name'])
  })
})

describe('[C44] confidentiality', () => {
  test.each(['IMPLIED_DIRECT_CARE', 'CONSENT', 'OVERRIDING_PUBLIC_INTEREST', 'LEGAL_DUTY'])('%s is a basis', confidentialityBasis => {
    expect(failures({ asked: { confidentialityBasis } })).toEqual([])
  })
  test.each([undefined, '', 'CURIOSITY', 'consent'])('%s is none', confidentialityBasis => {
    expect(failures({ asked: { confidentialityBasis } })).toEqual(['CONFIDENTIALITY_BASIS_MISSING'])
  })
})

describe('[C23] telling the person', () => {
  const both = { inform: ['INFORM_AFTER', 'WITHHOLD'] } as const
  const withhold = { decision: 'WITHHOLD', exemption: 'SCH2-2', approver: 'dpo' } as const
  test('as the row says first, unless something else is said', () => {
    expect(judged({ row: both }).informDecision).toBe('INFORM_AFTER')
    expect(judged({ row: both, asked: { notification: { decision: 'INFORM_BEFORE' } } })).toMatchObject({
      failures: [],
      informDecision: 'INFORM_BEFORE',
    })
    expect(judged({ row: { inform: [] } })).not.toHaveProperty('informDecision')
  })
  test('withholding needs the row, the exemption and the approver', () => {
    const withheld = (row: Partial<MatrixRow>, notification: NonNullable<DisclosureAsked['notification']>) =>
      failures({ row, asked: { notification } })
    expect(withheld(both, withhold)).toEqual([])
    for (const [row, notification] of [
      [{}, withhold],
      [both, { ...withhold, exemption: undefined }],
      [both, { ...withhold, approver: undefined }],
    ] as const)
      expect(withheld(row, notification)).toEqual(['WITHHOLD_WITHOUT_EXEMPTION'])
  })
})

describe('what goes ahead of its paperwork', () => {
  const row = { ...plain, immediate: true }
  const ahead = (
    failing: Parameters<typeof goesAhead>[0]['failures'],
    urgency: 'ROUTINE' | 'URGENT' | 'IMMEDIATE' = 'IMMEDIATE',
    of: MatrixRow = row,
  ) => goesAhead({ row: of, failures: failing, fieldsPermitted: [] }, urgency)
  test.each(['LEGAL_PROVISION_MISSING', 'APPROPRIATE_POLICY_DOCUMENT_MISSING', 'LIA_MISSING_OR_EXPIRED', 'RISK_BASIS_MISSING'] as const)(
    '%s waits',
    code => {
      expect([ahead([code]), ahead([code, 'FIELD_NOT_HELD'])]).toEqual([true, false])
    },
  )
  test('only at once, and only on a row that says so', () => {
    expect([ahead([]), ahead([], 'URGENT'), ahead([], 'ROUTINE'), ahead([], 'IMMEDIATE', plain)]).toEqual([true, false, false, false])
    expect(goesAhead({ failures: [], fieldsPermitted: [] }, 'IMMEDIATE')).toBe(false)
  })
})

describe('who approves', () => {
  const dpo: Actor = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' }
  const asked = examples.DisclosureRequested
  const informed: typeof asked = {
    ...asked,
    data: { ...asked.data, notification: { decision: 'INFORM_BEFORE' as const }, basis: { art6: 'ea' } },
  }
  const factsOf = (row: Partial<MatrixRow> | undefined): SharingFacts => ({
    policy: { ...sharingPolicy, rows: new Map(row ? [[recipient, { ...plain, ...row }]] : []) },
    now,
    digest: () => 'D'.repeat(43),
  })
  const approving = (row: Partial<MatrixRow> | undefined) => ({ ...factsOf(row), actor: dpo, mayApprove: () => true })
  const authorise = (row: Partial<MatrixRow> | undefined, event = informed) =>
    given(...held, event).when(authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'AUTHORISED' }, approving(row)))
  const askedOf = (row: Partial<MatrixRow> | undefined, event: typeof asked) => {
    const rights: object[] = []
    const mayApprove = (of: object) => rights.push(of) === 1
    const decide = authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'REFUSED' }, { ...approving(row), mayApprove })
    given(...held, event)
      .when(decide)
      .events()
    return rights
  }

  test('is asked by the row, by the categories, and by whether the person is told', () => {
    expect(askedOf({ approver: 'TEAM_LEADER' }, informed)).toEqual([{ approver: 'TEAM_LEADER', withheld: false, categories: ['EMP'] }])
    expect(askedOf({ approver: 'CALDICOTT' }, asked)).toEqual([{ approver: 'CALDICOTT', withheld: true, categories: ['EMP'] }])
  })
  test('of a recipient that left the matrix is asked as of the DPO’s', () => {
    expect(askedOf(undefined, informed)).toEqual([{ approver: 'DPO', withheld: false, categories: ['EMP'] }])
  })
  test('a no needs no rule and gives its reasons', () => {
    const { reasons } = examples.DisclosureRefused.data
    given(...held, informed)
      .when(authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'REFUSED', reasons }, approving(undefined)))
      .then({ ...examples.DisclosureRefused, purpose: 'EMPLOYMENT_SUPPORT', basis: { art6: 'ea' } })
  })
  test('every rule is judged again at that moment', () => {
    authorise(undefined).thenRefused({ code: 'RECIPIENT_NOT_IN_MATRIX', also: [] })
    authorise({ fields: [] }).thenRefused({ code: 'MINIMUM_NECESSARY_EXCEEDED', also: [] })
    authorise({ art6: ['c'] }, { ...informed, data: { ...informed.data, basis: { art6: 'c' } } }).thenRefused({
      code: 'LEGAL_PROVISION_MISSING',
      also: [],
    })
  })
  test('with the order and the provision that the request holds', () => {
    const cited = { ...informed, data: { ...informed.data, basis: { art6: 'c', provision: 'Road Traffic Act 1988 s.170' } } }
    expect(authorise({ art6: ['c'] }, cited).events()).toHaveLength(2)
    expect(authorise({ precondition: 'COURT_ORDER' }).events()).toHaveLength(2)
    authorise({ precondition: 'COURT_ORDER' }, { ...informed, data: { ...informed.data, orderReference: undefined } }).thenRefused({
      code: 'COURT_ORDER_REFERENCE_MISSING',
      also: [],
    })
  })
  test('what was asked for at once goes ahead of its paperwork, and says so', () => {
    const atOnce = { ...informed, data: { ...informed.data, urgency: 'IMMEDIATE' as const } }
    const row = { art6: ['c'], immediate: true, approver: 'DPO' as const }
    const [authorised, sent] = authorise(row, atOnce).events()
    expect([authorised, sent]).toMatchObject([
      { data: { approver: 'DPO' } },
      { data: { requested: true, reviewItems: ['LEGAL_PROVISION_MISSING'], sentAt: now, itemCount: 1 } },
    ])
    authorise({ ...row, immediate: false }, atOnce).thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] })
  })
  test('only what waits is decided', () => {
    const decide = authoriseDisclosure.decide({ disclosureId, subjectRef, decision: 'AUTHORISED' }, approving({}))
    given(...held)
      .when(decide)
      .thenRefused({ code: 'NOT_FOUND' })
    given(...held, informed, examples.DisclosureRefused)
      .when(decide)
      .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
    given(...held, examples.DataShared)
      .when(decide)
      .thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
    given(...held, happened(informed, { actor: dpo }))
      .when(decide)
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
  })
})

describe('just before it is sent', () => {
  const sent = examples.DataShared
  const onLaw = { ...sent, data: { ...sent.data, basis: { art6: 'c' } } }
  const why = (at: string, ...past: PersonEvent[]) => whyNotToSend(given(...held, ...past).state, disclosureId, at)
  test('what rests on no consent asks for none', () => {
    expect([why(now, onLaw), why(now, onLaw, withdrawn), why(now)]).toEqual([undefined, undefined, undefined])
  })
  test('a consent that holds', () => {
    expect(why(now, granted, sent)).toBeUndefined()
  })
  test('one that is gone, refused, or was never there', () => {
    expect([why(now, granted, sent, withdrawn), why(now, granted, sent, examples.ConsentRefused), why(now, sent)]).toEqual([
      'CONSENT_WITHDRAWN',
      'CONSENT_WITHDRAWN',
      'CONSENT_WITHDRAWN',
    ])
  })
  test('one that ran out, to the instant', () => {
    const until = '2027-11-01T09:00:00.000Z'
    expect([why('2027-11-01T08:59:59.999Z', granted, sent), why(until, granted, sent)]).toEqual([undefined, 'CONSENT_EXPIRED'])
    expect(why('2127-01-01T00:00:00.000Z', { ...granted, data: { ...granted.data, validUntil: undefined } }, sent)).toBeUndefined()
  })
  test('an erasure stops what the law requires too', () => {
    expect(why(now, onLaw, fenced)).toBe('SUBJECT_ERASED')
  })
  test.each<readonly [string, readonly PersonEvent[], boolean]>([
    ['nothing', [], false],
    ['what is only asked for', [examples.DisclosureRequested], false],
    ['what was shared', [sent], true],
    ['what failed once', [sent, examples.DisclosureDispatchFailed], true],
    ['what went out', [sent, examples.DisclosureDispatched], false],
    ['what was cancelled', [sent, examples.PendingDisclosureCancelled], false],
  ])('%s: pending or not', (_, past, pending) => {
    expect(isPending(given(...held, ...past).state, disclosureId)).toBe(pending)
  })
})
