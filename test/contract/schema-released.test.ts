import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type postgres from 'postgres'
import { type StaffDifferences, staffDifferences } from '#backend/staff-on-record'
import { type SchemaDifference, differenceInWords, schemaDifferences } from '#hosting/schema-differences'
import { type FactKind, type SchemaFact, factKinds, schemaFacts, schemasIn } from '#hosting/schema-facts'
import { registerBearer } from '../../apps/cli/registering.js'
import { schemaDifferencesAt } from '../../apps/cli/doctor.js'
import { asAdmin, testDatabase } from '../support/database.js'
import { asInsider } from '../support/planted.js'
import { world } from '../support/world.js'

const file = 'docs/schema.json'
const released = () => JSON.parse(readFileSync(file, 'utf8')) as readonly SchemaFact[]
/** What the migrations of this release make, where nobody has been yet. */
const ours = ['command', 'event_store', 'ledger', 'process', 'read_model', 'read_model_build', 'vault']

/** Other tests on this server make a role of an operator's own that is a member of ours. */
const isOfOthers = ({ kind, name }: Pick<SchemaFact, 'kind' | 'name'>) => kind === 'membership' && !name.startsWith('caseledger_')

let admin: string
beforeAll(async () => {
  ;({ admin } = await testDatabase())
})
/** What is found of a database in which these statements were run; `mended`: and then whatever mends it. */
async function after(statements: readonly string[], mended = false): Promise<readonly SchemaDifference[]> {
  const undo = new Error('undo')
  let found: readonly SchemaDifference[] = []
  const look = async (tx: postgres.Sql) => schemaDifferences(released(), await schemaFacts(tx, schemasIn(released())), isOfOthers)
  await asAdmin(admin, sql =>
    sql.begin(async tx => {
      for (const statement of statements) await tx.unsafe(statement)
      found = await look(tx as unknown as postgres.Sql)
      if (mended) {
        for (const { mend } of found) if (mend !== undefined) await tx.unsafe(mend)
        found = await look(tx as unknown as postgres.Sql)
      }
      throw undo
    }),
  ).catch((error: unknown) => {
    if (error !== undo) throw error
  })
  return found
}

/** Of each kind what somebody would change who knows no more than its name and what it is. */
const changed: { readonly [K in FactKind]?: (name: string, is: string, nth: number) => readonly string[] } = {
  schema: name => [`alter schema ${name} owner to caseledger_${name === 'ledger' ? 'vault' : 'ledger'}_owner`],
  relation: name => (name.startsWith('sequence') ? [] : [`alter ${name} owner to caseledger_vault`]),
  column: (name, _, nth) => [`alter ${name.replace(' column ', ' rename column ')} to moved_${nth}`],
  // With a key those go that rest on it.
  constraint: name => [`alter ${name.replace(' constraint ', ' drop constraint if exists ')} cascade`],
  index: (name, _, nth) => [`alter index ${name} rename to moved_${nth}`],
  trigger: name => [`drop trigger ${name}`],
  'trigger state': name => {
    const trigger = name.startsWith('constraint ') ? 'all' : (name.split(' on ')[0] ?? '')
    return [`alter table ${/ on (\S+)/.exec(name)?.[1] ?? ''} disable trigger ${trigger}`]
  },
  // A body that stands without quotes is kept as it was parsed: a comment in it would be lost.
  function: (_, is) => [
    is.includes('$function$') ? is.replace('$function$', '$function$ /* changed */ ') : is.replace(' STABLE\n', ' VOLATILE\n'),
  ],
  'function owner': name => [`alter function ${name} owner to caseledger_app`],
  grant: (name, is) => {
    const [, object = '', role = ''] = /^(.+?)(?: column \S+)? to (.+)$/.exec(name) ?? []
    const column = / column (\S+) to /.exec(name)?.[1]
    const to = role === 'the administrator' ? 'current_user' : role
    return [`revoke ${column === undefined ? is : is.replaceAll(/\w+/g, right => `${right} (${column})`)} on ${object} from ${to}`]
  },
  role: name => [`alter role ${name} createdb`],
}
/** What nobody expects, a statement or more of each kind. */
const unexpected: { readonly [K in FactKind]: readonly (readonly string[])[] } = {
  schema: [['create schema also authorization caseledger_app']],
  relation: [
    ['create table ledger.copies (n int)'],
    ['alter table vault.data_key enable row level security'],
    ['create view vault.shown as select * from vault.data_key'],
    ['create table public.heir () inherits (vault.data_key)'],
  ],
  column: [['alter table ledger.leaf add column note text'], [`alter table ledger.checkpoint alter column signed_at set default now()`]],
  constraint: [['alter table vault.data_key add constraint never check (generation > 0) not valid']],
  index: [['create index on ledger.leaf (stream)']],
  trigger: [['create trigger also before insert on event_store.event for each statement execute function ledger.refuse()']],
  'trigger state': [['alter table ledger.leaf disable trigger user'], ['alter table ledger.leaf enable replica trigger only_added_to']],
  function: [
    ['create function ledger.other() returns int language sql as $$ select 1 $$'],
    ['alter function ledger.refuse() security definer'],
  ],
  'function owner': [['alter function ledger.refuse() owner to caseledger_app']],
  type: [[`create type ledger.mood as enum ('well')`]],
  rule: [['create rule nothing as on insert to ledger.checkpoint do instead nothing']],
  policy: [['create policy few on ledger.leaf for select using (idx > 3)']],
  grant: [
    ['grant update on ledger.leaf to caseledger_app'],
    ['grant select on vault.data_key to public'],
    ['grant execute on function event_store.append_one to public'],
    ['grant usage on schema vault to caseledger_app'],
    ['grant update (note) on ledger.checkpoint to caseledger_app'],
    ['grant select on ledger.leaf to caseledger_app with grant option'],
    ['grant create on schema public to caseledger_app'],
  ],
  'default privileges': [
    ['alter default privileges for role caseledger_ledger_owner in schema ledger grant update on tables to caseledger_app'],
  ],
  'event trigger': [
    [
      'create function public.on_ddl() returns event_trigger language plpgsql as $$ begin end $$',
      'create event trigger watching on ddl_command_end execute function public.on_ddl()',
    ],
  ],
  role: [['create role caseledger_other'], ['alter role caseledger_app bypassrls'], ['alter role caseledger_ledger_owner login']],
  membership: [['grant caseledger_ledger_owner to caseledger_app']],
  setting: [[`alter role caseledger_app set session_replication_role = replica`], [`alter role all set search_path = 'evil'`]],
  parameter: [['grant set on parameter session_replication_role to caseledger_app']],
  publication: [['create publication leaking for table vault.data_key']],
}

test('docs/schema.json is what the migrations make: npm run schema writes it', async () => {
  const facts = (await asAdmin(admin, sql => schemaFacts(sql, ours))).filter(fact => !isOfOthers(fact))
  if (process.env['CASELEDGER_UPDATE_SCHEMA'] === '1') writeFileSync(file, `${JSON.stringify(facts, undefined, 1)}\n`)
  expect(released()).toEqual(facts)
  expect(schemasIn(facts)).toEqual(ours)
  expect((await schemaDifferencesAt(admin, released())).filter(difference => !isOfOthers(difference))).toEqual([])
})
test('whatever of it is changed or taken away is named', async () => {
  const kinds = [...new Set(released().map(({ kind }) => kind))]
  for (const kind of kinds) {
    const change = changed[kind]
    if (!change) throw new Error(`say how somebody would change a ${kind}`)
    // Those of a kind at once: one look for all of them.
    const facts = released()
      .filter(fact => fact.kind === kind)
      .map(({ name, is }, nth) => ({ name, statements: change(name, is, nth) }))
    const found = await after(facts.flatMap(({ statements }) => statements))
    const named = new Set(found.filter(difference => difference.kind === kind).map(({ name }) => name))
    expect([kind, facts.filter(({ name, statements }) => statements.length > 0 && !named.has(name)).map(({ name }) => name)]).toEqual([
      kind,
      [],
    ])
  }
}, 240_000)
test.each(factKinds.flatMap(kind => unexpected[kind].map(statements => [kind, statements] as const)))(
  'what nobody expects is named (%s): %s',
  async (kind, statements) => {
    const found = await after(statements)
    expect(found.map(difference => difference.kind)).toContain(kind)
    for (const difference of found) expect([...differenceInWords(difference)][0]).toMatch(/^(MISSING|UNEXPECTED|CHANGED) /)
    // Where words are given that mend it, they do.
    if (found.every(({ mend }) => mend !== undefined)) expect(await after(statements, true)).toEqual([])
  },
)
test('rights, triggers, functions, constraints and indexes that are gone or changed are mended by the words that are given', async () => {
  const facts = released()
  for (const kind of ['trigger', 'function', 'constraint', 'index', 'grant'] as const) {
    const fact = facts.find(
      one => one.kind === kind && / ?ledger\.(?!log_log)/.test(one.name) && !/_pkey|_key| to caseledger_ledger/.test(one.name),
    )!
    expect([fact.name, await after(changed[kind]!(fact.name, fact.is, 0), true)]).toEqual([fact.name, []])
  }
})
test('a member of staff whose identity was removed is named, and so is one whom somebody else became', async () => {
  const w = await world()
  try {
    const issuer = 'https://issuer.example'
    const [one, other] = [
      await registerBearer(w, issuer, randomUUID(), 'ips-worker'),
      await registerBearer(w, issuer, randomUUID(), 'ips-worker'),
    ]
    const found = async (): Promise<StaffDifferences> => {
      const looking = staffDifferences(w, new AbortController().signal)
      let step = await looking.next()
      while (!step.done) step = await looking.next()
      return step.value
    }
    expect(await found()).toEqual({ gone: [], shared: [] })
    await asInsider(w.database.admin, tx => tx`update command.staff_identity set staff_ref = ${other} where staff_ref = ${one}`)
    expect(await found()).toEqual({ gone: [one], shared: [other] })
    await asInsider(w.database.admin, tx => tx`delete from command.staff_identity`)
    expect((await found()).gone.slice().sort()).toEqual([one, other].sort())
  } finally {
    await w.end()
  }
})
