import { erasableScopes } from '#event-kit/scope'
import type { SqlMigration } from '#kernel/migration'

/** What an erasure of a part closed is open again: its keys are gone, and what the person gives anew has keys of its own. */
export const partsGoOn: SqlMigration = {
  name: '0007-parts-go-on',
  sql: `
set local role caseledger_vault_owner;
delete from vault.closed_scope c
where exists (
  select from unnest('{${erasableScopes.join(',')}}'::text[]) s
  where not exists (select from vault.closed_scope o where o.subject = c.subject and o.scope = s)
);
reset role;
`,
}
