import { breachConcerns } from '#domain/breach/events'
import { type Table, nothing, rowProjection } from '#projections/projection'
import { clear, maybe, sealed } from '#projections/table'
import { envelopeOf } from '#projections/sealed'

/** The narrative is sealed under the breach's own key: `subject` is the breach, so no person's erasure touches it. */
export const breachTable: Table = {
  name: 'breach_register',
  key: 'breach_id',
  subject: 'breach_id',
  columns: {
    breach_id: clear('uuid'),
    state: clear('text'),
    kind: clear('text'),
    discovered_at: clear('timestamptz(3)'),
    aware_at: maybe('timestamptz(3)'),
    target: maybe('timestamptz(3)'),
    due_limit: maybe('timestamptz(3)'),
    affected: clear('text[]'),
    approx_people: maybe('int'),
    approx_records: maybe('int'),
    categories: clear('text[]'),
    summary: sealed(),
    reported_by: clear('uuid'),
    reported_at: clear('timestamptz(3)'),
    position: clear('bigint'),
  },
  indexes: [['position']],
}

export const breachRegister = rowProjection({
  name: 'breach-register',
  concerns: [breachConcerns.breach],
  tables: [breachTable],
  on: {
    BreachReported: (
      { breachId, kind, discoveredAt, affected, approxPeople, approxRecords, categories, summary },
      { actor, occurredAt, position },
    ) => [
      {
        table: breachTable,
        put: {
          breach_id: breachId,
          state: 'REPORTED',
          kind,
          discovered_at: discoveredAt,
          affected,
          approx_people: approxPeople ?? null,
          approx_records: approxRecords ?? null,
          categories,
          summary: envelopeOf(summary),
          reported_by: actor.id,
          reported_at: occurredAt,
          position,
        },
      },
    ],
    AwarenessEstablished: ({ breachId, awareAt, target, limit }) => [
      { table: breachTable, patch: { breach_id: breachId, aware_at: awareAt, target, due_limit: limit } },
    ],
    BreachKeyCreated: nothing,
  },
})
