import type { SqlMigration } from '#kernel/migration'

/**
 * The log. Its tables belong to a role that the application does not have: the application may read, and execute the two append functions.
 * Payloads are canonical JSON text. Every append takes its positions from the one head row, locked until commit: position order is commit order.
 */
export const eventStoreMigrations: readonly SqlMigration[] = [{
  name: '0001-event-store',
  sql: `
create schema event_store authorization caseledger_event_store_owner;
set local role caseledger_event_store_owner;

create table event_store.head (
  only_one    boolean primary key default true check (only_one),
  position    bigint not null,
  recorded_at timestamptz(3) not null
) with (fillfactor = 10);
insert into event_store.head (position, recorded_at) values (0, '2020-01-01T00:00:00Z');

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

-- What was stored at this place before, if it is the same append: a repeat answers as the first time did.
create function event_store.stored_before(p_stream text, p_after bigint, p_ids uuid[]) returns bigint language sql stable as $$
  select max(position) from event_store.event
  where stream = p_stream and revision > p_after and revision <= p_after + cardinality(p_ids)
  having array_agg(id order by revision) = p_ids
$$;

create function event_store.append_one(p_stream text, p_expected bigint, p_id uuid, p_type text, p_data text, p_metadata text,
  out verdict text, out revision bigint, out "position" bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_actual bigint;
  v_recorded_at timestamptz(3);
begin
  update event_store.head h set position = h.position + 1, recorded_at = greatest(h.recorded_at, clock_timestamp())
    returning h.position, h.recorded_at into "position", v_recorded_at;
  select coalesce((select e.revision from event_store.event e where e.stream = p_stream order by e.revision desc limit 1), -1) into v_actual;
  if v_actual = p_expected then
    insert into event_store.event values ("position", p_stream, p_expected + 1, p_id, p_type, p_data, p_metadata, v_recorded_at);
    verdict := 'appended';
    revision := p_expected + 1;
    return;
  end if;
  "position" := event_store.stored_before(p_stream, p_expected, array[p_id]);
  verdict := case when "position" is null then 'conflict' else 'appended' end;
  revision := case when "position" is null then v_actual else p_expected + 1 end;
end $$;

-- A group of appends, one per stream, in one statement and one commit, each with its own verdict. Texts are joined by U+001E, which canonical JSON never holds.
create function event_store.append_group(p_streams text, p_expected bigint[], p_counts int[], p_ids uuid[], p_types text, p_data text, p_metadata text)
returns table (request int, verdict text, revision bigint, "position" bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_first bigint;
  v_recorded_at timestamptz(3);
begin
  update event_store.head h set position = h.position + cardinality(p_ids), recorded_at = greatest(h.recorded_at, clock_timestamp())
    returning h.position - cardinality(p_ids), h.recorded_at into v_first, v_recorded_at;
  return query
  with request as materialized (
    select r.i::int as i, r.stream, r.expected, r.n,
      (sum(r.n) over (order by r.i) - r.n)::int as skipped,
      coalesce((select e.revision from event_store.event e where e.stream = r.stream order by e.revision desc limit 1), -1) as actual
    from unnest(string_to_array(p_streams, E'\\x1e'), p_expected, p_counts) with ordinality as r (stream, expected, n, i)
  ), incoming as (
    select * from unnest(p_ids, string_to_array(p_types, E'\\x1e'), string_to_array(p_data, E'\\x1e'), string_to_array(p_metadata, E'\\x1e'))
      with ordinality as e (id, type, data, metadata, ord)
  ), inserted as (
    insert into event_store.event
    select v_first + e.ord, r.stream, r.expected + e.ord - r.skipped, e.id, e.type, e.data, e.metadata, v_recorded_at
    from request r join incoming e on e.ord > r.skipped and e.ord <= r.skipped + r.n
    where r.actual = r.expected
    order by e.ord
  ), judged as (
    select r.*, case when r.actual = r.expected then v_first + r.skipped + r.n
      else event_store.stored_before(r.stream, r.expected, p_ids[r.skipped + 1 : r.skipped + r.n]) end as at
    from request r
  )
  select j.i, case when j.at is null then 'conflict' else 'appended' end, case when j.at is null then j.actual else j.expected + j.n end, j.at
  from judged j;
end $$;

revoke all on all functions in schema event_store from public;
grant usage on schema event_store to caseledger_app;
grant select on all tables in schema event_store to caseledger_app;
grant execute on function event_store.append_one, event_store.append_group to caseledger_app;
reset role;
`,
}]
