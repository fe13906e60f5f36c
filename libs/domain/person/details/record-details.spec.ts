import { specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import { type DetailsFacts, recordDetails } from './record-details.js'

const { given } = specFor(person)
const { ReferralReceived: received, PersonalDetailsRecorded: recorded, HealthDataRecorded: health, ErasureFenced: fenced } = examples
const details = { subjectRef, category: 'EMP', provenance: 'PERSON', items: { status: Personal.of('UNEMPLOYED') } } as const
const fine = { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' } as const

test('[C07] details are recorded by category', () => given(received).when(recordDetails.decide(details, fine)).then(recorded))
test('[C08] health data is an event of its own', () =>
  given(received)
    .when(recordDetails.decide({ ...details, category: 'HLT', items: health.data.values }, fine))
    .then(health))
test('[C07] a field outside the schema is refused', () =>
  given(received)
    .when(recordDetails.decide(details, { ...fine, unknownFields: 1 }))
    .thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' }))
test('[C07] so is a category that does not exist', () =>
  given(received)
    .when(recordDetails.decide({ ...details, category: 'XYZ' }, fine))
    .thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' }))
test('[C08] demographic data waits for its Article 9 condition', () =>
  given(received)
    .when(recordDetails.decide({ ...details, category: 'DEM-RE' }, fine))
    .thenRefused({ code: 'ARTICLE9_CONDITION_MISSING' }))
test('[C09] offence data needs an offender status', () =>
  given(received)
    .when(recordDetails.decide({ ...details, category: 'CRM' }, fine))
    .thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' }))
test('[C07] an NHS number that does not check is refused', () =>
  given(received)
    .when(recordDetails.decide(details, { ...fine, nhsNumber: 'INVALID' }))
    .thenRefused({ code: 'NHS_NUMBER_INVALID' }))
test('[C37] only those of its row record a category', () =>
  given(received)
    .when(recordDetails.decide(details, { ...fine, mayRecord: false }))
    .thenRefused({ code: 'ROLE_NOT_PERMITTED' }))
test('what the referral said is held as identity and contact data; newer details take its place', () => {
  const { state } = given(received, recorded)
  expect([...state.held].map(([field, { scope }]) => [field, scope])).toEqual([
    ['ID.name', 'REF'],
    ['ID.dateOfBirth', 'REF'],
    ['ID.nhsNumber', 'REF'],
    ['CON.phone', 'REF'],
    ['CON.email', 'REF'],
    ['CON.address', 'REF'],
    ['EMP.status', 'EMP'],
  ])
})
test('what was erased is not held any more', () => {
  expect([...given(received, recorded, fenced).state.held.keys()]).toEqual([])
})

describe('[C07] details', () => {
  const record = (category: string, facts: DetailsFacts = fine) =>
    given(received).when(recordDetails.decide({ ...details, category }, facts))
  test.each(['DEM-SL', 'DEM-SO', 'DEM-RE', 'DEM-RB'])('%s waits for its condition', category => {
    record(category).thenRefused({ code: 'ARTICLE9_CONDITION_MISSING' })
  })
  test.each(['CRM', 'CJ'])('%s needs an offender status', category => {
    record(category).thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' })
  })
  test.each(['ID', 'CON', 'EMP', 'ENG', 'OUT', 'RSK', 'SG', 'DEM-G'])('%s is recorded', category => {
    expect(
      record(category)
        .events()
        .map(({ type }) => type),
    ).toEqual(['PersonalDetailsRecorded'])
  })
  test('an NHS number that checks', () => {
    expect(record('EMP', { ...fine, nhsNumber: 'VALID' }).events()).toHaveLength(1)
  })
  test('of nobody who was referred', () => {
    given().when(recordDetails.decide(details, fine)).thenRefused({ code: 'NOT_FOUND' })
  })
  test('every field is named by its code', () => {
    expect(
      given(received)
        .when(recordDetails.decide({ ...details, items: { status: Personal.of('A'), skills: Personal.of('B') } }, fine))
        .events()[0],
    ).toMatchObject({ data: { fieldCodes: ['EMP.status', 'EMP.skills'] } })
  })
})
