import { formOfItsOwn } from '#kernel/consent-form'
import { type Scope, erasableScopes } from '#event-kit/scope'
import { examples } from '../examples.js'
import type { PersonEvent } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { MatrixRow } from './matrix-row.js'
import { failures, held, judged, plain } from './spec.js'

const {
  ReferralReceived: received,
  ConsentGranted: granted,
  ConsentWithdrawn: withdrawn,
  EligibilityRefused: noService,
  EligibilityConfirmed: service,
  ErasureFenced: fenced,
} = examples

test('what the row allows is allowed, and the judgement says on what it rests', () => {
  expect(judged()).toEqual({
    row: plain,
    basis: { art6: 'ea', annex1: 'para-6', art9: '9-2-h' },
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
  const basis = (row: Partial<MatrixRow>, asked: Partial<DisclosureAsked> = {}) =>
    judged({ row: { annex1: undefined, art9: undefined, ...row }, asked }).basis
  const act = { instrument: 'ACT', title: 'Road Traffic Act', year: 1988, provision: 's.170' } as const
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
    expect(basis(both, { legalProvision: act })).toEqual({ art6: 'c', citation: act })
    expect(basis({ art6: ['ea'] }, { confidentialityBasis: 'LEGAL_DUTY', legalProvision: act })).toEqual({ art6: 'ea', citation: act })
  })
  test('the law, where the row offers nothing else', () => {
    expect(basis({ art6: ['c'] })).toEqual({ art6: 'c' })
  })
  test('what is no citation is not repeated', () => {
    expect(basis({ art6: ['c', 'ea'] }, { legalProvision: { ...act, title: 'act' } })).toEqual({ art6: 'c' })
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
    const policy = { isAssessed: () => false }
    expect([
      failures({ row: { art6: ['f'] }, policy }),
      failures({ row: { art6: ['ea'] }, policy }),
      failures({ row: { art6: ['f'] } }),
    ]).toEqual([['LIA_MISSING_OR_EXPIRED'], [], []])
  })
  test('[C09] a policy document, where the row asks for one', () => {
    const policy = { hasPolicyDocument: () => false }
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
      basis: { art6: 'a', art9: '9-2-h' },
      failures: [],
      fieldsPermitted: ['ID.name', 'EMP.status'],
      informDecision: 'INFORM_BEFORE',
      consentEventId: '00000000-0000-4000-9000-000000000003',
      consentFormVersion: 'SCF-1',
    })
  })
  test('where there is none nothing is open', () => {
    expect(judged(after())).toMatchObject({ failures: ['CONSENT_NOT_GRANTED'], fieldsPermitted: [] })
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
  const ofItsOwn = (form: keyof typeof formOfItsOwn) => {
    const row = { form, art6: ['a'] }
    expect(failures({ row, past: [...held, granted] })).toEqual([formOfItsOwn[form]])
    expect(failures({ row })).toEqual([formOfItsOwn[form]])
    expect(failures({ row, past: [...held, given({ form })] })).toEqual([])
    expect(failures({ row, past: [...held, given({ form }), withdrawn] })).toEqual(['CONSENT_WITHDRAWN'])
    expect(failures(after(given({ form })))).toEqual(['CONSENT_NOT_GRANTED'])
  }
  test('[C35] a row for the PHE form takes nothing else, and the PHE form nothing but such a row', () => {
    ofItsOwn('PHE')
  })
  test('[C33] so of the supplementary IPS form of NDTMS, which is no PHE form either', () => {
    ofItsOwn('NDTMS_IPS')
    expect(failures({ row: { form: 'NDTMS_IPS', art6: ['a'] }, past: [...held, given({ form: 'PHE' })] })).toEqual([formOfItsOwn.NDTMS_IPS])
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
