import type { SqlMigration } from '#kernel/migration'

/** Detects the misuse of an idempotency key, and maps tokens to staff. Both outside the log: a token's subject may be an e-mail address. */
export const commandMigrations: readonly SqlMigration[] = [
  {
    name: '0001-command',
    sql: `
create schema command;
create table command.seen (
  command_id  uuid primary key,
  subject_ref uuid,
  digest_key  bytea not null,
  digest      bytea not null,
  seen_at     timestamptz(3) not null default clock_timestamp()
);
create index seen_by_subject on command.seen (subject_ref);
create index seen_by_time on command.seen (seen_at);
create table command.staff_identity (
  identity  bytea primary key,
  staff_ref uuid not null
);
grant usage on schema command to caseledger_app;
grant select, insert, delete on all tables in schema command to caseledger_app;
`,
  },
]
