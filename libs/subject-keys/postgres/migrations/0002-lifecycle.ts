import type { SqlMigration } from '#kernel/migration'

/** Epochs that follow each other, keys that were lost, generations, and how far the vault has heard the log. */
export const lifecycle: SqlMigration = {
  name: '0002-lifecycle',
  sql: `
set local role caseledger_vault_owner;

alter table vault.blind_index add column epoch int not null default 1 references vault.epoch;
alter table vault.blind_index alter column epoch drop default;
create index blind_index_by_epoch on vault.blind_index (epoch);
create index data_key_by_epoch on vault.data_key (epoch);

-- Announced on the log, fenced nowhere, and not here: lost, not erased. Never minted again.
create table vault.lost_key (
  kid        uuid primary key,
  subject    uuid not null,
  scope      text not null,
  generation int not null,
  noticed_at timestamptz(3) not null default clock_timestamp()
);
create index lost_key_by_slot on vault.lost_key (subject, scope);

-- How far this vault has heard what the log and the revocation journal say.
create table vault.gate (
  one            boolean primary key default true check (one),
  position       bigint not null,
  event_id       uuid not null,
  journal_offset bigint not null,
  passed_at      timestamptz(3) not null default clock_timestamp()
);

-- A process whose idea of the live epochs is out of date is told so, before it writes or fails to find anything.
create function vault.assert_epochs(p_epochs int[]) returns void language plpgsql as $$
declare live int[];
begin
  select array_agg(e.epoch order by e.epoch) into live from (select epoch from vault.epoch where state <> 'DESTROYED' order by epoch for share) e;
  if live is distinct from p_epochs then raise exception 'the epochs have moved' using errcode = 'CLE01'; end if;
end $$;

drop function vault.mint(uuid[], uuid[], text[], int, bytea[], text[]);
create function vault.mint(p_kids uuid[], p_subjects uuid[], p_scopes text[], p_epochs int[], p_wrapped bytea[], p_kcs text[])
returns setof vault.data_key language plpgsql as $$
begin
  perform vault.assert_epochs(p_epochs);
  perform pg_advisory_xact_lock(hashtextextended(s::text, 1)) from (select distinct s from unnest(p_subjects) s order by s) locked;
  insert into vault.data_key (kid, subject, scope, generation, epoch, wrapped, kc)
    select n.kid, n.subject, n.scope, 1, p_epochs[cardinality(p_epochs)], n.wrapped, n.kc
    from unnest(p_kids, p_subjects, p_scopes, p_wrapped, p_kcs) as n (kid, subject, scope, wrapped, kc)
    where not exists (select from vault.closed_scope c where c.subject = n.subject and c.scope = n.scope)
      and not exists (select from vault.lost_key l where l.subject = n.subject and l.scope = n.scope)
    on conflict (subject, scope, generation) do nothing;
  return query
    select distinct on (k.subject, k.scope) k.* from vault.data_key k
    join unnest(p_subjects, p_scopes) as n (subject, scope) on k.subject = n.subject and k.scope = n.scope
    where not exists (select from vault.lost_key l where l.subject = k.subject and l.scope = k.scope and l.generation >= k.generation)
    order by k.subject, k.scope, k.generation desc;
end $$;

-- The next generation of a key, once: two that renew the same key get the same new one. False past a fence.
create function vault.renew(p_kid uuid, p_subject uuid, p_fresh uuid, p_epochs int[], p_wrapped bytea, p_kc text) returns boolean language plpgsql as $$
declare old vault.data_key;
begin
  perform vault.assert_epochs(p_epochs);
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  select * into old from vault.data_key where kid = p_kid;
  if old is null or exists (select from vault.closed_scope c where c.subject = p_subject and c.scope = old.scope) then return false; end if;
  insert into vault.data_key (kid, subject, scope, generation, epoch, wrapped, kc)
    values (p_fresh, p_subject, old.scope, old.generation + 1, p_epochs[cardinality(p_epochs)], p_wrapped, p_kc)
    on conflict (subject, scope, generation) do nothing;
  return true;
end $$;

drop function vault.close(uuid, text[], uuid[], uuid);
create function vault.close(p_subject uuid, p_scopes text[], p_kids uuid[], p_fence uuid)
returns table (gone uuid[], keys_found int, is_news boolean) language plpgsql as $$
declare closings int; found_keys int;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  insert into vault.closed_scope (subject, scope, fence) select p_subject, s, p_fence from unnest(p_scopes) s on conflict do nothing;
  get diagnostics closings = row_count;
  insert into vault.destroyed_key (kid, subject, fence)
    select k.kid, p_subject, p_fence from vault.data_key k where k.subject = p_subject and k.scope = any (p_scopes)
    union select kid, p_subject, p_fence from unnest(p_kids) kid
    on conflict do nothing;
  delete from vault.data_key where subject = p_subject and (scope = any (p_scopes) or kid = any (p_kids));
  get diagnostics found_keys = row_count;
  delete from vault.lost_key where subject = p_subject and scope = any (p_scopes);
  delete from vault.blind_index where subject = p_subject and scope = any (p_scopes);
  return query select coalesce(array_agg(d.kid), '{}'), found_keys, closings + found_keys > 0 from vault.destroyed_key d where d.subject = p_subject;
end $$;

-- Tokens come field by field, each for every live epoch, oldest first; the oldest one's lock keeps two referrals of one person apart.
drop function vault.reserve(uuid, uuid, text[], bytea[], text[]);
create function vault.reserve(p_command uuid, p_subject uuid, p_fields text[], p_scopes text[], p_epochs int[], p_tokens bytea[])
returns table (subject uuid, field text, reserved_at timestamptz, closed text) language plpgsql as $$
declare live int := cardinality(p_epochs);
begin
  perform vault.assert_epochs(p_epochs);
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  perform pg_advisory_xact_lock(hashtextextended(encode(t, 'hex'), 2)) from (select distinct t from unnest(p_tokens) t order by t) locked;
  return query select c.subject, null::text, c.closed_at::timestamptz, c.scope from vault.closed_scope c where c.subject = p_subject and c.scope = any (p_scopes);
  if found then return; end if;
  return query
    select distinct b.subject, b.field, b.reserved_at::timestamptz, null::text from vault.blind_index b
    join unnest(p_fields) with ordinality as n (field, nth) on b.field = n.field and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)])
    where b.subject <> p_subject;
  update vault.blind_index b set reserved_at = clock_timestamp() from unnest(p_fields) with ordinality as n (field, nth)
    where b.subject = p_subject and b.field = n.field and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)]);
  insert into vault.blind_index (field, token, subject, scope, command_id, epoch)
    select n.field, p_tokens[n.nth * live], p_subject, n.scope, p_command, p_epochs[live] from unnest(p_fields, p_scopes) with ordinality as n (field, scope, nth)
    where not exists (select from vault.blind_index b where b.subject = p_subject and b.field = n.field and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)]))
    on conflict on constraint blind_index_pkey do nothing;
end $$;

create function vault.find(p_field text, p_epochs int[], p_tokens bytea[])
returns table (subject uuid, reserved_at timestamptz) language plpgsql as $$
begin
  perform vault.assert_epochs(p_epochs);
  return query select b.subject, min(b.reserved_at)::timestamptz from vault.blind_index b where b.field = p_field and b.token = any (p_tokens) group by b.subject order by 2 limit 50;
end $$;

revoke all on all functions in schema vault from public;
grant select on all tables in schema vault to caseledger_vault;
grant insert, update, delete on vault.lost_key, vault.gate to caseledger_vault;
grant execute on all functions in schema vault to caseledger_vault;
reset role;
`,
}
