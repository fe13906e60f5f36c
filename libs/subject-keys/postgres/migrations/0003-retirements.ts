import type { SqlMigration } from '#kernel/migration'

/** Keys whose replacement an older log does not hold. */
export const retirements: SqlMigration = {
  name: '0003-retirements',
  sql: `
set local role caseledger_vault_owner;

-- With a key that sealed an erased field goes everything that its scope is found by: the token of that field is among it, and nobody can tell which one it is.
drop function vault.close(uuid, text[], uuid[], uuid);
create function vault.close(p_subject uuid, p_scopes text[], p_kids uuid[], p_fence uuid, p_field_erased boolean)
returns table (gone uuid[], closed_now uuid[], keys_found int, is_news boolean) language plpgsql as $$
declare closings int; found_keys int; named uuid[];
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  insert into vault.closed_scope (subject, scope, fence) select p_subject, s, p_fence from unnest(p_scopes) s on conflict do nothing;
  get diagnostics closings = row_count;
  select coalesce(array_agg(kid), '{}') into named from (
    select k.kid from vault.data_key k where k.subject = p_subject and k.scope = any (p_scopes)
    union select l.kid from vault.lost_key l where l.subject = p_subject and l.scope = any (p_scopes) union select unnest(p_kids)) n (kid);
  insert into vault.destroyed_key (kid, subject, fence) select kid, p_subject, p_fence from unnest(named) kid on conflict do nothing;
  if p_field_erased then
    delete from vault.blind_index b using vault.data_key k where k.subject = p_subject and k.kid = any (named) and b.subject = p_subject and b.scope = k.scope;
  end if;
  delete from vault.data_key where subject = p_subject and kid = any (named);
  get diagnostics found_keys = row_count;
  delete from vault.lost_key where subject = p_subject and (scope = any (p_scopes) or kid = any (named));
  delete from vault.blind_index where subject = p_subject and scope = any (p_scopes);
  return query select coalesce(array_agg(d.kid), '{}'), named, found_keys, closings + found_keys > 0 from vault.destroyed_key d where d.subject = p_subject;
end $$;

-- A key whose replacement the log lost. The vault's role may not take back a destruction by itself.
create function vault.reinstate(p_kid uuid, p_subject uuid, p_scope text, p_generation int, p_goes_on boolean)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  if exists (select from vault.closed_scope c where c.subject = p_subject and c.scope = p_scope) then return; end if;
  delete from vault.destroyed_key where kid = p_kid and subject = p_subject;
  if p_goes_on and exists (select from vault.data_key where kid = p_kid) then return; end if;
  delete from vault.data_key where kid = p_kid and subject = p_subject;
  -- What a later generation seals is found by tokens of its own, from which an erased field's is gone already.
  delete from vault.blind_index b where b.subject = p_subject and b.scope = p_scope
    and not exists (select from vault.data_key k where k.subject = p_subject and k.scope = p_scope and k.generation > p_generation);
  insert into vault.lost_key (kid, subject, scope, generation) values (p_kid, p_subject, p_scope, p_generation) on conflict do nothing;
end $$;

revoke all on all functions in schema vault from public;
grant execute on all functions in schema vault to caseledger_vault;
reset role;
`,
}
