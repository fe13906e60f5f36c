import { specFor } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { sharingPolicy } from '../disclosure/examples.js'
import { isDeferred } from '../erasure/what-is-pending.js'
import { examples } from '../examples.js'
import { type PersonEvent, person } from '../person.js'
import { type MakeEmergencyDisclosure, makeEmergencyDisclosure } from './make-emergency-disclosure.js'
import { reviewEmergencyDisclosure } from './review-emergency-disclosure.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  ErasureFenced: fenced,
  ErasureApproved: approved,
  ErasureRequested: requested,
  EmergencyDisclosureMade: made,
  EmergencyDisclosureReviewed: reviewed,
} = examples
const { disclosureId, subjectRef, necessity } = made.data
const now = '2026-01-02T16:00:00.000Z'
const calendar = { version: 'DEMO-1', holidays: new Set<string>() }
const facts = { now, policy: sharingPolicy, schemas: new Map([['ID.name', {}]]), calendar }
const asked: MakeEmergencyDisclosure = {
  disclosureId,
  subjectRef,
  recipient: 'AMBULANCE',
  method: 'PHONE',
  categories: [],
  fields: ['ID.name'],
  necessity,
  abilityToConsent: 'NOT_KNOWN',
}
const tell = (change: Partial<MakeEmergencyDisclosure> = {}, ...past: readonly PersonEvent[]) =>
  given(received, recorded, ...past).when(makeEmergencyDisclosure.decide({ ...asked, ...change }, facts))
const madeBy = (change: Partial<MakeEmergencyDisclosure> = {}) =>
  tell(change).events()[0] as typeof made & { purpose: string; basis: object }

describe('[C26] what is told because a life is at stake', () => {
  test('is on record at once, on vital interests, and reviewed by the next working day', () => {
    expect(madeBy()).toMatchObject({
      purpose: 'LIFE_SAVING',
      basis: { art6: 'd' },
      data: { madeAt: now, notification: 'INFORM_AFTER', reviewDue: '2026-01-05', basis: { art6: 'd' } },
    })
  })
  test('has the time at which it was told, and none that lies ahead', () => {
    expect(madeBy({ madeAt: '2026-01-02T09:00:00.000Z' }).data.madeAt).toBe('2026-01-02T09:00:00.000Z')
    expect(madeBy({ madeAt: '2026-01-02T16:04:00.000Z' }).data.madeAt).toBe(now)
  })
  test('rests on Article 9(2)(c) for health data, and on paragraph 30 for offences', () => {
    expect(madeBy({ categories: ['HLT'] }).basis).toEqual({ art6: 'd', art9: '9-2-c' })
    expect(madeBy({ categories: ['CRM', 'ID'] }).data).toMatchObject({ categories: ['ID', 'CRM'], basis: { art6: 'd', sch1: 'para-30' } })
  })
  test('is never measured by the matrix: what that would have said is for the review', () => {
    expect(madeBy().data.reviewItems).toEqual(['RECIPIENT_NOT_IN_MATRIX'])
    const row = { ...sharingPolicy.rows.get('STARS')!, recipient: 'EMERG', categories: ['ID'], fields: ['ID.name'] } as const
    const withRow = { ...facts, policy: { ...sharingPolicy, rows: new Map([['EMERG', row]]) } }
    const items = (fields: readonly string[]) =>
      given(received, recorded)
        .when(makeEmergencyDisclosure.decide({ ...asked, fields }, withRow))
        .events()
        .map(({ data }) => (data as typeof made.data).reviewItems)
    expect(items(['ID.name'])).toEqual([[]])
    expect(items(['HLT.summary'])).toEqual([['MINIMUM_NECESSARY_EXCEEDED', 'FIELD_NOT_HELD']])
  })
  test('names no field in the clear that no schema knows', () => {
    const { data } = madeBy({ fields: ['ID.name', 'HLT.calliope'] })
    expect([data.fields, data.categories, data.otherFields === undefined]).toEqual([['ID.name'], ['ID', 'HLT'], false])
  })
  test('is refused of nobody but whom nothing can be kept of', () => {
    given().when(makeEmergencyDisclosure.decide(asked, facts)).thenRefused({ code: 'NOT_FOUND' })
    tell({}, fenced).thenRefused({ code: 'SUBJECT_ERASED' })
    expect(tell({}, requested, approved).events()).toHaveLength(1)
  })
  test('is recorded once', () => tell({}, made).thenNothing())
})
describe('[C26] its review', () => {
  const caldicott = { id: '00000000-0000-4000-8000-0000000000c1' as StaffRef, role: 'caldicott' } as const
  const { reviewedAt: at, ...review } = reviewed.data
  const decide = (by: { readonly id: StaffRef; readonly role: 'caldicott' } = caldicott) =>
    reviewEmergencyDisclosure.decide(review, { now: at, actor: by })
  test('says whether it was necessary, with reasons', () => given(received, made).when(decide()).then(reviewed))
  test('is made once, and of what was told', () => {
    given(received, made, reviewed).when(decide()).thenRefused({ code: 'ALREADY_DECIDED' })
    given(received).when(decide()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('is not made by whoever told it', () => {
    const { madeBy: id } = given(received, made).state.emergencies.get(disclosureId)!
    given(received, made)
      .when(decide({ id: id as StaffRef, role: 'caldicott' }))
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
  })
  test('holds an erasure of its reasons up, for five working days at most', () => {
    const waits = (on: string, ...past: readonly PersonEvent[]) => isDeferred(given(received, ...past).state, ['NARR', 'ID'], on, calendar)
    expect([waits('2026-01-02T10:00:00.000Z', made), waits('2026-01-02T10:00:00.000Z', made, reviewed)]).toEqual([true, false])
    expect([waits('2026-01-08T10:00:00.000Z', made), waits('2026-01-09T10:00:00.000Z', made)]).toEqual([true, false])
    expect(isDeferred(given(received, made).state, ['ID'], '2026-01-02T10:00:00.000Z', calendar)).toBe(false)
  })
})
