import { specFor } from '#decider/spec'
import type { Decided } from '#decider/command'
import { examples } from '../examples.js'
import { type PersonEvent, person } from '../person.js'
import { goesDespite } from './contact-rules.js'
import { type ContactObstacle, contactObstacles } from './events.js'
import { type PlanContact, planContact } from './plan-contact.js'
import { type RecordContact, recordContact } from './record-contact.js'

const { given } = specFor(person)
const { ReferralReceived: received, ContactPreferencesSet: preferred, PersonalDetailsRecorded: detail } = examples
const { ContactPlanned: planned, ContactMade: made, ContactFailed: failed } = examples
const { despite: _, ...plan } = { ...planned.data, about: 'PROGRESS' as const }
const { against: __, ...happened } = made.data
const planning = (change: Partial<PlanContact> = {}, atSafeTime = true) => planContact.decide({ ...plan, ...change }, { atSafeTime })
const recording = (change: Partial<RecordContact> = {}, atSafeTime = true) =>
  recordContact.decide({ ...happened, outcome: 'REACHED', ...change }, { atSafeTime })
const plannedAs = (change: Partial<typeof planned.data>, on: object = {}) =>
  ({ ...planned, data: { ...planned.data, about: 'PROGRESS', despite: [], ...change }, ...on }) as Decided<PersonEvent>
const madeAs = (against: readonly ContactObstacle[], change: Partial<typeof made.data> = {}) =>
  ({ ...made, data: { ...made.data, ...change, against } }) as Decided<PersonEvent>
const allRefused = { ...preferred, data: { ...preferred.data, preferred: undefined, allowed: [] } }
const nobody = {
  ...allRefused,
  data: { ...allRefused.data, refused: ['PHONE', 'EMAIL', 'SMS', 'LETTER', 'IN_PERSON', 'HOME_VISIT', 'VIDEO'] as const },
}
const visited = {
  ...detail,
  data: { ...detail.data, category: 'RSK', fieldCodes: ['RSK.homeVisit'], values: { homeVisit: Object.values(detail.data.values)[0] } },
} as PersonEvent

describe('[C57] a contact', () => {
  test('is planned and recorded with somebody who was referred', () => {
    given(received).when(planning()).then(plannedAs({}))
    given(received).when(recording()).then(madeAs([]))
    given().when(planning()).thenRefused({ code: 'NOT_FOUND' })
    given().when(recording()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('that was planned becomes what came of it, once', () => {
    const { contactId } = planned.data
    given(received, planned)
      .when(recording({ planned: contactId }))
      .then(madeAs([]))
    given(received)
      .when(recording({ planned: contactId }))
      .thenRefused({ code: 'NOT_FOUND' })
    given(received, planned, made)
      .when(recording({ planned: contactId }))
      .thenRefused({ code: 'NOT_FOUND' })
    given(received, planned, failed)
      .when(recording({ planned: contactId }))
      .thenRefused({ code: 'NOT_FOUND' })
  })
  test('that reached nobody says so', () =>
    given(received)
      .when(recording({ outcome: 'NO_ANSWER' }))
      .then({ ...failed, data: { ...failed.data, against: [] } }))
  test('at home waits until the risk of it was looked at', () => {
    given(received)
      .when(planning({ channel: 'HOME_VISIT' }))
      .thenRefused({ code: 'HOME_VISIT_RISK_NOT_CHECKED' })
    given(received, visited)
      .when(planning({ channel: 'HOME_VISIT' }))
      .then(plannedAs({ channel: 'HOME_VISIT' }))
  })
  test('by video waits for a yes to it', () => {
    const yes = { ...preferred, data: { ...preferred.data, allowed: ['VIDEO' as const] } }
    const rather = { ...preferred, data: { ...preferred.data, preferred: 'VIDEO' as const } }
    given(received, preferred)
      .when(planning({ channel: 'VIDEO' }))
      .thenRefused({ code: 'VIDEO_NOT_AGREED' })
    for (const said of [yes, rather])
      given(received, said)
        .when(planning({ channel: 'VIDEO' }))
        .then(plannedAs({ channel: 'VIDEO' }))
  })
  test('of a right or a breach rests on the law', () => {
    given(received)
      .when(planning({ about: 'RIGHTS' }))
      .then(plannedAs({ about: 'RIGHTS' }, { purpose: 'RIGHTS_FULFILMENT', basis: { art6: 'c' } }))
  })
})

describe('[C58] a wish', () => {
  test('against a way is kept', () => {
    given(received, preferred)
      .when(planning({ channel: 'LETTER' }))
      .thenRefused({ code: 'CHANNEL_OPTED_OUT' })
    given(received, preferred)
      .when(planning({ channel: 'SMS' }))
      .then(plannedAs({ channel: 'SMS' }))
  })
  test('against every way leaves none', () =>
    given(received, nobody)
      .when(planning())
      .thenRefused({ code: 'NO_PERMITTED_CHANNEL', also: ['CHANNEL_OPTED_OUT'] }))
  test('for safe times is kept, except where it is urgent, and for letters', () => {
    given(received, preferred).when(planning({}, false)).thenRefused({ code: 'OUTSIDE_SAFE_TIMES' })
    given(received, preferred)
      .when(planning({ urgency: 'URGENT' }, false))
      .then(plannedAs({ urgency: 'URGENT' }))
    given(received)
      .when(planning({ channel: 'LETTER' }, false))
      .then(plannedAs({ channel: 'LETTER' }))
  })
  test('that no message is left is kept, also where it is urgent', () => {
    given(received, preferred)
      .when(planning({ message: true, urgency: 'URGENT' }))
      .thenRefused({ code: 'VOICEMAIL_OPTED_OUT' })
    given(received)
      .when(planning({ message: true }))
      .then(plannedAs({ message: true }))
  })
  test('gives way to a danger to life and to a breach, as far as it is about the way, and that is on record', () => {
    for (const [about, purpose, art6] of [
      ['VITAL_INTERESTS', 'LIFE_SAVING', 'd'],
      ['BREACH', 'BREACH_RESPONSE', 'c'],
    ] as const)
      given(received, preferred)
        .when(planning({ about, channel: 'LETTER' }))
        .then(plannedAs({ about, channel: 'LETTER', despite: ['CHANNEL_OPTED_OUT'] }, { purpose, basis: { art6 } }))
    const gives = contactObstacles.filter(obstacle => goesDespite({ ...plan, about: 'BREACH' }, obstacle))
    expect(gives).toEqual(['NO_PERMITTED_CHANNEL', 'CHANNEL_OPTED_OUT'])
    expect(contactObstacles.filter(obstacle => goesDespite({ ...plan, about: 'RIGHTS' }, obstacle))).toEqual([])
  })
  test('does not hinder the record of what has happened, which says what it was against', () => {
    given(received, preferred)
      .when(recording({ channel: 'LETTER', message: true }))
      .then(madeAs(['CHANNEL_OPTED_OUT', 'VOICEMAIL_OPTED_OUT'], { channel: 'LETTER', message: true }))
    given(received)
      .when(recording({}, false))
      .then(madeAs(['OUTSIDE_SAFE_TIMES']))
  })
})

describe('[C59] email and text', () => {
  test.each(['EMAIL', 'SMS'] as const)('are for what is not urgent: %s', channel => {
    given(received)
      .when(planning({ channel, urgency: 'URGENT' }))
      .thenRefused({ code: 'CHANNEL_NOT_FOR_URGENT' })
    given(received).when(planning({ channel })).then(plannedAs({ channel }))
  })
  test('a call is for what is urgent, too', () =>
    given(received)
      .when(planning({ urgency: 'URGENT' }))
      .then(plannedAs({ urgency: 'URGENT' })))
})
