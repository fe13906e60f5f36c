import type { SqlMigration } from '#kernel/migration'
import { eventsInPlace } from './migrations/0002-events-in-place.js'
import { storedAsSent } from './migrations/0003-stored-as-sent.js'
import { betweenFirstAndLast } from './migrations/0004-between-first-and-last.js'

/**
 * The log. Its tables belong to a role that the application does not have: the application may read, and execute the two append functions.
 * Payloads are canonical JSON text. Every append takes one lock until its commit, and the positions after the last event: position order
 * is commit order (ADR 3).
 */
export const eventStoreMigrations: readonly SqlMigration[] = [
  {
    name: '0001-event-store',
    sql: `
create schema event_store authorization caseledger_event_store_owner;
set local role caseledger_event_store_owner;

create table event_store.event (
  position    bigint primary key,
  stream      text collate "C" not null,
  revision    bigint not null,
  id          uuid not null,
  type        text not null,
  data        text not null,
  metadata    text not null,
  recorded_at timestamptz(3) not null,
  unique (stream, revision)
);

-- The fast path: one append of one event. Answers its position, or null where the stream is not at the expected revision.
create function event_store.append_one(p_stream text, p_expected bigint, p_id uuid, p_type text, p_data text, p_metadata text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_position bigint;
  v_recorded_at timestamptz(3);
begin
  perform pg_advisory_xact_lock(7304);
  select e.position, e.recorded_at into v_position, v_recorded_at from event_store.event e order by e.position desc limit 1;
  if coalesce((select e.revision from event_store.event e where e.stream = p_stream order by e.revision desc limit 1), -1) <> p_expected then return null; end if;
  insert into event_store.event values (coalesce(v_position, 0) + 1, p_stream, p_expected + 1, p_id, p_type, p_data, p_metadata, greatest(v_recorded_at, clock_timestamp()));
  return coalesce(v_position, 0) + 1;
end $$;

-- A group of appends, one per stream, in one statement and one commit. The nth event got the position first + n; "stored" lists the n that were stored, null for
-- all of them. An append whose events are not among them met another revision than it expected. All lists are by event; texts are joined by U+001E, which
-- canonical JSON never holds. An append of one event needs its predecessor, and the unique key does the rest; one of several (p_many) also needs that its first
-- revision is free, so that it is all or nothing.
-- The plan is generic: planning anew costs as much as a commit. The subselects are scalar, so that none becomes a scan of the whole log.
create function event_store.append_group(p_streams text, p_expected bigint[], p_revisions bigint[], p_many boolean[], p_ids uuid[], p_types text, p_data text, p_metadata text,
  out first bigint, out stored int[])
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_recorded_at timestamptz(3);
begin
  perform pg_advisory_xact_lock(7304);
  select e.position, e.recorded_at into first, v_recorded_at from event_store.event e order by e.position desc limit 1;
  first := coalesce(first, 0);
  v_recorded_at := greatest(v_recorded_at, clock_timestamp());
  with inserted as (
  insert into event_store.event
  select first + e.ord, e.stream, e.revision, e.id, e.type, e.data, e.metadata, v_recorded_at
  from unnest(string_to_array(p_streams, E'\\x1e'), p_expected, p_revisions, p_many, p_ids, string_to_array(p_types, E'\\x1e'), string_to_array(p_data, E'\\x1e'),
    string_to_array(p_metadata, E'\\x1e')) with ordinality as e (stream, expected, revision, many, id, type, data, metadata, ord)
  where case when e.expected = -1 then true else (select true from event_store.event s where s.stream = e.stream and s.revision = e.expected limit 1) end
    and case when e.many then (select count(*) = 0 from event_store.event s where s.stream = e.stream and s.revision = e.expected + 1) else true end
  on conflict (stream, revision) do nothing
  returning (event.position - first)::int as nth
  )
  select case when count(*) < cardinality(p_ids) then coalesce(array_agg(nth), '{}') end into stored from inserted;
end $$;

revoke all on all functions in schema event_store from public;
grant usage on schema event_store to caseledger_app;
grant select on all tables in schema event_store to caseledger_app;
grant execute on function event_store.append_one, event_store.append_group to caseledger_app;
reset role;
`,
  },
  eventsInPlace,
  storedAsSent,
  betweenFirstAndLast,
]
