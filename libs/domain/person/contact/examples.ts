import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import {
  ContactFailed,
  type ContactEvent,
  ContactMade,
  ContactPlanned,
  ContactPreferencesSet,
  InboundMessageHandled,
  InboundMessageReceived,
  PrivacyNoticeProvided,
} from './events.js'

const contactId: Parameters<typeof ContactPlanned.of>[0]['contactId'] = inventedId(40)
const contact = { subjectRef, contactId, channel: 'PHONE', about: 'PROGRESS', urgency: 'ROUTINE', message: false } as const
const ofMessage = { subjectRef, messageId: inventedId(41) } as const
const note = Personal.of('will ring back on Thursday')

export const contactExamples = {
  ContactPreferencesSet: ContactPreferencesSet.of({
    subjectRef,
    saidAt: at,
    allowed: ['EMAIL'],
    preferred: 'PHONE',
    refused: ['LETTER', 'HOME_VISIT'],
    neverVoicemail: true,
    discreet: true,
    safeTimes: Personal.of(['MON 09:00-12:30', 'THU 14:00-16:00']),
    needs: Personal.of(['LARGE_PRINT']),
    language: Personal.of('cy'),
    otherNeeds: Personal.of('speaks slowly on the telephone'),
  }),
  ContactPlanned: ContactPlanned.of({ ...contact, plannedFor: at, about: 'BREACH', despite: ['CHANNEL_OPTED_OUT'] }),
  ContactMade: ContactMade.of({ ...contact, contactedAt: at, against: ['OUTSIDE_SAFE_TIMES'], note }),
  ContactFailed: ContactFailed.of({ ...contact, contactedAt: at, outcome: 'NO_ANSWER', against: [], note }),
  InboundMessageReceived: InboundMessageReceived.of({ ...ofMessage, channel: 'SMS', receivedAt: at, words: Personal.of('ring me back') }),
  InboundMessageHandled: InboundMessageHandled.of({ ...ofMessage, as: 'ANSWERED' }),
  PrivacyNoticeProvided: PrivacyNoticeProvided.of({ subjectRef, noticeVersion: 'DEMO-1', channel: 'LETTER', providedAt: at }),
} satisfies ExampleOfEach<ContactEvent>
