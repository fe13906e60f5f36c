import type { SqlMigration } from '#kernel/migration'

/**
 * The audit ledger. Its tables belong to a role that nobody logs in as: the application may read and add, and move the one row that says
 * how far it is. Whoever has the database can go round that, and is found out by signed checkpoints, witnesses and receipts: these rights
 * are no more than a fence.
 */
export const ledgerMigrations: readonly SqlMigration[] = [
  {
    name: '0001-ledger',
    sql: `
create schema ledger authorization caseledger_ledger_owner;
set local role caseledger_ledger_owner;

-- A log is a pure function of what the event store holds; position and event id say how far it was read.
create table ledger.log (
  log      int generated always as identity primary key,
  origin   text collate "C" not null unique,
  size     bigint not null default 0,
  position bigint not null default 0,
  event_id uuid,
  is_live  boolean not null default true
);
create unique index one_live_log on ledger.log (is_live) where is_live;

-- The exact bytes that were hashed.
create table ledger.leaf (
  log       int not null references ledger.log,
  idx       bigint not null,
  entry     bytea not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  event_id  uuid not null,
  stream    text collate "C" not null,
  rev       bigint not null,
  position  bigint not null,
  primary key (log, idx),
  unique (log, stream, rev),
  unique (log, position)
);
create index leaf_of_event on ledger.leaf (event_id);

create table ledger.tile (
  log    int not null references ledger.log,
  level  int not null,
  idx    bigint not null,
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (log, level, idx)
);
alter table ledger.tile alter column hashes set storage external;

-- The unfinished tile of each level.
create table ledger.edge (
  log    int not null references ledger.log,
  level  int not null,
  hashes bytea not null,
  primary key (log, level)
);

create table ledger.checkpoint (
  log       int not null references ledger.log,
  size      bigint not null,
  note      text not null,
  signed_at timestamptz(3) not null default clock_timestamp(),
  primary key (log, size)
);

create function ledger.refuse() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the ledger is only added to' using errcode = '42501';
end $$;
create trigger only_added_to before update or delete or truncate on ledger.leaf for each statement execute function ledger.refuse();
create trigger only_added_to before update or delete or truncate on ledger.tile for each statement execute function ledger.refuse();
create trigger only_added_to before update or delete or truncate on ledger.checkpoint for each statement execute function ledger.refuse();

grant usage on schema ledger to caseledger_app;
grant select on all tables in schema ledger to caseledger_app;
grant insert on ledger.log, ledger.leaf, ledger.tile, ledger.edge, ledger.checkpoint to caseledger_app;
grant update on ledger.edge to caseledger_app;
grant update (size, position, event_id, is_live) on ledger.log to caseledger_app;
reset role;
`,
  },
  {
    name: '0002-cosignatures',
    sql: `
set local role caseledger_ledger_owner;
-- Which witness saw a checkpoint, by its name in the policy: a line of the note.
create table ledger.cosignature (
  log     int not null,
  size    bigint not null,
  witness text not null,
  line    text not null,
  primary key (log, size, witness),
  foreign key (log, size) references ledger.checkpoint
);
create trigger only_added_to before update or delete or truncate on ledger.cosignature for each statement execute function ledger.refuse();
grant select, insert on ledger.cosignature to caseledger_app;
reset role;
`,
  },
  {
    name: '0003-time-stamps',
    sql: `
set local role caseledger_ledger_owner;
-- What a time-stamping authority answered (RFC 3161) about the exact bytes of a checkpoint's note.
create table ledger.time_stamp (
  log        int not null,
  size       bigint not null,
  note       text not null,
  token      bytea not null,
  stamped_at timestamptz(3) not null,
  primary key (log, size),
  foreign key (log, size) references ledger.checkpoint
);
create trigger only_added_to before update or delete or truncate on ledger.time_stamp for each statement execute function ledger.refuse();
grant select, insert on ledger.time_stamp to caseledger_app;
reset role;
`,
  },
  {
    name: '0004-halt',
    sql: `
set local role caseledger_ledger_owner;
-- What the workers say of a ledger that does not go on: why, and since when. Each says it anew as long as it is so, also over an older copy of
-- the database. No part of the ledger itself: whoever may write here can hide a reason until a worker says it again.
create table ledger.halt (
  part  text primary key,
  why   text not null,
  since timestamptz(3) not null default clock_timestamp()
);
grant select, insert, update, delete on ledger.halt to caseledger_app;
reset role;
`,
  },
]
