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
  {
    // A row says from here on which tables it is about, and what they follow. Until then every read model was in one migration, which an
    // installation may have without a worker having run: it has tables and no row.
    name: '0003-declarations',
    sql: `
set local role caseledger_app;
alter table read_model.checkpoint
  add column declaration text,
  add column tables text[] not null default '{}',
  add column building boolean not null default false;
insert into read_model.checkpoint (projection, position, tables)
  select projection, 0, array[name] from (values ('case-view', 'case_view'), ('disclosure-ledger', 'disclosure_ledger'), ('key-register', 'key_register'),
    ('referral-queue', 'referral_queue'), ('erasure-requests', 'erasure_request'), ('breach-register', 'breach_register')) as made (projection, name)
  where to_regclass('read_model.' || name) is not null
  on conflict (projection) do update set tables = excluded.tables;
reset role;
`,
  },
]
