import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { subjectRef } from '../invented.js'
import {
  DemographicDeclined,
  DemographicsRecorded,
  type DetailsEvent,
  EqualityOptOutEnded,
  EqualityOptOutReceived,
  HealthDataRecorded,
  OffenceDataRecorded,
  PersonalDetailsCorrected,
  PersonalDetailsRecorded,
  RecordedInError,
} from './events.js'

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
  PersonalDetailsCorrected: PersonalDetailsCorrected.of({
    ...details,
    category: 'EMP',
    fieldCodes: ['EMP.status'],
    values: { status: Personal.of('EMPLOYED') },
    supersedes: [inventedId(40)],
  }),
  DemographicsRecorded: DemographicsRecorded.of({
    ...details,
    category: 'DEM-RE',
    fieldCodes: ['DEM-RE.ethnicity'],
    values: { ethnicity: Personal.of('MIXED') },
  }),
  DemographicDeclined: DemographicDeclined.of({ subjectRef, category: 'DEM-RB', fieldCodes: ['DEM-RB.religion'] }),
  EqualityOptOutReceived: EqualityOptOutReceived.of({ subjectRef, channel: 'LETTER', receivedAt: at }),
  EqualityOptOutEnded: EqualityOptOutEnded.of({ subjectRef, channel: 'PHONE', saidAt: at }),
  OffenceDataRecorded: OffenceDataRecorded.of({
    ...details,
    category: 'CRM',
    fieldCodes: ['CRM.offences'],
    values: { offences: Personal.of('theft, seven years ago') },
    condition: 'para-2',
  }),
  RecordedInError: RecordedInError.of({
    subjectRef,
    withdrawn: inventedId(41),
    markedAt: at,
    reasons: Personal.of('it was about somebody else'),
  }),
} satisfies ExampleOfEach<DetailsEvent>
