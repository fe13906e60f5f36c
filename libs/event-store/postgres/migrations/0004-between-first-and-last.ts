import type { SqlMigration } from '#kernel/migration'

/** No event stands behind this position (2^52 - 1): every position that an append can still give is a number that JSON keeps. */
export const lastPosition = 2n ** 52n - 1n

/**
 * Where an event may stand: as 0002 has it, and not so far up that no position is left for the next one. Whoever brings a database up to
 * date says first, in words, where there is another (events-in-place.ts).
 */
export const isInPlace = `position >= 1 and position <= ${lastPosition} and revision >= 0
  and recorded_at >= '1970-01-01Z' and recorded_at < '10000-01-01Z'`

/**
 * The constraint of 0002 gets an upper bound. And the append functions find their rows by an index, always: a plan that was made while the
 * log held a few pages read all of it, and a connection keeps its plans, so that each append took longer than the one before.
 */
export const betweenFirstAndLast: SqlMigration = {
  name: '0004-between-first-and-last',
  sql: `
alter table event_store.event drop constraint if exists event_in_place, add constraint event_in_place check (${isInPlace});
set local role caseledger_event_store_owner;
alter function event_store.append_one(text, bigint, uuid, text, text, text, bytea) set enable_seqscan = off;
alter function event_store.append_group(text, bigint[], bigint[], boolean[], uuid[], text, text, text, bytea) set enable_seqscan = off;
reset role;
`,
}
