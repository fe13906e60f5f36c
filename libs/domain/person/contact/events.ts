import { z } from 'zod'
import { type EventOf, defineEvent } from '#event-kit/event'
import { code, flag, happenedAt, list, optional, personal, subject } from '#event-kit/field'
import { channels } from '../channels.js'
import { isSafeTime } from './safe-times.js'

/** C58: what somebody needs in order to be reached and understood. */
export const communicationNeeds = [
  'INTERPRETER',
  'SIGN_LANGUAGE',
  'LARGE_PRINT',
  'EASY_READ',
  'BRAILLE',
  'AUDIO',
  'HEARING_LOOP',
  'TEXT_RELAY',
  'STEP_FREE',
  'SOMEBODY_WITH_THEM',
] as const
export type CommunicationNeed = (typeof communicationNeeds)[number]

/**
 * C58: all that somebody said of how to be reached: it takes the place of what they said before. By which ways, in the clear, because
 * every contact is judged by it; when, and what they need, which says something of how they live, is sealed.
 */
export const ContactPreferencesSet = defineEvent('ContactPreferencesSet', {
  subjectRef: subject('SubjectRef'),
  saidAt: happenedAt(),
  allowed: list(code(...channels)),
  preferred: optional(code(...channels)),
  refused: list(code(...channels)),
  neverVoicemail: flag(),
  /** Whoever writes or calls does not say for which service, unless the person wants it. */
  discreet: flag(),
  safeTimes: optional(personal.value('subjectRef', 'CON', z.array(z.string().refine(isSafeTime)))),
  needs: optional(personal.value('subjectRef', 'CON', z.array(z.enum(communicationNeeds)))),
  language: optional(personal.text('subjectRef', 'CON')),
  otherNeeds: optional(personal.text('subjectRef', 'CON')),
})

export const contactEvents = [ContactPreferencesSet] as const
export type ContactEvent = EventOf<(typeof contactEvents)[number]>
