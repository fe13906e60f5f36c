import type { SqlMigration } from '#kernel/migration'

/** Where each projection stands. Position and event id together: a store that was rewound is noticed. */
export const projectionMigrations: readonly SqlMigration[] = [
  {
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
  },
  {
    name: '0002-operation',
    sql: `
create schema read_model_build authorization caseledger_app;
set local role caseledger_app;
-- Partitions whose projection stopped at an event: references and kinds of errors only.
create table read_model.parked (
  projection text not null,
  stream     text not null,
  position   bigint not null,
  event_id   uuid not null,
  error      text not null,
  parked_at  timestamptz(3) not null default clock_timestamp(),
  primary key (projection, stream)
);
reset role;
`,
  },
]
