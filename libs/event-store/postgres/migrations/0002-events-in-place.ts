import type { SqlMigration } from '#kernel/migration'

/**
 * Readers of the log begin after position 0, and readers of a stream at revision 0: an event before that would be seen by some and not by
 * others. A time that is none, or has more than four digits for its year, would be no time of a leaf.
 */
const isInPlace = "position >= 1 and revision >= 0 and recorded_at >= '1970-01-01Z' and recorded_at < '10000-01-01Z'"

export const eventsInPlace: SqlMigration = {
  name: '0002-events-in-place',
  sql: `alter table event_store.event add constraint event_in_place check (${isInPlace});`,
}
