import type { SqlMigration } from '#kernel/migration'

/**
 * Appends as before (0001), and checked: what was stored is read back when every trigger and rule is done with it, also those that would
 * wait for the commit. Where that is not what the caller sent, by the digest that it gave, or something else was stored beside it, nothing
 * is (CL001). The answer has the digest of what was stored, so that the caller compares, too. Of a group the digests stand one behind the
 * other.
 */
export const storedAsSent: SqlMigration = {
  name: '0003-stored-as-sent',
  sql: `
set local role caseledger_event_store_owner;
drop function event_store.append_one(text, bigint, uuid, text, text, text);
drop function event_store.append_group(text, bigint[], bigint[], boolean[], uuid[], text, text, text);

create function event_store.digest_of(e event_store.event) returns bytea language sql stable
return sha256(convert_to(e.stream || E'\\x1e' || e.revision::text || E'\\x1e' || e.id::text || E'\\x1e' || e.type || E'\\x1e' || e.data
  || E'\\x1e' || e.metadata, 'UTF8'));

create function event_store.append_one(p_stream text, p_expected bigint, p_id uuid, p_type text, p_data text, p_metadata text,
  p_digest bytea, out stored_at bigint, out digest bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_last bigint;
  v_recorded_at timestamptz(3);
  v_in_place boolean;
begin
  perform pg_advisory_xact_lock(7304);
  select e.position, e.recorded_at into v_last, v_recorded_at from event_store.event e order by e.position desc limit 1;
  if coalesce((select e.revision from event_store.event e where e.stream = p_stream order by e.revision desc limit 1), -1) <> p_expected
    then return;
  end if;
  stored_at := greatest(v_last, 0) + 1;
  v_recorded_at := greatest(v_recorded_at, clock_timestamp());
  insert into event_store.event values (stored_at, p_stream, p_expected + 1, p_id, p_type, p_data, p_metadata, v_recorded_at);
  set constraints all immediate;
  select string_agg(event_store.digest_of(e), '' order by e.position), bool_and(e.position = stored_at and e.recorded_at = v_recorded_at)
  into digest, v_in_place from event_store.event e where e.position >= stored_at;
  if digest is distinct from p_digest or not v_in_place then
    raise exception using errcode = 'CL001', message = 'what would be stored is not what was sent';
  end if;
end $$;

create function event_store.append_group(p_streams text, p_expected bigint[], p_revisions bigint[], p_many boolean[], p_ids uuid[],
  p_types text, p_data text, p_metadata text, p_digests bytea, out first bigint, out stored int[], out digests bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_recorded_at timestamptz(3);
  v_found int[];
  v_in_place boolean;
begin
  perform pg_advisory_xact_lock(7304);
  select e.position, e.recorded_at into first, v_recorded_at from event_store.event e order by e.position desc limit 1;
  first := greatest(first, 0);
  v_recorded_at := greatest(v_recorded_at, clock_timestamp());
  with inserted as (
    insert into event_store.event
    select first + e.ord, e.stream, e.revision, e.id, e.type, e.data, e.metadata, v_recorded_at
    from unnest(string_to_array(p_streams, E'\\x1e'), p_expected, p_revisions, p_many, p_ids, string_to_array(p_types, E'\\x1e'),
      string_to_array(p_data, E'\\x1e'), string_to_array(p_metadata, E'\\x1e'))
      with ordinality as e (stream, expected, revision, many, id, type, data, metadata, ord)
    where case when e.expected = -1 then true
        else (select true from event_store.event s where s.stream = e.stream and s.revision = e.expected limit 1) end
      and case when e.many then (select count(*) = 0 from event_store.event s where s.stream = e.stream and s.revision = e.expected + 1)
        else true end
    on conflict (stream, revision) do nothing
    returning (event.position - first)::int as nth
  )
  select coalesce(array_agg(nth order by nth), '{}') into stored from inserted;
  set constraints all immediate;
  select coalesce(array_agg((e.position - first)::int order by e.position), '{}'),
    coalesce(string_agg(event_store.digest_of(e), '' order by e.position), ''), bool_and(e.recorded_at = v_recorded_at)
  into v_found, digests, v_in_place from event_store.event e where e.position > first;
  if v_found <> stored or not v_in_place or digests <>
    (select coalesce(string_agg(substr(p_digests, 32 * nth - 31, 32), '' order by nth), '') from unnest(stored) as s (nth)) then
    raise exception using errcode = 'CL001', message = 'what would be stored is not what was sent';
  end if;
  if cardinality(stored) = cardinality(p_ids) then
    stored := null;
  elsif exists (
    select from unnest(string_to_array(p_streams, E'\\x1e'), p_expected) with ordinality as e (stream, expected, ord)
    where e.ord <> all (stored)
      and not exists (select from event_store.event s where s.stream = e.stream and s.revision = e.expected + 1 and s.position <= first)
      and (e.expected = -1 or exists (select from event_store.event s where s.stream = e.stream and s.revision = e.expected))
  ) then
    -- Nothing stood in its way.
    raise exception using errcode = 'CL001', message = 'what was sent would not be stored';
  end if;
end $$;

revoke all on function event_store.digest_of, event_store.append_one, event_store.append_group from public;
grant execute on function event_store.append_one, event_store.append_group to caseledger_app;
reset role;
`,
}
