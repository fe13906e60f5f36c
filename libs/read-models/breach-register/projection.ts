import { breachConcerns } from '#domain/breach/events'
import { nothing, rowProjection } from '#projections/projection'
import { envelopeOf } from '#event-codec/sealed'
import { breachTable } from './table.js'

const { put, patch } = breachTable

export const breachRegister = rowProjection({
  name: 'breach-register',
  concerns: [breachConcerns.breach],
  tables: [breachTable],
  on: {
    BreachReported: (
      { breachId, kind, discoveredAt, affected, approxPeople, approxRecords, categories, summary },
      { actor, occurredAt, position },
    ) =>
      put({
        breach_id: breachId,
        state: 'REPORTED',
        kind,
        discovered_at: discoveredAt,
        aware_at: null,
        target: null,
        due_limit: null,
        affected,
        approx_people: approxPeople ?? null,
        approx_records: approxRecords ?? null,
        categories,
        summary: envelopeOf(summary),
        reported_by: actor.id,
        reported_at: occurredAt,
        position,
      }),
    AwarenessEstablished: ({ breachId, awareAt, target, limit }) => patch(breachId, { aware_at: awareAt, target, due_limit: limit }),
    BreachKeyCreated: nothing,
  },
})
