import { breachConcerns } from '#domain/breach/events'
import { nothing, rowProjection } from '#projections/projection'
import { envelopeOf } from '#event-codec/sealed'
import { affectedTable, breachTable } from './table.js'

const { put, patch } = breachTable
/** As many as an event names: each has a place of its own in the order of the log. */
const placesOfAnEvent = 10_000n

export const breachRegister = rowProjection({
  name: 'breach-register',
  concerns: [breachConcerns.breach],
  tables: [breachTable, affectedTable],
  on: {
    BreachReported: (
      { breachId, kind, discoveredAt, affected, approxPeople, approxRecords, categories, summary },
      { actor, recordedAt, position },
    ) => [
      put({
        breach_id: breachId,
        state: 'REPORTED',
        kind,
        discovered_at: discoveredAt,
        aware_at: null,
        target: null,
        due_limit: null,
        affected: affected.length,
        approx_people: approxPeople ?? null,
        approx_records: approxRecords ?? null,
        categories,
        summary: envelopeOf(summary),
        reported_by: actor.id,
        reported_at: recordedAt,
        position,
      }),
      ...affected.map((subjectRef, n) =>
        affectedTable.put({
          row_id: `${breachId}/${subjectRef}`,
          breach_id: breachId,
          subject_ref: subjectRef,
          position: position * placesOfAnEvent + BigInt(n),
        }),
      ),
    ],
    AwarenessEstablished: ({ breachId, awareAt, target, limit }) => patch(breachId, { aware_at: awareAt, target, due_limit: limit }),
    BreachKeyCreated: nothing,
  },
})
