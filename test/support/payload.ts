import type { Payload } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'

/** However the store holds it; undefined for what is no JSON. */
export const jsonOf = (payload: Payload): JsonValue | undefined =>
  'json' in payload ? payload.json : 'canonical' in payload ? (JSON.parse(payload.canonical) as JsonValue) : undefined
