import { specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import { type Past, stateOf } from '../spec.js'
import { endEqualityOptOut, receiveEqualityOptOut } from './equality-opt-out.js'
import { recordDemographics } from './record-demographics.js'
import { recordOffenceData } from './record-offence-data.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  DemographicsRecorded: recorded,
  DemographicDeclined: declined,
  EqualityOptOutReceived: optedOut,
  EqualityOptOutEnded: optedIn,
  OffenceDataRecorded: offence,
  OffenderStatusSet: status,
  ReoffendingRiskAssessed: reoffending,
  VulnerabilityRecorded: vulnerable,
} = examples

describe('[C08] who somebody says that they are', () => {
  const asked = { subjectRef, category: 'DEM-RE', provenance: 'PERSON', items: recorded.data.values, declined: [] } as const
  const fine = { unknownFields: 0, hasCondition: true }
  const basis = { basis: { art6: 'f', art9: '9-2-g', sch1: 'para-8' } }
  const record = (change: object = {}, facts: object = {}, ...past: Past) =>
    given(received, ...past).when(recordDemographics.decide({ ...asked, ...change }, { ...fine, ...facts }))
  test('is recorded on the condition of equality monitoring', () => {
    record().then({ ...recorded, ...basis })
    expect(stateOf(received, recorded).held.get('DEM-RE.ethnicity')?.scope).toBe('DEM')
  })
  test('waits for the policies to have that condition', () => {
    for (const category of ['DEM-RE', 'DEM-RB', 'DEM-SO', 'DEM-SL'])
      record({ category }, { hasCondition: false }).thenRefused({ code: 'ARTICLE9_CONDITION_MISSING' })
  })
  test('sex and gender need none', () => {
    const { basis: _, ...event } = record(
      { category: 'DEM-G', items: { sex: Personal.of('FEMALE') } },
      { hasCondition: false },
    ).events()[0]!
    expect([event, _]).toMatchObject([{ type: 'DemographicsRecorded', data: { fieldCodes: ['DEM-G.sex'] } }, undefined])
  })
  test('or would rather not say, which is not unknown', () => {
    record({ category: 'DEM-RB', items: {}, declined: ['religion'] }).then({ ...declined, ...basis })
    const rather = { ...declined, data: { ...declined.data, category: 'DEM-RE' as const, fieldCodes: ['DEM-RE.ethnicity'] } }
    const { held, equality } = stateOf(received, recorded, rather)
    expect([held.has('DEM-RE.ethnicity'), equality.declined]).toEqual([false, ['DEM-RE.ethnicity']])
    expect(stateOf(received, rather, recorded).equality.declined).toEqual([])
  })
  test('in the fields of the schema, and of demographic categories', () => {
    record({}, { unknownFields: 1 }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
    record({ category: 'EMP' }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
    given().when(recordDemographics.decide(asked, fine)).thenRefused({ code: 'NOT_FOUND' })
  })
  test('for equality monitoring, and on no other purpose', () => {
    const of = (category: string) =>
      [recordDemographics.purpose, recordDemographics.exemptFrom].map(ask => (ask as (of: object) => unknown)({ ...asked, category }))
    expect([of('DEM-RE'), of('DEM-G')]).toEqual([
      ['EQUALITY_MONITORING', ['W2', 'W3']],
      ['SERVICE_PROVISION', []],
    ])
  })

  describe('unless they want no monitoring', () => {
    const sex = {
      ...recorded,
      data: { ...recorded.data, category: 'DEM-G' as const, fieldCodes: ['DEM-G.sex'], values: { sex: Personal.of('FEMALE') } },
    }
    const earlier = { ...optedIn, data: { ...optedIn.data, saidAt: '2026-10-31T09:00:00.000Z' } }
    const later = { ...optedIn, data: { ...optedIn.data, saidAt: '2026-11-02T09:00:00.000Z' } }
    test('nothing is recorded for it, and sex still is', () => {
      record({}, {}, optedOut).thenRefused({ code: 'EQUALITY_OPT_OUT' })
      expect(record({ category: 'DEM-G', items: { sex: Personal.of('FEMALE') } }, {}, optedOut).events()).toHaveLength(1)
    })
    test('what was recorded for it is held no more', () => {
      expect([...stateOf(recorded, sex, optedOut).held.keys()]).toEqual(['DEM-G.sex'])
    })
    test('until they say otherwise: what was said last counts', () => {
      record({}, {}, optedOut, later).then({ ...recorded, ...basis })
      record({}, {}, optedOut, earlier).thenRefused({ code: 'EQUALITY_OPT_OUT' })
      expect([...stateOf(later, recorded, optedOut).held.keys()]).toEqual(['DEM-RE.ethnicity'])
    })
    test('which is taken down of anybody who was referred', () => {
      given(received).when(receiveEqualityOptOut.decide(optedOut.data, {})).then(optedOut)
      given().when(receiveEqualityOptOut.decide(optedOut.data, {})).thenRefused({ code: 'NOT_FOUND' })
      expect(receiveEqualityOptOut.exemptFrom).toEqual(['W2', 'W3', 'W6', 'W7', 'W8'])
      given(received).when(endEqualityOptOut.decide(optedIn.data, {})).then(optedIn)
      given().when(endEqualityOptOut.decide(optedIn.data, {})).thenRefused({ code: 'NOT_FOUND' })
    })
  })
})

describe('[C09] the person’s own offences', () => {
  const asked = {
    subjectRef,
    category: 'CRM',
    provenance: 'PERSON',
    items: offence.data.values,
    about: 'THE_PERSON',
    condition: 'para-2',
  } as const
  const fine = { unknownFields: 0, hasPolicyDocument: true, now: '2026-11-01T09:00:00.000Z' }
  const record = (change: object = {}, facts: object = {}, ...past: Past) =>
    given(received, ...past).when(recordOffenceData.decide({ ...asked, ...change }, { ...fine, ...facts }))
  const on = (condition: 'para-2' | 'para-10' | 'para-18') => ({
    ...offence,
    data: { ...offence.data, condition },
    basis: { art6: 'f', sch1: condition },
  })
  test('are recorded of offenders and ex-offenders', () => {
    record().thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' })
    record({}, {}, status).then(on('para-2'))
    expect(stateOf(received, offence).held.get('CRM.offences')?.scope).toBe('CRM')
  })
  test('never what a victim or a relative did', () => {
    record({ about: 'SOMEBODY_ELSE' }, {}, status).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
  })
  test('on a condition of Schedule 1 that is named', () => {
    record({ condition: undefined }, {}, status).thenRefused({ code: 'SCHEDULE1_CONDITION_MISSING' })
    record({ condition: 'para-8' }, {}, status).thenRefused({ code: 'SCHEDULE1_CONDITION_MISSING' })
  })
  test('[C20] ¶10 needs its policy document, and a high risk of reoffending', () => {
    record({ condition: 'para-10' }, { hasPolicyDocument: false }, status, reoffending).thenRefused({
      code: 'APPROPRIATE_POLICY_DOCUMENT_MISSING',
    })
    record({ condition: 'para-10' }, {}, status).thenRefused({ code: 'CONDITION_NOT_MET' })
    record({ condition: 'para-10' }, {}, status, reoffending).then(on('para-10'))
  })
  test('[C21] ¶18 needs its policy document, and somebody at risk', () => {
    record({ condition: 'para-18' }, { hasPolicyDocument: false }, status, vulnerable).thenRefused({
      code: 'APPROPRIATE_POLICY_DOCUMENT_MISSING',
    })
    record({ condition: 'para-18' }, {}, status).thenRefused({ code: 'CONDITION_NOT_MET' })
    record({ condition: 'para-18' }, {}, status, vulnerable).then(on('para-18'))
  })
  test('[C19] ¶2 needs none', () => {
    record({}, { hasPolicyDocument: false }, status).then(on('para-2'))
  })
  test('in the fields of the schema, and of offences', () => {
    record({}, { unknownFields: 1 }, status).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
    record({ category: 'RSK' }, {}, status).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
    given().when(recordOffenceData.decide(asked, fine)).thenRefused({ code: 'NOT_FOUND' })
  })
})
