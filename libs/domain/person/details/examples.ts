import type { ExampleOfEach } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import { type DetailsEvent, HealthDataRecorded, PersonalDetailsRecorded } from './events.js'

const details = { subjectRef, provenance: 'PERSON' } as const

/** One example of every event of this concern, every optional field filled. */
export const detailsExamples = {
  PersonalDetailsRecorded: PersonalDetailsRecorded.of({
    ...details,
    category: 'EMP',
    fieldCodes: ['EMP.status'],
    values: { status: Personal.of('UNEMPLOYED') },
  }),
  HealthDataRecorded: HealthDataRecorded.of({
    ...details,
    category: 'HLT',
    fieldCodes: ['HLT.summary'],
    values: { summary: Personal.of('in recovery') },
  }),
} satisfies ExampleOfEach<DetailsEvent>
