import { command } from '#decider/command'
import type { ContactId } from './events.js'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { restsOn } from './contact-purpose.js'
import { type AtSafeTime, obstaclesTo } from './contact-rules.js'
import { ContactFailed, ContactMade } from './events.js'

export type RecordContact = Omit<DataOfEvent<typeof ContactMade>, 'against'> & {
  /** Of one that was planned. */
  readonly planned?: ContactId | undefined
  readonly outcome: 'REACHED' | DataOfEvent<typeof ContactFailed>['outcome']
}

/**
 * C57: that somebody was contacted, or that it was tried. It has happened, so it is never refused for what the person wished: what it was
 * against stands with it, for somebody to look at. What may still be refused is the plan.
 */
export const recordContact = command({
  name: 'RecordContact',
  clauses: ['C57', 'C58', 'C59'],
  says: 'Record that somebody was contacted, or that it was tried',
  aggregate: person,
  streamId: ({ subjectRef }: RecordContact) => subjectRef,
  capability: 'RECORD_BASICS',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['CON'],
  exemptFrom: [],
  refusals: ['NOT_FOUND'],
  decide:
    ({ planned, outcome, ...said }: RecordContact, at: AtSafeTime) =>
    person => {
      if (!person.intake.referral) return refused('NOT_FOUND')
      if (planned && !person.contact.planned.includes(planned)) return refused('NOT_FOUND')
      const contact = { ...said, contactId: planned ?? said.contactId, against: obstaclesTo(person, said, at) }
      const happened = outcome === 'REACHED' ? ContactMade.of(contact) : ContactFailed.of({ ...contact, outcome })
      return accept([{ ...happened, ...restsOn[said.about] }])
    },
})
