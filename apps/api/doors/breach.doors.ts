import type { RegulatorDue } from '#domain/breach/breach'
import { establishAwareness } from '#domain/breach/establish-awareness'
import type { BreachEvent } from '#domain/breach/events'
import { reportBreach } from '#domain/breach/report-breach'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { AwarenessAnswer, BreachAnswer } from '../answers.js'
import { AwarenessBody, BreachBody } from '../bodies/breach.js'
import { PeopleOnRecord } from '../preparations/people-on-record.js'

const dueIn = (events: readonly BreachEvent[]): RegulatorDue | undefined => {
  const aware = events.find(event => event.type === 'AwarenessEstablished')
  return aware && { target: aware.data.target, limit: aware.data.limit }
}

export const reportBreachDoor = doorOf('breach', reportBreach, {
  path: 'breaches',
  creates: ({ breachId }) => `/v1/breaches/${breachId}`,
  body: BreachBody,
  input: ({ summary, affected = [], ...body }, _, mint) => ({ ...body, breachId: mint('breach'), affected, summary: Personal.of(summary) }),
  prepare: PeopleOnRecord,
  answers: BreachAnswer,
  answer: ({ breachId }, events) => {
    const regulatorDue = dueIn(events)
    return { breachId, ...(regulatorDue ? { regulatorDue } : {}) }
  },
})

export const establishAwarenessDoor = doorOf('breach', establishAwareness, {
  path: 'breaches/:breachId/awareness',
  body: AwarenessBody,
  fields: { AWARE_BEFORE_DISCOVERY: 'awareAt' },
  answers: AwarenessAnswer,
  answer: ({ breachId }, events, { awareness }) => {
    const regulatorDue = dueIn(events) ?? awareness?.due
    if (!regulatorDue) throw new Error('Awareness was established, and nothing says when the regulator has to know')
    return { breachId, regulatorDue }
  },
})
