import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { sharingPolicy } from './examples.js'
import { shareData } from './share-data.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { MatrixRow } from './matrix-row.js'
import { facts, failures, given, held, judged, toCourt, toDwp, toPolice } from './spec.js'

const { ConsentGranted: granted } = examples

describe('[C61] a recognised legitimate interest', () => {
  const silent = { noticeNamesRecognisedInterests: false }
  test('names its condition of Annex 1', () => {
    expect(judged({ row: { annex1: 'para-5' } }).basis).toMatchObject({ art6: 'ea', annex1: 'para-5' })
    expect(failures({ row: { annex1: undefined } })).toEqual(['NOTICE_NOT_UPDATED'])
    expect(judged({ row: { art6: ['f'], annex1: 'para-5' } }).basis).not.toHaveProperty('annex1')
  })
  test('needs a notice in force that tells of it', () => {
    expect([failures({ policy: silent }), failures({ row: { art6: ['f'] }, policy: silent })]).toEqual([['NOTICE_NOT_UPDATED'], []])
  })
  test('what can wait is refused until then; what is immediate goes, and is reviewed', () => {
    const onInterest = { ...toPolice, legalProvision: undefined, confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST' }
    const at = (urgency: 'ROUTINE' | 'IMMEDIATE') =>
      given(...held).when(shareData.decide({ ...onInterest, urgency }, { ...facts, policy: { ...sharingPolicy, ...silent } }))
    at('ROUTINE').thenRefused({ code: 'NOTICE_NOT_UPDATED', also: [] })
    expect(at('IMMEDIATE').events()[1]).toMatchObject({
      data: { basis: { art6: 'ea', annex1: 'para-5' }, reviewItems: ['NOTICE_NOT_UPDATED', 'APPROVAL_DPO'] },
    })
  })
})

test('[C18] health data is shared only while somebody oversees it; other data whether or not', () => {
  const policy = { healthOverseen: false }
  const health = { categories: ['HLT'], fields: ['HLT.summary'] }
  expect([failures({ policy, asked: health }), failures({ asked: health }), failures({ policy })]).toEqual([
    ...[['NO_HEALTH_PROFESSIONAL_OVERSIGHT'], [], []],
  ])
})

describe('[C20] the policy document', () => {
  const row = { needsPolicyDocument: true, sch1: 'para-10' }
  const policy = { hasPolicyDocument: (purpose: string, condition: string) => purpose === 'EMPLOYMENT_SUPPORT' && condition === 'para-18' }
  test('is one for this purpose under this condition', () => {
    expect([failures({ row, policy }), failures({ row: { ...row, sch1: 'para-18' }, policy })]).toEqual([
      ['APPROPRIATE_POLICY_DOCUMENT_MISSING'],
      [],
    ])
  })
  test('a competent authority is told without one', () => {
    expect(failures({ row: { ...row, competentAuthority: true }, policy })).toEqual([])
  })
})
test('[C15] the assessment is one for this purpose', () => {
  const policy = {
    isAssessed: (purpose: string) => purpose === 'EMPLOYMENT_SUPPORT',
    purposes: new Set(['EMPLOYMENT_SUPPORT', 'JOINT_CARE']),
  }
  const row = { art6: ['f'], purposes: ['EMPLOYMENT_SUPPORT', 'JOINT_CARE'] }
  expect([failures({ row, policy }), failures({ row, policy, asked: { purpose: 'JOINT_CARE' } })]).toEqual([[], ['LIA_MISSING_OR_EXPIRED']])
})
test('[C08] health needs a condition of Article 9 on the row', () => {
  const health = { categories: ['HLT'], fields: ['HLT.summary'] }
  expect([failures({ row: { art9: undefined }, asked: health }), failures({ row: { art9: undefined } })]).toEqual([
    ['ARTICLE9_CONDITION_MISSING'],
    [],
  ])
})

describe('[C24] what a court’s order or a provision names', () => {
  const row = { fieldsNamedBy: 'REQUIREMENT' as const }
  const wants = (...requiredFields: string[]) => failures({ row, asked: { requiredFields } })
  test('goes, and nothing else of the row', () => {
    expect([wants('EMP.status'), wants('EMP.skills'), failures({ row })]).toEqual([
      [],
      ['MINIMUM_NECESSARY_EXCEEDED'],
      ['MINIMUM_NECESSARY_EXCEEDED'],
    ])
    expect(judged({ row, asked: { requiredFields: ['ID.name'] } }).fieldsPermitted).toEqual(['ID.name'])
  })
  test('and is recorded with it', () => {
    expect(
      given(...held)
        .when(shareData.decide(toCourt, facts))
        .events(),
    ).toMatchObject([{ data: { requiredFields: ['ID.name'] } }])
  })
})

describe('[C31] a consent opens what was ticked, and the little that says whom it is about', () => {
  const row: Partial<MatrixRow> = { form: 'SHARING', art6: ['a'], fields: ['ID.name', 'ID.nhsNumber', 'EMP.status'], minimum: ['ID.name'] }
  const after = (categories: readonly string[]) => [...held, { ...granted, data: { ...granted.data, categories } } as typeof granted]
  const asking = (...fields: string[]): Partial<DisclosureAsked> => ({ categories: ['ID', 'EMP'], fields })
  test('not the rest of identity', () => {
    expect(failures({ row, past: after(['EMP']), asked: asking('ID.name', 'EMP.status') })).toEqual([])
    expect(failures({ row, past: after(['EMP']), asked: asking('ID.nhsNumber') })).toEqual(['CONSENT_SCOPE_EXCEEDED'])
    expect(failures({ row, past: after(['EMP', 'ID']), asked: asking('ID.nhsNumber') })).toEqual([])
  })
  test('a category of which the minimum has nothing goes only where it was ticked', () => {
    const none = { ...row, minimum: [] }
    expect(failures({ row: none, past: after(['EMP']), asked: asking('EMP.status') })).toEqual(['CONSENT_SCOPE_EXCEEDED'])
  })
  test('a YES that names no category opens nothing at all', () => {
    const bare = { row, past: after([]), asked: { categories: ['ID'], fields: ['ID.name'] } }
    expect(judged(bare)).toMatchObject({ failures: ['CONSENT_SCOPE_EXCEEDED'], fieldsPermitted: [] })
  })
})

describe('[C25] what the police ask of a victim', () => {
  const said = { from: '2026-01-01', until: '2026-02-01', form: Personal.of('VIR-1'), reason: Personal.of('an inquiry') }
  const policy = {
    ...sharingPolicy,
    rows: new Map([
      ...sharingPolicy.rows,
      [
        'DWP-JCP',
        {
          ...sharingPolicy.rows.get('STARS')!,
          recipient: 'DWP-JCP',
          precondition: 'VICTIM_REQUEST' as const,
          fields: ['EMP.status', 'HLT.counsellingNotes'],
          categories: ['EMP', 'HLT'] as const,
          art9: '9-2-g',
        },
      ],
    ]),
  }
  const ask = (victimRequest: object | undefined, fields = ['EMP.status']) =>
    given(...held).when(
      shareData.decide({ ...toDwp, purpose: 'JOINT_CARE', victimRequest, fields, categories: ['EMP', 'HLT'] }, { ...facts, policy }),
    )
  test('is asked whole, and kept with what was shared', () => {
    expect(ask(said).events()).toMatchObject([
      { type: 'DisclosureRequested', data: { victimPeriod: { from: '2026-01-01' }, victimReason: said.reason } },
    ])
  })
  test.each<[string, object | undefined]>([
    ['nothing', undefined],
    ['no reason', { ...said, reason: undefined }],
    ['no form', { ...said, form: undefined }],
    ['no period', { ...said, from: undefined }],
    ['half a period', { ...said, until: undefined }],
    ['a period that ends before it begins', { ...said, until: '2025-12-31' }],
  ])('%s is not enough', (_, request) => {
    ask(request).thenRefused({ code: 'VICTIM_REQUEST_INCOMPLETE', also: [] })
  })
  test('counselling notes go only for their substantial probative value', () => {
    const notes = ['HLT.counsellingNotes']
    ask(said, notes).thenRefused({ code: 'VICTIM_REQUEST_INCOMPLETE', also: ['FIELD_NOT_HELD'] })
    ask({ ...said, probativeValue: Personal.of('nobody else was there') }, notes).thenRefused({ code: 'FIELD_NOT_HELD', also: [] })
  })
})
