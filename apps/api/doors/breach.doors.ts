import { reportBreach } from '#domain/breach/report-breach'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { BreachAnswer } from '../answers.js'
import { BreachBody } from '../bodies/breach.js'

export const reportBreachDoor = doorOf('breach', reportBreach, {
  path: 'breaches',
  creates: true,
  body: BreachBody,
  input: ({ summary, affected = [], ...body }, _, mint) => ({ ...body, breachId: mint('breach'), affected, summary: Personal.of(summary) }),
  answers: BreachAnswer,
  answer: ({ breachId }, events) => {
    const aware = events.find(event => event.type === 'AwarenessEstablished')
    return { breachId, ...(aware ? { regulatorDue: { target: aware.data.target, limit: aware.data.limit } } : {}) }
  },
})
