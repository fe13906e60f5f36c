import { examples } from '../examples.js'
import { disclosureId } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { type SendingFacts, whyNotToSend } from './looked-at-again.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import { facts, given, held, now, plain, recipient } from './spec.js'

const { ConsentGranted: granted, ConsentRefused: declined, ConsentWithdrawn: withdrawn, ErasureApproved: approved } = examples
const sent = examples.DataShared
const why = (facts: SendingFacts, ...past: PersonEvent[]) => whyNotToSend(given(...held, ...past).state, disclosureId, facts)
/** By the small matrix of the specs. */
const whyNot = (...past: PersonEvent[]) => why(facts, ...past)
const shared = (change: Partial<typeof sent.data>) => ({ ...sent, data: { ...sent.data, ...change } })

test('what was never shared has nothing in its way', () => {
  expect([whyNot(), whyNot(examples.DisclosureRequested)]).toEqual([[], []])
})

describe('[C32] the consent', () => {
  test('that holds', () => {
    expect(whyNot(granted, sent)).toEqual([])
  })
  test('that is gone, refused, or was never there', () => {
    expect([whyNot(granted, sent, withdrawn), whyNot(granted, sent, declined), whyNot(sent)]).toEqual([
      ['CONSENT_WITHDRAWN'],
      ['CONSENT_NOT_GRANTED'],
      ['CONSENT_NOT_GRANTED'],
    ])
  })
  test('that the person narrowed since, or widened', () => {
    const now = (...categories: readonly ('EMP' | 'HLT' | 'OUT')[]) => ({ ...granted, data: { ...granted.data, categories } })
    expect([whyNot(granted, sent, now('OUT')), whyNot(granted, sent, now('EMP', 'HLT'))]).toEqual([['CONSENT_SCOPE_EXCEEDED'], []])
  })
  test('that ran out, to the instant', () => {
    const at = (now: string, ...past: PersonEvent[]) => why({ ...facts, now }, ...past)
    const until = '2027-11-01T09:00:00.000Z'
    expect([at('2027-11-01T08:59:59.999Z', granted, sent), at(until, granted, sent)]).toEqual([[], ['CONSENT_EXPIRED']])
    expect(at('2127-01-01T00:00:00.000Z', { ...granted, data: { ...granted.data, validUntil: undefined } }, sent)).toEqual([])
  })
  test('is not made up for by a row that no longer asks for one', () => {
    const row = { ...plain, art6: ['a', 'f'] }
    expect(why({ ...facts, policy: { ...facts.policy, rows: new Map([[recipient, row]]) } }, sent)).toEqual(['LAWFUL_BASIS_MISSING'])
  })
})

describe('[C17] the person', () => {
  const onLaw = shared({ basis: { art6: 'c' } })
  test('who was erased, or is to be, whatever it rests on', () => {
    const { requestId, erasureId } = approved.data
    const asked = examples.ErasureRequested
    const inFull = { ...approved, data: { ...approved.data, requestId, erasureId, extent: 'ALL' as const } }
    for (const past of [[examples.ErasureFenced], [asked, inFull]] as const)
      expect([whyNot(granted, sent, ...past), whyNot(onLaw, ...past)]).toEqual([['SUBJECT_ERASED'], ['SUBJECT_ERASED']])
  })
  test('who is to be erased in part: what says something of that part waits for nothing, unless it protects somebody', () => {
    const inPart = (scope: 'EMP' | 'DEM') => ({ ...approved, data: { ...approved.data, extent: 'SCOPES' as const, scopes: [scope] } })
    const asked = examples.ErasureRequested
    expect([whyNot(granted, sent, asked, inPart('EMP')), whyNot(granted, sent, asked, inPart('DEM'))]).toEqual([['SUBJECT_ERASED'], []])
    const atOnce = shared({ urgency: 'IMMEDIATE' })
    expect(whyNot(granted, atOnce, asked, inPart('EMP'))).toEqual([])
  })
  test('of whom a field is no longer held', () => {
    expect(whyNot(granted, shared({ fields: ['EMP.status', 'EMP.skills'] }))).toEqual(['MINIMUM_NECESSARY_EXCEEDED', 'FIELD_NOT_HELD'])
  })
})

describe('the matrix in force now', () => {
  const onInterest = shared({ basis: { art6: 'ea' } })
  const by = (row: Partial<MatrixRow> | undefined, of: PersonEvent = onInterest, more: Partial<SharingPolicy> = {}) =>
    why({ now, policy: { ...facts.policy, rows: new Map(row ? [[recipient, { ...plain, ...row }]] : []), ...more } }, of)
  test('as it was', () => {
    expect(by({})).toEqual([])
  })
  test.each<readonly [string, Partial<MatrixRow> | undefined]>([
    ['RECIPIENT_NOT_IN_MATRIX', undefined],
    ['RECIPIENT_DISPUTED', { disputed: true }],
    ['PURPOSE_INCOMPATIBLE', { purposes: [] }],
    ['LAWFUL_BASIS_MISSING', { art6: ['f'] }],
    ['MINIMUM_NECESSARY_EXCEEDED', { fields: [] }],
    ['MINIMUM_NECESSARY_EXCEEDED', { categories: [] }],
    ['NO_CUSTODY_TRIGGER', { precondition: 'CUSTODY' }],
    ['CONSENT_NOT_GRANTED', { form: 'SHARING' }],
  ])('%s', (code, row) => {
    expect(by(row)).toEqual([code])
  })
  test('a purpose that is no longer registered, and an assessment that ran out', () => {
    expect(by({}, onInterest, { purposes: new Set() })).toEqual(['PURPOSE_NOT_REGISTERED'])
    expect(by({ art6: ['f'] }, shared({ basis: { art6: 'f' } }), { isAssessed: () => false })).toEqual(['LIA_MISSING_OR_EXPIRED'])
  })
  test('an approver that it names now approved it then, or was not asked for', () => {
    expect(by({ approver: 'DPO' })).toEqual([])
  })
  test('how it was asked for was decided by the lists of that time: the citation, and the exemption for not telling', () => {
    const cited = shared({ basis: { art6: 'c', provision: undefined } })
    expect([by({ art6: ['c'] }, cited), by({ inform: ['INFORM_BEFORE'] })]).toEqual([[], []])
  })
})

describe('what went ahead of its paperwork', () => {
  const immediate = { urgency: 'IMMEDIATE', basis: { art6: 'f' } } as const
  const by = (change: Partial<typeof sent.data>, row: Partial<MatrixRow>) => {
    const rows = new Map([[recipient, { ...plain, art6: ['f'], precondition: 'RISK' as const, ...row }]])
    return why({ now, policy: { ...facts.policy, rows, isAssessed: () => false } }, shared({ ...immediate, ...change }))
  }
  test('is not stopped by it, nor by what else it would go ahead of now', () => {
    expect(by({}, { immediate: true })).toEqual([])
    expect(by({ reviewItems: ['RISK_BASIS_MISSING', 'LIA_MISSING_OR_EXPIRED'] }, { immediate: false })).toEqual([])
  })
  test('but by what protects the person', () => {
    expect(by({}, { immediate: true, fields: [] })).toEqual(['RISK_BASIS_MISSING', 'MINIMUM_NECESSARY_EXCEEDED', 'LIA_MISSING_OR_EXPIRED'])
    expect(by({}, { immediate: true, disputed: true })).toEqual(['RECIPIENT_DISPUTED'])
  })
  test('and another is stopped by it', () => {
    expect(by({ urgency: 'URGENT' }, { immediate: true })).toEqual(['RISK_BASIS_MISSING', 'LIA_MISSING_OR_EXPIRED'])
  })
})
