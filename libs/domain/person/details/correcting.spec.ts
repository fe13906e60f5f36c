import { specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import { type Past, eventId, stateOf } from '../spec.js'
import { correctDetails } from './correct-details.js'
import { markRecordedInError } from './mark-recorded-in-error.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  PersonalDetailsCorrected: corrected,
  RecordedInError: inError,
  CriminalJusticeOrderRecorded: ordered,
  CriminalJusticeOrderEnded: orderEnded,
  DeathRecorded: died,
  OffenderStatusSet: status,
} = examples
const fine = { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' } as const
const details = { subjectRef, category: 'EMP', provenance: 'PERSON', items: { status: Personal.of('EMPLOYED') } } as const

describe('[C63] a correction', () => {
  test('takes the place of what is held, and names the event that said it', () => {
    given(received, recorded)
      .when(correctDetails.decide(details, fine))
      .then({ ...corrected, data: { ...corrected.data, supersedes: [eventId(1) as never] } })
    const held = stateOf(received, recorded, corrected).held.get('EMP.status')
    expect([held?.eventId, held?.value]).toEqual([eventId(2), corrected.data.values['status']])
  })
  test('names an event once, and corrects what the referral said, too', () => {
    const items = { phone: Personal.of('07700 900471'), email: Personal.of('m@example.org') }
    expect(
      given(received)
        .when(correctDetails.decide({ ...details, category: 'CON', items }, fine))
        .events(),
    ).toMatchObject([{ data: { supersedes: [eventId(0)], fieldCodes: ['CON.phone', 'CON.email'] } }])
  })
  test('is of what is held', () => {
    given(received).when(correctDetails.decide(details, fine)).thenRefused({ code: 'FIELD_NOT_HELD' })
  })
  test('keeps to the rules of recording', () => {
    const correct = (category: string, facts = {}, ...past: Past) =>
      given(received, ...past).when(correctDetails.decide({ ...details, category }, { ...fine, ...facts }))
    correct('EMP', { mayRecord: false }).thenRefused({ code: 'ROLE_NOT_PERMITTED' })
    correct('EMP', { unknownFields: 1 }).thenRefused({ code: 'CATEGORY_NOT_PERMITTED_FOR_PURPOSE' })
    correct('DEM-RE').thenRefused({ code: 'ARTICLE9_CONDITION_MISSING' })
    correct('CRM').thenRefused({ code: 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS' })
    correct('CRM', {}, status).thenRefused({ code: 'SCHEDULE1_CONDITION_MISSING' })
    given().when(correctDetails.decide(details, fine)).thenRefused({ code: 'NOT_FOUND' })
  })
})

describe('[C63] what was recorded in error', () => {
  const now = '2026-11-01T10:00:00.000Z'
  const mark = (withdrawn: string, mayRecord: (category: string) => boolean = () => true) =>
    markRecordedInError.decide(
      { subjectRef, withdrawn: withdrawn as never, markedAt: inError.data.markedAt, reasons: inError.data.reasons },
      { mayRecord, now },
    )
  const marked = (withdrawn: string) => ({ ...inError, data: { ...inError.data, withdrawn: withdrawn as never } })
  test('is withdrawn by its event, and held no more', () => {
    given(received, recorded)
      .when(mark(eventId(1)))
      .then(marked(eventId(1)))
    expect(stateOf(received, recorded, marked(eventId(1))).held.has('EMP.status')).toBe(false)
    expect(stateOf(received, recorded, corrected, marked(eventId(1))).held.has('EMP.status')).toBe(true)
  })
  test('is withdrawn once, and only where it stands', () => {
    given(received, recorded, marked(eventId(1)))
      .when(mark(eventId(1)))
      .thenRefused({ code: 'NOT_FOUND' })
    given(received, recorded, corrected)
      .when(mark(eventId(1)))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('is neither a referral, nor a job, nor a wish of how to be reached', () => {
    const past = [received, examples.ContactPreferencesSet, examples.ReferralAccepted, examples.JobStarted] as const
    for (const n of past.keys())
      given(...past)
        .when(mark(eventId(n)))
        .thenRefused({ code: 'NOT_FOUND' })
  })
  test('a fact stands no more; one whose end was withdrawn goes on', () => {
    given(received, ordered)
      .when(mark(eventId(1)))
      .then(marked(eventId(1)))
    expect(stateOf(received, ordered, marked(eventId(1))).facts).toEqual({})
    given(received, ordered, orderEnded)
      .when(mark(eventId(2)))
      .then(marked(eventId(2)))
    expect(Object.values(stateOf(received, ordered, orderEnded, marked(eventId(2))).facts)).toMatchObject([{ from: '2026-10-01' }])
    expect(Object.values(stateOf(received, ordered, orderEnded, marked(eventId(2))).facts)[0]).not.toHaveProperty('endedOn')
  })
  test('a death is corrected by a command of its own', () => {
    given(received, died)
      .when(mark(eventId(1)))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('[C37] by whoever records its category', () => {
    given(received, recorded)
      .when(mark(eventId(1), category => category !== 'EMP'))
      .thenRefused({ code: 'ROLE_NOT_PERMITTED' })
    given(received, ordered)
      .when(mark(eventId(1), category => category === 'EMP'))
      .thenRefused({ code: 'ROLE_NOT_PERMITTED' })
  })
})
