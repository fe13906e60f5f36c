import { z } from 'zod'
import { consentForms } from '#kernel/consent-form'
import type { JsonObject } from '#kernel/json'
import { type EventOf, defineEvent } from '#event-kit/event'
import { category, code, flag, happenedAt, id, instant, jsonValue, list, optional, personal, policyCode, subject } from '#event-kit/field'
import { channels } from '../channels.js'

export const consentMethods = ['WET_SIGNATURE', 'E_SIGNATURE', 'VERBAL_WITNESSED'] as const
export type ConsentMethod = (typeof consentMethods)[number]

/** What somebody wrote under names of ours. */
const inOwnWords = () => personal.value<'subjectRef', JsonObject>('subjectRef', 'CORR', z.record(z.string(), jsonValue))
const row = {
  subjectRef: subject('SubjectRef'),
  formId: id('FormId'),
  form: code(...consentForms),
  formVersion: policyCode(),
  recipient: policyCode(),
  purpose: policyCode(),
  categories: list(category()),
  method: code(...consentMethods),
  completedAt: happenedAt(),
  /** Who witnessed, in which language, which needs: whatever else the form says. */
  evidence: optional(inOwnWords()),
}
const granted = { ...row, validUntil: optional(instant()) }
/**
 * Whether it was the last word when it was recorded: what an older form says is on record and changes nothing. The fold finds that out by
 * itself; it stands here so that the same form, sent again, is answered in the same way. Version 1 does not say.
 */
const counts = { counts: optional(flag()) }
/** C31: one event per recipient and purpose on the form. */
export const ConsentGranted = defineEvent('ConsentGranted', granted)
  .next({ ...granted, ...counts })
  .from(old => old)
export const ConsentRefused = defineEvent('ConsentRefused', row)
  .next({ ...row, ...counts })
  .from(old => old)
const withdrawal = {
  subjectRef: subject('SubjectRef'),
  extent: code('ALL', 'ONE'),
  recipient: optional(policyCode()),
  purpose: optional(policyCode()),
  channel: code(...channels),
  receivedAt: happenedAt(),
  /** When the person said so: a letter is written before it comes. */
  withdrawnAt: instant(),
}
/**
 * C32: every withdrawal that comes is on record, whatever it changes: of all, or of one recipient and purpose. A form that was signed
 * before it does not count afterwards, and the same message, delivered again, ends nothing that was given in between. Version 2: one that
 * names only a recipient or only a purpose, or what nobody here knows, is UNCLEAR, and ends whatever it can mean. What nobody knows stands
 * sealed in `named`, with all that it named.
 */
export const WithdrawalReceived = defineEvent('WithdrawalReceived', withdrawal)
  .next({ ...withdrawal, extent: code('ALL', 'ONE', 'UNCLEAR'), named: optional(inOwnWords()) })
  .from(old => old)
/** C32: one event per consent that a withdrawal ends. */
export const ConsentWithdrawn = defineEvent('ConsentWithdrawn', {
  subjectRef: subject('SubjectRef'),
  recipient: policyCode(),
  purpose: policyCode(),
  channel: code(...channels),
  withdrawnAt: happenedAt(),
})

export const consentEvents = [ConsentGranted, ConsentRefused, WithdrawalReceived, ConsentWithdrawn] as const
export type ConsentEvent = EventOf<(typeof consentEvents)[number]>
