import { type At, type WriteRule, command } from '#decider/command'
import type { Aggregate, Standing } from '#decider/decider'
import { type Category, categories } from '#event-kit/scope'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import type { PolicyFacts } from '#policy/policy'
import { refusalsOf, underWriteRules, writeRefusals } from './write-rules.js'

type Noted = { readonly type: 'Noted'; readonly data: { readonly at: string } }
const now = '2026-11-01T09:00:00.000Z'
const policy: PolicyFacts = {
  noticeVersion: 'SPEC-1',
  versions: {},
  matrixVersion: 'SPEC-1',
  rows: new Map(),
  purposes: new Map([
    ['CARE', new Set(categories)],
    ['STATISTICS', new Set<Category>()],
  ]),
  fields: new Map(),
  formVersions: new Map(),
  noticeVersions: new Map(),
  retention: { version: 'SPEC-1', years: 10 },
  calendar: { version: 'SPEC-1', holidays: new Set() },
  isAssessed: () => true,
  hasPolicyDocument: () => true,
  noticeNamesRecognisedInterests: true,
  exemptions: { provisions: new Map() },
  staffPolicies: [],
  healthOverseen: true,
}
const well: Standing = { erased: false, restricted: false }
const notes: Aggregate<Standing, Noted> = { category: 'person', initial: well, evolve: { Noted: state => state }, standing: state => state }
type Noting = { readonly purpose: string; readonly categories: readonly Category[]; readonly no?: true }
const noting = (
  basis: LawfulBasis,
  exemptFrom: readonly WriteRule[] = [],
  own: { readonly purpose?: string; readonly basis?: LawfulBasis } = {},
) =>
  command({
    name: 'Note',
    clauses: [],
    says: 'Note something',
    aggregate: notes,
    streamId: (_: Noting) => 'one',
    capability: 'NOTE',
    purpose: ({ purpose }) => purpose,
    basis,
    categories: ({ categories: touched }) => touched,
    exemptFrom,
    refusals: ['NOT_FOUND'],
    decide:
      ({ no }: Noting, { now: at }: At) =>
      () =>
        no ? refused('NOT_FOUND') : accept([{ type: 'Noted' as const, data: { at }, ...own }]),
  })
const asked: Noting = { purpose: 'CARE', categories: [] }
type Tried = {
  readonly input?: Partial<Noting>
  readonly standing?: Standing
  readonly exempt?: readonly WriteRule[]
  readonly basis?: LawfulBasis
  readonly own?: { readonly purpose?: string; readonly basis?: LawfulBasis }
  readonly policy?: Partial<PolicyFacts>
  readonly trainedUntil?: string
  readonly closed?: 'NO_NEED_TO_KNOW' | 'CONFLICT_OF_INTEREST'
  readonly acknowledged?: ReadonlySet<string>
}
function codeOf({
  input = {},
  standing = well,
  exempt = [],
  basis = { art6: 'c' },
  own = {},
  policy: change = {},
  trainedUntil,
  acknowledged,
  closed,
}: Tried = {}) {
  const facts = { policy: { ...policy, ...change }, now, trainedUntil, acknowledged, closed: () => closed }
  const result = underWriteRules(noting(basis, exempt, own), { ...asked, ...input }, { now }, facts)(standing)
  return result.ok ? 'ok' : result.refusal.code
}
const lapsed = { isAssessed: () => false }
const toRead = { staffPolicies: [{ policy: 'ACCESS', version: 'ACCESS-2', acknowledgedBy: now }] }
const erased = { erased: true, restricted: false }

test('[C05] what breaks no rule is decided', () => {
  expect([codeOf(), codeOf({ input: { no: true } })]).toEqual(['ok', 'NOT_FOUND'])
})
test.each<[WriteRule, string, Tried]>([
  ['W2', 'PURPOSE_NOT_REGISTERED', { input: { purpose: 'MARKETING' } }],
  ['W3', 'LAWFUL_BASIS_MISSING', { basis: { art6: 'f' }, policy: lapsed }],
  ['W6', 'SUBJECT_ERASED', { standing: erased }],
  ['W6', 'PROCESSING_RESTRICTED', { standing: { erased: false, restricted: true } }],
  ['W7', 'TRAINING_EXPIRED', { trainedUntil: now }],
  ['W8', 'NO_NEED_TO_KNOW', { closed: 'NO_NEED_TO_KNOW' }],
  ['W8', 'CONFLICT_OF_INTEREST', { closed: 'CONFLICT_OF_INTEREST' }],
  ['W7', 'POLICY_NOT_ACKNOWLEDGED', { policy: toRead, acknowledged: new Set(['ACCESS ACCESS-1', 'OTHER ACCESS-2']) }],
])('%s refuses with %s, unless the definition is exempt from it', (rule, code, tried) => {
  expect([codeOf(tried), codeOf({ ...tried, exempt: [rule] })]).toEqual([code, 'ok'])
})
test('training that is in date, and no training on record yet, stand in nobody’s way', () => {
  expect([codeOf({ trainedUntil: '2026-11-01T09:00:00.001Z' }), codeOf()]).toEqual(['ok', 'ok'])
})
test('[C38] a policy that was read, one whose days have not run out, and none that a machine is asked of, stand in nobody’s way', () => {
  const [later] = toRead.staffPolicies.map(one => ({ staffPolicies: [{ ...one, acknowledgedBy: '2026-11-01T09:00:00.001Z' }] }))
  expect([
    codeOf({ policy: toRead, acknowledged: new Set(['ACCESS ACCESS-1', 'ACCESS ACCESS-2']) }),
    codeOf({ policy: later ?? {}, acknowledged: new Set() }),
    codeOf({ policy: toRead }),
  ]).toEqual(['ok', 'ok', 'ok'])
})
test('[C17] somebody erased is so before anything else is looked at', () => {
  expect(codeOf({ standing: erased, trainedUntil: now, input: { purpose: 'MARKETING', no: true } })).toBe('SUBJECT_ERASED')
})
test('what the decision refuses comes before the basis of what would be written', () => {
  expect(codeOf({ basis: { art6: 'f' }, policy: lapsed, input: { no: true } })).toBe('NOT_FOUND')
})
test('[C04] an event with a purpose of its own needs that one registered, too', () => {
  const own = { purpose: 'MARKETING' }
  expect([codeOf({ own }), codeOf({ own, exempt: ['W2'] })]).toEqual(['PURPOSE_NOT_REGISTERED', 'ok'])
})
test('[C18] health data is written only while somebody oversees it, unless the definition is exempt from what paperwork asks for', () => {
  const tried = { input: { categories: ['HLT'] }, basis: { art6: 'c', art9: '9-2-h' }, policy: { healthOverseen: false } } as const
  expect([codeOf(tried), codeOf({ ...tried, exempt: ['W3'] })]).toEqual(['NO_HEALTH_PROFESSIONAL_OVERSIGHT', 'ok'])
  expect([codeOf({ ...tried, input: { categories: ['ID'] } }), codeOf({ ...tried, policy: {} })]).toEqual(['ok', 'ok'])
})
describe('[C14] a basis', () => {
  const health = { categories: ['HLT'] } as const
  test('holds for the categories of its purpose only', () => {
    expect(codeOf({ input: { purpose: 'STATISTICS', categories: ['ID'] } })).toBe('LAWFUL_BASIS_MISSING')
    expect(codeOf({ input: { purpose: 'STATISTICS' } })).toBe('ok')
  })
  test.each<Category>(['HLT', 'DEM-SL', 'DEM-SO', 'DEM-RE', 'DEM-RB'])('for %s needs a condition of Article 9', category => {
    expect([
      codeOf({ input: { categories: [category] } }),
      codeOf({ input: { categories: [category] }, basis: { art6: 'c', art9: '9-2-h' } }),
    ]).toEqual(['LAWFUL_BASIS_MISSING', 'ok'])
  })
  test('for gender needs none', () => {
    expect(codeOf({ input: { categories: ['DEM-G'] } })).toBe('ok')
  })
  test.each<Category>(['CRM', 'CJ'])('for %s needs a condition of Schedule 1', category => {
    expect([
      codeOf({ input: { categories: [category] } }),
      codeOf({ input: { categories: [category] }, basis: { art6: 'c', sch1: 'para-2' } }),
    ]).toEqual(['LAWFUL_BASIS_MISSING', 'ok'])
  })
  test.each(['para-10', 'para-18'])('of Schedule 1 %s needs a policy document in force', sch1 => {
    const basis = { art6: 'ea', art9: '9-2-g', sch1 }
    expect([codeOf({ basis, input: health }), codeOf({ basis, input: health, policy: { hasPolicyDocument: () => false } })]).toEqual([
      'ok',
      'LAWFUL_BASIS_MISSING',
    ])
  })
  test('is looked for under the purpose and the condition of what is written', () => {
    const policy = {
      isAssessed: (purpose: string) => purpose === 'CARE',
      hasPolicyDocument: (purpose: string, condition: string) => purpose === 'CARE' && condition === 'para-18',
    }
    const statistics = { purpose: 'STATISTICS', categories: [] }
    expect([codeOf({ basis: { art6: 'f' }, policy }), codeOf({ basis: { art6: 'f' }, policy, input: statistics })]).toEqual([
      'ok',
      'LAWFUL_BASIS_MISSING',
    ])
    const under = (sch1: string, input = {}) => codeOf({ basis: { art6: 'c', sch1 }, policy, input })
    expect([under('para-18'), under('para-10'), under('para-18', statistics)]).toEqual([
      'ok',
      'LAWFUL_BASIS_MISSING',
      'LAWFUL_BASIS_MISSING',
    ])
  })
  test('is that of the event, where the decision found another', () => {
    expect(codeOf({ basis: { art6: 'f' }, own: { basis: { art6: 'c' } }, policy: lapsed })).toBe('ok')
    expect(codeOf({ own: { basis: { art6: 'f' } }, policy: lapsed })).toBe('LAWFUL_BASIS_MISSING')
    expect(codeOf({ own: { purpose: 'STATISTICS' }, input: { categories: ['ID'] } })).toBe('LAWFUL_BASIS_MISSING')
  })
})
test('a definition can be refused by its own codes and by the rules that hold for it', () => {
  const own = noting({ art6: 'c' })
  expect(refusalsOf(own)).toEqual([...Object.values(writeRefusals).flat(), 'NOT_FOUND'])
  expect(refusalsOf(noting({ art6: 'c' }, ['W2', 'W6', 'W7', 'W8']))).toEqual([
    'LAWFUL_BASIS_MISSING',
    'NO_HEALTH_PROFESSIONAL_OVERSIGHT',
    'NOT_FOUND',
  ])
  expect(refusalsOf({ ...own, aggregate: { ...own.aggregate, standing: 'NOBODY' } })).not.toContain('SUBJECT_ERASED')
})
