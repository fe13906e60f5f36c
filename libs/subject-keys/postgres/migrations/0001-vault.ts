import type { SqlMigration } from '#kernel/migration'

/** The vault's schema: owned by a role that nobody logs in as; the `caseledger_vault` role may only do what the vault does. */
export const vault: SqlMigration = {
  name: '0001-vault',
  sql: `
create schema vault authorization caseledger_vault_owner;
set local role caseledger_vault_owner;

create table vault.epoch (
  epoch           int primary key,
  state           text not null check (state in ('OPEN', 'CLOSED', 'DESTROYED')),
  provider_key_id uuid not null,
  wrapped_key     bytea not null,
  wrapped_index_key bytea not null,
  canary          bytea not null,
  opened_at       timestamptz(3) not null default clock_timestamp(),
  destroyed_at    timestamptz(3)
);
create unique index one_open_epoch on vault.epoch ((true)) where state = 'OPEN';

create table vault.data_key (
  kid        uuid primary key,
  subject    uuid not null,
  scope      text not null,
  generation int not null,
  epoch      int not null references vault.epoch,
  wrapped    bytea not null,
  kc         text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  unique (subject, scope, generation)
);

create table vault.closed_scope (
  subject   uuid not null,
  scope     text not null,
  fence     uuid not null,
  closed_at timestamptz(3) not null default clock_timestamp(),
  primary key (subject, scope)
);

create table vault.destroyed_key (
  kid          uuid primary key,
  subject      uuid not null,
  fence        uuid not null,
  destroyed_at timestamptz(3) not null default clock_timestamp()
);

create table vault.blind_index (
  field       text not null,
  token       bytea not null,
  subject     uuid not null,
  scope       text not null,
  command_id  uuid not null,
  reserved_at timestamptz(3) not null default clock_timestamp(),
  primary key (field, token, subject)
);
create index blind_index_by_subject on vault.blind_index (subject);
create index blind_index_by_command on vault.blind_index (command_id);

-- Two writers cannot mint two keys, and none is minted past a fence: both take the subject's lock.
create function vault.mint(p_kids uuid[], p_subjects uuid[], p_scopes text[], p_epoch int, p_wrapped bytea[], p_kcs text[])
returns setof vault.data_key language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(s::text, 1)) from (select distinct s from unnest(p_subjects) s order by s) locked;
  insert into vault.data_key (kid, subject, scope, generation, epoch, wrapped, kc)
    select n.kid, n.subject, n.scope, 1, p_epoch, n.wrapped, n.kc
    from unnest(p_kids, p_subjects, p_scopes, p_wrapped, p_kcs) as n (kid, subject, scope, wrapped, kc)
    where not exists (select from vault.closed_scope c where c.subject = n.subject and c.scope = n.scope)
    on conflict (subject, scope, generation) do nothing;
  return query
    select distinct on (k.subject, k.scope) k.* from vault.data_key k
    join unnest(p_subjects, p_scopes) as n (subject, scope) on k.subject = n.subject and k.scope = n.scope
    order by k.subject, k.scope, k.generation desc;
end $$;

create function vault.close(p_subject uuid, p_scopes text[], p_kids uuid[], p_fence uuid)
returns setof uuid language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  insert into vault.closed_scope (subject, scope, fence) select p_subject, s, p_fence from unnest(p_scopes) s on conflict do nothing;
  insert into vault.destroyed_key (kid, subject, fence)
    select k.kid, p_subject, p_fence from vault.data_key k where k.subject = p_subject and k.scope = any (p_scopes)
    union select kid, p_subject, p_fence from unnest(p_kids) kid
    on conflict do nothing;
  delete from vault.data_key where subject = p_subject and scope = any (p_scopes);
  delete from vault.blind_index where subject = p_subject and scope = any (p_scopes);
  return query select d.kid from vault.destroyed_key d where d.subject = p_subject;
end $$;

create function vault.reserve(p_command uuid, p_subject uuid, p_fields text[], p_tokens bytea[], p_scopes text[])
returns table (subject uuid, field text, reserved_at timestamptz, closed text) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_subject::text, 1));
  perform pg_advisory_xact_lock(hashtextextended(encode(t, 'hex'), 2)) from (select distinct t from unnest(p_tokens) t order by t) locked;
  return query select c.subject, null::text, c.closed_at::timestamptz, c.scope from vault.closed_scope c where c.subject = p_subject and c.scope = any (p_scopes);
  if found then return; end if;
  return query
    select b.subject, b.field, b.reserved_at::timestamptz, null::text from vault.blind_index b
    join unnest(p_fields, p_tokens) as n (field, token) on b.field = n.field and b.token = n.token
    where b.subject <> p_subject;
  insert into vault.blind_index (field, token, subject, scope, command_id)
    select n.field, n.token, p_subject, n.scope, p_command from unnest(p_fields, p_tokens, p_scopes) as n (field, token, scope)
    on conflict on constraint blind_index_pkey do update set reserved_at = clock_timestamp();
end $$;

revoke all on all functions in schema vault from public;
grant usage on schema vault to caseledger_vault;
grant select on all tables in schema vault to caseledger_vault;
grant insert, update, delete on vault.epoch, vault.data_key, vault.blind_index to caseledger_vault;
grant insert on vault.closed_scope, vault.destroyed_key to caseledger_vault;
grant execute on all functions in schema vault to caseledger_vault;
reset role;
`,
}
