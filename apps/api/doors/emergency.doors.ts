import { makeEmergencyDisclosure } from '#domain/person/emergency/make-emergency-disclosure'
import { reviewEmergencyDisclosure } from '#domain/person/emergency/review-emergency-disclosure'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { EmergencyDisclosureAnswer, EmergencyReviewAnswer } from '../answers.js'
import { EmergencyDisclosureBody, EmergencyReviewBody, emergencyIn } from '../bodies/emergency.js'
import { sharingPolicyOf } from '#commands/sharing-policy'

const tag = 'disclosure'

export const emergencyDisclosureDoor = doorOf(tag, makeEmergencyDisclosure, {
  path: 'subjects/:subjectRef/emergency-disclosures',
  creates: ({ receipt }) => receipt,
  body: EmergencyDisclosureBody,
  input: (body, ids, mint) => ({ ...emergencyIn(body), ...ids, disclosureId: mint('disclosure') }),
  facts: policy => ({ policy: sharingPolicyOf(policy), schemas: policy.fields, calendar: policy.calendar }),
  answers: EmergencyDisclosureAnswer,
  answer: ({ subjectRef, disclosureId }, events, { emergencies }) => {
    const made = events.find(event => event.type === 'EmergencyDisclosureMade')
    return {
      subjectRef,
      disclosureId,
      state: 'SENT' as const,
      reviewDue: made?.data.reviewDue ?? emergencies.get(disclosureId)?.reviewDue ?? '',
      receipt: `/v1/disclosures/${disclosureId}/receipt`,
    }
  },
})

export const emergencyReviewDoor = doorOf(tag, reviewEmergencyDisclosure, {
  path: 'subjects/:subjectRef/emergency-disclosures/:disclosureId/review',
  body: EmergencyReviewBody,
  input: ({ reasons, ...body }, ids) => ({ ...body, ...ids, reasons: Personal.of(reasons) }),
  answers: EmergencyReviewAnswer,
  answer: ({ subjectRef, disclosureId, outcome }) => ({ subjectRef, disclosureId, outcome }),
})
