import { rightsDue } from '#calendar/statutory-periods'
import { specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { person } from '../person.js'
import { handleInboundMessage } from './handle-inbound-message.js'
import { providePrivacyNotice } from './provide-privacy-notice.js'
import { recordInboundMessage } from './record-inbound-message.js'

const { given } = specFor(person)
const { ReferralReceived: received, ErasureFenced: fenced } = examples
const { InboundMessageReceived: came, InboundMessageHandled: handled, PrivacyNoticeProvided: provided } = examples
const now = '2026-12-24T09:00:00.000Z'
const calendar = { version: 'DEMO-1', holidays: new Set<string>() }
const handling = (change: Partial<Parameters<typeof handleInboundMessage.decide>[0]> = {}) =>
  handleInboundMessage.decide({ ...handled.data, ...change }, { now, calendar })
const { grounds, concernsStaff, requestId } = examples.ErasureRequested.data
const request = { grounds, concernsStaff, requestId, words: Personal.of('please erase me') }

describe('[C60] a message', () => {
  test('is on record with its arrival', () => {
    given(received).when(recordInboundMessage.decide(came.data, {})).then(came)
    given().when(recordInboundMessage.decide(came.data, {})).thenRefused({ code: 'NOT_FOUND' })
  })
  test('of somebody who is erased is on record without its words', () =>
    given(received, fenced)
      .when(recordInboundMessage.decide(came.data, {}))
      .then({ ...came, data: { ...came.data, words: undefined } }))
  test('is handled once', () => {
    given(received, came).when(handling()).then(handled)
    given(received, came, handled).when(handling()).thenRefused({ code: 'MESSAGE_HANDLED' })
    given(received).when(handling()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('that asks for an erasure is a request of when it came, and by which way', () => {
    const events = given(received, came)
      .when(handling({ as: 'ERASURE_REQUEST', request }))
      .events()
    expect(events.find(({ type }) => type === 'ErasureRequested')).toMatchObject({
      data: { receivedAt: came.data.receivedAt, channel: 'SMS', due: rightsDue(came.data.receivedAt, 1, calendar) },
    })
  })
})

describe('[C61] the privacy notice', () => {
  const noticeVersions = new Map([['DEMO-1', { effectiveFrom: '2026-10-01T00:00:00.000Z' }]])
  const providing = (change: Partial<typeof provided.data> = {}) =>
    providePrivacyNotice.decide({ ...provided.data, ...change }, { noticeVersions })
  test('is given in a version that was in force by then', () => {
    given(received).when(providing()).then(provided)
    given(received)
      .when(providing({ noticeVersion: 'DEMO-9' }))
      .thenRefused({ code: 'NOTICE_VERSION_UNKNOWN' })
    given(received)
      .when(providing({ providedAt: '2026-09-30T23:59:59.000Z' }))
      .thenRefused({ code: 'NOTICE_VERSION_UNKNOWN' })
    given().when(providing()).thenRefused({ code: 'NOT_FOUND' })
  })
  test('that counts is the one that was given last, whenever that is typed in', () => {
    const older = { ...provided, data: { ...provided.data, noticeVersion: 'DEMO-0', providedAt: '2026-10-02T09:00:00.000Z' } }
    expect(given(received, provided, older).state.contact.notice).toMatchObject({ noticeVersion: 'DEMO-1' })
    expect(given(received, older, provided).state.contact.notice).toMatchObject({ noticeVersion: 'DEMO-1' })
  })
})
