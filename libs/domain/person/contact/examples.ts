import { type ExampleOfEach, inventedAt as at } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { type ContactEvent, ContactPreferencesSet } from './events.js'

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
} satisfies ExampleOfEach<ContactEvent>
