import type { SqlMigration } from '#kernel/migration'

/** What processes have read, and what they have still to do: a row with a due instant, not a timer in memory. */
export const processMigrations: readonly SqlMigration[] = [
  {
    name: '0001-process',
    sql: `
create schema process authorization caseledger_app;
set local role caseledger_app;
create table process.checkpoint (process text primary key, position bigint not null, event_id uuid);
create table process.work (
  process     text not null,
  work_id     uuid not null,
  subject_ref uuid not null,
  source_event_id uuid not null,
  state       text not null check (state in ('WAITING', 'DONE')),
  due_at      timestamptz(3) not null default clock_timestamp(),
  attempts    int not null default 0,
  last_error  text,
  primary key (process, work_id)
);
create index work_due on process.work (process, due_at) where state = 'WAITING';
reset role;
`,
  },
  {
    name: '0002-unread',
    sql: `
set local role caseledger_app;
create table process.unread (
  process  text not null,
  position bigint not null,
  event_id uuid not null,
  stream   text not null,
  error    text not null,
  since    timestamptz(3) not null default clock_timestamp(),
  primary key (process, position)
);
reset role;
`,
  },
  {
    // Until then work was a person's.
    name: '0003-work-by-stream',
    sql: `
set local role caseledger_app;
alter table process.work add column stream text;
update process.work set stream = 'person-' || subject_ref;
alter table process.work alter column stream set not null, drop column subject_ref;
reset role;
`,
  },
]
