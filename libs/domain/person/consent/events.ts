import { z } from 'zod'
import type { JsonObject } from '#kernel/json'
import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, happenedAt, id, instant, jsonValue, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { channels } from '../channels.js'

export const formTypes = ['SHARING', 'PHE'] as const
export type FormType = (typeof formTypes)[number]
export const consentMethods = ['WET_SIGNATURE', 'E_SIGNATURE', 'VERBAL_WITNESSED'] as const
export type ConsentMethod = (typeof consentMethods)[number]

const row = {
  subjectRef: subject('SubjectRef'),
  formId: id('FormId'),
  form: code(...formTypes),
  formVersion: policyCode(),
  recipient: policyCode(),
  purpose: policyCode(),
  categories: list(category()),
  method: code(...consentMethods),
  completedAt: happenedAt(),
  /** Who witnessed, in which language, which needs: whatever else the form says. */
  evidence: optional(personal.value('subjectRef', 'CORR', z.record(z.string(), jsonValue) as z.ZodType<JsonObject>)),
}
/** C31: one event per recipient and purpose on the form. */
export const ConsentGranted = defineEvent('ConsentGranted', { ...row, validUntil: optional(instant()) })
export const ConsentRefused = defineEvent('ConsentRefused', row)
/** C32 */
export const ConsentWithdrawn = defineEvent('ConsentWithdrawn', {
  subjectRef: subject('SubjectRef'),
  recipient: policyCode(),
  purpose: policyCode(),
  channel: code(...channels),
  withdrawnAt: happenedAt(),
})

export const consentEvents = [ConsentGranted, ConsentRefused, ConsentWithdrawn] as const
export type ConsentEvent = EventOf<(typeof consentEvents)[number]>
