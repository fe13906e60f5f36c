import type { SqlMigration } from '#kernel/migration'

/** Whether a reservation came before or after something else is not to be lost in a rounding. */
export const reservationsInOrder: SqlMigration = {
  name: '0005-reservations-in-order',
  sql: `
set local role caseledger_vault_owner;
alter table vault.blind_index alter column reserved_at type timestamptz;
reset role;
`,
}
