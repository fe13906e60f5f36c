import type { JsonObject } from '#kernel/json'
import type { RecordedEvent } from '../event-store.js'

/** An event as its table holds it: payloads are canonical JSON text. */
export type Row = { position: string; stream: string; revision: string; id: string; type: string; data: string; metadata: string; recorded_at: Date }

export const recorded = (row: Row): RecordedEvent => ({
  id: row.id, type: row.type, stream: row.stream, revision: BigInt(row.revision), position: BigInt(row.position), recordedAt: row.recorded_at.toISOString(),
  data: JSON.parse(row.data) as JsonObject, metadata: JSON.parse(row.metadata) as JsonObject,
})
