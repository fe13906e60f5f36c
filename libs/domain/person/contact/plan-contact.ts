import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { deathIn } from '../standing/facts.js'
import { restsOn } from './contact-purpose.js'
import { type AtSafeTime, goesDespite, obstaclesTo } from './contact-rules.js'
import { ContactPlanned, contactObstacles } from './events.js'

export type PlanContact = Omit<DataOfEvent<typeof ContactPlanned>, 'despite'>

/** C57 to C59: whether somebody may be contacted so, asked before it happens. What goes ahead despite a wish says so. */
export const planContact = command({
  name: 'PlanContact',
  clauses: ['C57', 'C58', 'C59'],
  says: 'Plan to contact somebody, as they allow it',
  aggregate: person,
  streamId: ({ subjectRef }: PlanContact) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['CON'],
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'PERSON_HAS_DIED', ...contactObstacles],
  decide: (plan: PlanContact, at: AtSafeTime) => person => {
    if (!person.intake.referral) return refused('NOT_FOUND')
    if (deathIn(person.facts)) return refused('PERSON_HAS_DIED')
    const obstacles = obstaclesTo(person, plan, at)
    const [first, ...also] = obstacles.filter(obstacle => !goesDespite(plan, obstacle))
    if (first) return { ok: false, refusal: { code: first, ...(also.length > 0 ? { also } : {}) } }
    return accept([{ ...ContactPlanned.of({ ...plan, despite: obstacles }), ...restsOn[plan.about] }])
  },
})
