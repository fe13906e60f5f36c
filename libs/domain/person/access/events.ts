import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, instant, personal, subject } from '#event-kit/field'

/** What somebody finds who looks at it afterwards: the record had to be read, or it had not to. */
export const breakGlassOutcomes = ['JUSTIFIED', 'NOT_JUSTIFIED'] as const
export type BreakGlassOutcome = (typeof breakGlassOutcomes)[number]

const ofPerson = { subjectRef: subject('SubjectRef') }
/**
 * C37: somebody who could not wait for a grant opened the record to themselves, for a time. By the event's own actor, in their role. Why is
 * evidence, and kept as such.
 */
export const BreakGlassUsed = defineEvent('BreakGlassUsed', {
  ...ofPerson,
  grantId: id('GrantId'),
  reason: personal.text('subjectRef', 'EVID'),
  usedAt: instant(),
  until: instant(),
})
export const BreakGlassReviewed = defineEvent('BreakGlassReviewed', {
  ...ofPerson,
  grantId: id('GrantId'),
  outcome: code(...breakGlassOutcomes),
  reasons: personal.text('subjectRef', 'EVID'),
  reviewedAt: instant(),
})

/**
 * C38: somebody who works here is this person, or is close to them. Which of these, and how, is nowhere on record: it would say of a
 * colleague that they use the service.
 */
export const ConflictDeclared = defineEvent('ConflictDeclared', { ...ofPerson, staffRef: id('StaffRef'), declaredAt: happenedAt() })
export const ConflictEnded = defineEvent('ConflictEnded', { ...ofPerson, staffRef: id('StaffRef'), endedAt: instant() })

export const accessEvents = [BreakGlassUsed, BreakGlassReviewed, ConflictDeclared, ConflictEnded] as const
export type AccessEvent = EventOf<(typeof accessEvents)[number]>
