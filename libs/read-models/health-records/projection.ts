import { personConcerns } from '#domain/person/person'
import { staffConcerns } from '#domain/staff/events'
import { nothing, rowProjection } from '#projections/projection'
import { healthRecordTable } from './table.js'

const { put, patch } = healthRecordTable
const { details, keys } = personConcerns

/** C18: what waits for whoever oversees health data. */
export const healthRecords = rowProjection({
  name: 'health-records',
  concerns: [details, keys, staffConcerns.organisation],
  tables: [healthRecordTable],
  on: {
    HealthDataRecorded: ({ subjectRef }, { recordedAt, position }) =>
      put({ subject_ref: subjectRef, state: 'WAITS', recorded_at: recordedAt, reviewed_at: null, position }),
    // What was corrected of it waits anew.
    PersonalDetailsCorrected: ({ subjectRef, category }, { recordedAt, position }) =>
      category === 'HLT' ? put({ subject_ref: subjectRef, state: 'WAITS', recorded_at: recordedAt, reviewed_at: null, position }) : [],
    PersonalDetailsRecorded: nothing,
    DemographicsRecorded: nothing,
    DemographicDeclined: nothing,
    EqualityOptOutReceived: nothing,
    EqualityOptOutEnded: nothing,
    OffenceDataRecorded: nothing,
    RecordedInError: nothing,
    HealthOversightReviewed: ({ subjects, reviewedAt }) =>
      subjects.map(subjectRef => patch(subjectRef, { state: 'REVIEWED', reviewed_at: reviewedAt })),
    ErasureFenced: ({ subjectRef, scopes }) => (scopes.includes('HLT') ? patch(subjectRef, { state: 'ERASED' }) : []),
    SubjectKeyCreated: nothing,
    SubjectKeyDestroyed: nothing,
    KeyRetired: nothing,
    RoleAppointed: nothing,
    RoleEnded: nothing,
  },
})
