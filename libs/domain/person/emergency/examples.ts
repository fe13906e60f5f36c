import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { EmergencyDisclosureMade, EmergencyDisclosureReviewed, type EmergencyEvent } from './events.js'

const disclosureId: Parameters<typeof EmergencyDisclosureMade.of>[0]['disclosureId'] = inventedId(11)

/** One example of every event of this concern, every optional field filled. */
export const emergencyExamples = {
  EmergencyDisclosureMade: EmergencyDisclosureMade.of({
    disclosureId,
    subjectRef,
    madeAt: at,
    recipient: 'AMBULANCE',
    recipientContact: Personal.of('Odalys Brandt at the ambulance control room'),
    method: 'PHONE',
    categories: ['ID', 'HLT'],
    fields: ['ID.name', 'HLT.summary'],
    told: Personal.of('that she had taken something an hour before'),
    otherFields: Personal.of('ID.doorCode'),
    necessity: Personal.of('She did not answer and had spoken of ending her life.'),
    abilityToConsent: 'NOT_ABLE',
    basis: { art6: 'd', art9: '9-2-c', sch1: 'para-30' },
    notification: 'INFORM_AFTER',
    matrixVersion: 'DEMO-1',
    reviewItems: ['FIELD_NOT_HELD'],
    reviewDue: '2026-01-02',
    calendarVersion: 'DEMO-1',
  }),
  EmergencyDisclosureReviewed: EmergencyDisclosureReviewed.of({
    disclosureId,
    subjectRef,
    outcome: 'NECESSARY',
    reasons: Personal.of('a life was at stake'),
    reviewedAt: at,
  }),
} satisfies ExampleOfEach<EmergencyEvent>
