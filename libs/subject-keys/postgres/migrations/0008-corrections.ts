import type { SqlMigration } from '#kernel/migration'

/**
 * What a command enters is its own: a value that a correction takes away and another brings back is told from the one that was taken away.
 * Whoever is found learns who entered the value and who entered another one since; the log says which of them stands.
 */
export const corrections: SqlMigration = {
  name: '0008-corrections',
  sql: `
set local role caseledger_vault_owner;

alter table vault.blind_index drop constraint blind_index_pkey;
alter table vault.blind_index add constraint blind_index_pkey primary key (field, token, subject, command_id);

-- The entries of one thing that people are found by, as it is entered now and as it was before.
create function vault.entries_like(p_field text) returns text[] language sql immutable as $$
  select case when p_field in ('nameAndDateOfBirth', 'foldedNameAndDateOfBirth')
    then array['nameAndDateOfBirth', 'foldedNameAndDateOfBirth'] else array[p_field] end
$$;

-- The commands that entered something else for the same of the same person since.
create function vault.entered_later(p_subject uuid, p_field text, p_command uuid, p_at timestamptz) returns uuid[] language sql stable as $$
  select coalesce(array_agg(distinct o.command_id), '{}') from vault.blind_index o
  where o.subject = p_subject and o.field = any (vault.entries_like(p_field)) and o.reserved_at > p_at and o.command_id <> p_command
$$;

-- Tokens come field by field, each for every live epoch, oldest first; the oldest one's lock keeps two referrals of one person apart.
drop function vault.reserve(uuid, uuid, text[], text[], uuid[], bytea[]);
create function vault.reserve(p_command uuid, p_subject uuid, p_fields text[], p_scopes text[], p_epoch_keys uuid[], p_tokens bytea[])
returns table (subject uuid, field text, reserved_at timestamptz, command_id uuid, later uuid[], closed text) language plpgsql as $$
#variable_conflict use_column
declare newest int := vault.assert_epochs(p_epoch_keys); live int := cardinality(p_epoch_keys);
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  perform pg_advisory_xact_lock(hashtextextended(encode(t, 'hex'), 2)) from (select distinct t from unnest(p_tokens) t order by t) locked;
  return query select c.subject, null::text, c.closed_at::timestamptz, null::uuid, null::uuid[], c.scope
    from vault.closed_scope c where c.subject = p_subject and c.scope = any (p_scopes);
  if found then return; end if;
  return query
    select distinct b.subject, b.field, b.reserved_at, b.command_id,
      vault.entered_later(b.subject, b.field, b.command_id, b.reserved_at), null::text
    from vault.blind_index b
    join unnest(p_fields) with ordinality as n (field, nth)
      on b.field = n.field and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)])
    where b.subject <> p_subject;
  update vault.blind_index b set reserved_at = clock_timestamp() from unnest(p_fields) with ordinality as n (field, nth)
    where b.subject = p_subject and b.command_id = p_command and b.field = n.field
      and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)]);
  insert into vault.blind_index (field, token, subject, scope, command_id, epoch)
    select n.field, p_tokens[n.nth * live], p_subject, n.scope, p_command, newest
    from unnest(p_fields, p_scopes) with ordinality as n (field, scope, nth)
    where not exists (select from vault.blind_index b where b.subject = p_subject and b.command_id = p_command and b.field = n.field
      and b.token = any (p_tokens[((n.nth - 1) * live + 1):(n.nth * live)]))
    on conflict on constraint blind_index_pkey do nothing;
end $$;

drop function vault.find(text, uuid[], bytea[]);
create function vault.find(p_field text, p_epoch_keys uuid[], p_tokens bytea[])
returns table (subject uuid, reserved_at timestamptz, command_id uuid, later uuid[]) language plpgsql as $$
#variable_conflict use_column
begin
  perform vault.assert_epochs(p_epoch_keys);
  return query
    select b.subject, b.reserved_at, b.command_id, vault.entered_later(b.subject, b.field, b.command_id, b.reserved_at)
    from vault.blind_index b where b.field = p_field and b.token = any (p_tokens) order by 2 limit 100;
end $$;

-- Removes what a later command of the log has corrected: the commands come in its order, after what was entered anew from the record.
create function vault.settle(p_subject uuid, p_recorded uuid[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  with recorded (command_id, nth) as (
    select p_subject, 0::bigint union all select r.command_id, r.nth from unnest(p_recorded) with ordinality as r (command_id, nth)
  ), entered as (
    select b.*, r.nth from vault.blind_index b join recorded r on r.command_id = b.command_id where b.subject = p_subject
  )
  delete from vault.blind_index b using entered e, entered o
    where b.subject = e.subject and b.field = e.field and b.token = e.token and b.command_id = e.command_id
      and o.field = any (vault.entries_like(e.field)) and o.nth > e.nth and o.reserved_at > e.reserved_at;
end $$;

revoke all on all functions in schema vault from public;
grant execute on all functions in schema vault to caseledger_vault;
reset role;
`,
}
