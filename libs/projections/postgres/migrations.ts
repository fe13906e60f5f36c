import type { SqlMigration } from '#kernel/migration'

/** Where each projection stands. Position and event id together: a store that was rewound is noticed. */
export const projectionMigrations: readonly SqlMigration[] = [{
  name: '0001-checkpoint',
  sql: `
create schema read_model authorization caseledger_app;
set local role caseledger_app;
create table read_model.checkpoint (
  projection text primary key,
  position   bigint not null,
  event_id   uuid,
  moved_at   timestamptz(3) not null default clock_timestamp()
);
reset role;
`,
}]
