import type { SqlMigration } from '#kernel/migration'

/**
 * Epochs are told apart by the provider's key, not by number: after a restore another epoch may stand under the number that a process
 * knows, and what it wrapped there would never open.
 */
export const epochsByKey: SqlMigration = {
  name: '0004-epochs-by-key',
  sql: `
set local role caseledger_vault_owner;

drop function vault.mint(uuid[], uuid[], text[], int[], bytea[], text[]);
drop function vault.renew(uuid, uuid, uuid, int[], bytea, text);
drop function vault.reserve(uuid, uuid, text[], text[], int[], bytea[]);
drop function vault.find(text, int[], bytea[]);
drop function vault.assert_epochs(int[]);

-- A process whose idea of the live epochs is out of date is told so, before it writes or fails to find anything. Answers the open epoch.
create function vault.assert_epochs(p_epoch_keys uuid[]) returns int language plpgsql as $$
declare live uuid[]; newest int;
begin
  select array_agg(e.provider_key_id order by e.epoch), max(e.epoch) into live, newest
    from (select epoch, provider_key_id from vault.epoch where state <> 'DESTROYED' order by epoch for share) e;
  if live is distinct from p_epoch_keys then raise exception 'the epochs have moved' using errcode = 'CLE01'; end if;
  return newest;
end $$;

create function vault.mint(p_kids uuid[], p_subjects uuid[], p_scopes text[], p_epoch_keys uuid[], p_wrapped bytea[], p_kcs text[])
returns setof vault.data_key language plpgsql as $$
declare newest int := vault.assert_epochs(p_epoch_keys);
begin
  perform pg_advisory_xact_lock(hashtextextended(s::text, 1)) from (select distinct s from unnest(p_subjects) s order by s) locked;
  insert into vault.data_key (kid, subject, scope, generation, epoch, wrapped, kc)
    select n.kid, n.subject, n.scope, 1, newest, n.wrapped, n.kc
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
create function vault.renew(p_kid uuid, p_subject uuid, p_fresh uuid, p_epoch_keys uuid[], p_wrapped bytea, p_kc text) returns boolean language plpgsql as $$
declare old vault.data_key; newest int := vault.assert_epochs(p_epoch_keys);
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  select * into old from vault.data_key where kid = p_kid;
  if old is null or exists (select from vault.closed_scope c where c.subject = p_subject and c.scope = old.scope) then return false; end if;
  insert into vault.data_key (kid, subject, scope, generation, epoch, wrapped, kc)
    values (p_fresh, p_subject, old.scope, old.generation + 1, newest, p_wrapped, p_kc)
    on conflict (subject, scope, generation) do nothing;
  return true;
end $$;

-- Tokens come field by field, each for every live epoch, oldest first; the oldest one's lock keeps two referrals of one person apart.
create function vault.reserve(p_command uuid, p_subject uuid, p_fields text[], p_scopes text[], p_epoch_keys uuid[], p_tokens bytea[])
returns table (subject uuid, field text, reserved_at timestamptz, closed text) language plpgsql as $$
declare newest int := vault.assert_epochs(p_epoch_keys); live int := cardinality(p_epoch_keys);
begin
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
    select n.field, p_tokens[n.nth * live], p_subject, n.scope, p_command, newest from unnest(p_fields, p_scopes) with ordinality as n (field, scope, nth)
    where not exists (select from vault.blind_index b where b.subject = p_subject and b.field = n.field and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)]))
    on conflict on constraint blind_index_pkey do nothing;
end $$;

create function vault.find(p_field text, p_epoch_keys uuid[], p_tokens bytea[])
returns table (subject uuid, reserved_at timestamptz) language plpgsql as $$
begin
  perform vault.assert_epochs(p_epoch_keys);
  return query select b.subject, min(b.reserved_at)::timestamptz from vault.blind_index b where b.field = p_field and b.token = any (p_tokens) group by b.subject order by 2 limit 50;
end $$;

revoke all on all functions in schema vault from public;
grant execute on all functions in schema vault to caseledger_vault;
reset role;
`,
}
