import { type At, type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { EmergencyDisclosureReviewed, type EmergencyOutcome } from './events.js'
import { emergencyPurpose } from './make-emergency-disclosure.js'

export type ReviewEmergencyDisclosure = {
  readonly disclosureId: DataOfEvent<typeof EmergencyDisclosureReviewed>['disclosureId']
  readonly subjectRef: SubjectRef
  readonly outcome: EmergencyOutcome
  readonly reasons: Personal<string>
}

/** C26: the Caldicott Guardian looks at it afterwards, with their reasons; never at one of their own, and once. */
export const reviewEmergencyDisclosure = command({
  name: 'ReviewEmergencyDisclosure',
  clauses: ['C26'],
  says: 'Review what was told in an emergency; never one’s own',
  aggregate: person,
  streamId: ({ subjectRef }: ReviewEmergencyDisclosure) => subjectRef,
  capability: 'REVIEW_EMERGENCY_DISCLOSURE',
  may: 'APPROVE',
  purpose: emergencyPurpose,
  basis: { art6: 'c' },
  categories: noCategories,
  // Nothing is told by it. It is found out also of somebody who was erased meanwhile, and under whatever policies came since.
  exemptFrom: ['W2', 'W3', 'W6'],
  refusals: ['NOT_FOUND', 'ALREADY_DECIDED', 'SELF_APPROVAL_FORBIDDEN'],
  decide:
    (review: ReviewEmergencyDisclosure, { actor, now }: At & By) =>
    ({ emergencies }) => {
      const emergency = emergencies.get(review.disclosureId)
      if (!emergency) return refused('NOT_FOUND')
      if (emergency.outcome !== undefined) return refused('ALREADY_DECIDED')
      if (emergency.madeBy === actor.id) return refused('SELF_APPROVAL_FORBIDDEN')
      return accept([EmergencyDisclosureReviewed.of({ ...review, reviewedAt: now })])
    },
})
