import type { SqlMigration } from '#kernel/migration'

/** Which vault this is, once it has a name, and to which log it belongs. It goes into back-ups, and comes back with them. */
export const mark: SqlMigration = {
  name: '0006-mark',
  sql: `
set local role caseledger_vault_owner;
create table vault.mark (
  one       boolean primary key default true check (one),
  vault_id  uuid,
  log_id    uuid,
  store     text,
  namespace text,
  bound_at  timestamptz(3)
);
insert into vault.mark default values;
grant select, insert, update, delete on vault.mark to caseledger_vault;
reset role;
`,
}
