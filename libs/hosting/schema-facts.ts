import type { Sql } from 'postgres'

/**
 * One thing that a database says of the schemas of Caseledger and of who may do what there: of which kind, its name, and what it is. The
 * name and what it is are words of SQL.
 */
export type SchemaFact = { readonly kind: FactKind; readonly name: string; readonly is: string }

/** Our roles, and the schemas that belong to them or are named; tables of migrations lie in the schema that comes first. */
const ours = `ours as (
  select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
  where n.nspname = any ($1) or pg_get_userbyid(n.nspowner) like 'caseledger\\_%'
), relation as (
  select c.*, n.nspname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as named,
    case when c.relkind = 'S' then 'sequence ' else 'table ' end as what
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname <> 'read_model_build'
    and (n.oid in (select oid from ours) or c.relname like 'caseledger\\_%' and n.nspname !~ '^pg_')
), routine as (
  select p.*, p.oid::regprocedure::text as named from pg_proc p where p.pronamespace in (select oid from ours)
), administrator as (
  select relowner as oid from pg_class where oid = to_regclass('caseledger_migration')
), named_role as (
  select r.oid, case when r.oid = (select oid from administrator) and r.rolname not like 'caseledger\\_%' then 'the administrator'
    else quote_ident(r.rolname) end as name from pg_roles r
), role as (select * from pg_roles where rolname like 'caseledger\\_%')`

/** By name; who made the database may be called anything. */
const who = (role: string) =>
  `case ${role} when 0 then 'public' else coalesce((select name from named_role where named_role.oid = ${role}), 'nobody') end`

/** Whoever may do something, with what: the right of the owner, where nothing else is said, and of everybody. */
const granted = (object: string, kind: string, acl: string, owner: string, from: string) => `
  select ${object} || ' to ' || ${who('a.grantee')} as name,
    string_agg(distinct a.privilege_type || case when a.is_grantable then ' with grant option' else '' end, ', ') as "is"
  from ${from} cross join lateral aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) a
  where a.privilege_type <> 'MAINTAIN' group by 1`

const enabled = (
  column: string,
) => `case ${column} when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'enabled for replicas only'
  else 'enabled always' end`

const theDatabase = '(select * from pg_database where datname = current_database()) d'

/** A question a kind; each answers names and what they are. */
const questions = {
  schema: `select quote_ident(nspname) as name, 'owned by ' || ${who('nspowner')} as "is" from ours`,
  relation: `
    select what || named as name, 'owned by ' || ${who('relowner')}
      || case relkind when 'r' then '' when 'S' then '' else ', of kind ' || relkind::text end
      || case relpersistence when 'p' then '' else ', not permanent' end
      || case when relrowsecurity then ', with row security' else '' end || case when relforcerowsecurity then ', forced' else '' end
      || coalesce(', with ' || array_to_string(reloptions, ', '), '')
      || case when exists (select from pg_inherits i where i.inhparent = r.oid) then ', inherited from' else '' end as "is"
    from relation r`,
  column: `
    select 'table ' || r.named || ' column ' || quote_ident(a.attname) as name,
      format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      || case a.attidentity when '' then '' else ' identity ' || a.attidentity::text end
      || case a.attgenerated when '' then '' else ' generated ' || a.attgenerated::text end
      || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation::text else '' end
      || case when a.attstorage <> t.typstorage then ' storage ' || a.attstorage::text else '' end as "is"
    from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum where r.relkind <> 'S'`,
  constraint: `
    select 'table ' || r.named || ' constraint ' || quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as "is"
    from relation r join pg_constraint c on c.conrelid = r.oid and c.contype not in ('n', 't')`,
  index: `
    select i.indexrelid::regclass::text as name,
      pg_get_indexdef(i.indexrelid) || case when i.indisvalid and i.indisready and i.indislive then '' else ' (not valid)' end as "is"
    from relation r join pg_index i on i.indrelid = r.oid`,
  trigger: `
    select quote_ident(t.tgname) || ' on ' || r.named as name, pg_get_triggerdef(t.oid) as "is"
    from relation r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal`,
  'trigger state': `
    select quote_ident(t.tgname) || ' on ' || r.named as name, ${enabled('t.tgenabled')} as "is"
    from relation r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select 'constraint ' || quote_ident(c.conname) || ' on ' || r.named || ' by ' || p.proname, ${enabled('t.tgenabled')}
    from relation r join pg_trigger t on t.tgrelid = r.oid and t.tgisinternal join pg_constraint c on c.oid = t.tgconstraint
    join pg_proc p on p.oid = t.tgfoid`,
  function: `
    select named as name, case when prokind in ('f', 'p') then pg_get_functiondef(oid) else 'of kind ' || prokind::text end as "is"
    from routine`,
  'function owner': `select named as name, ${who('proowner')} as "is" from routine`,
  type: `
    select t.oid::regtype::text as name, 'of kind ' || t.typtype::text as "is" from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typnamespace in (select oid from ours) and (t.typtype in ('e', 'd', 'r', 'm') or c.relkind = 'c')`,
  rule: `
    select quote_ident(w.rulename) || ' on ' || r.named as name, pg_get_ruledef(w.oid) || ' ' || ${enabled('w.ev_enabled')} as "is"
    from relation r join pg_rewrite w on w.ev_class = r.oid`,
  policy: `
    select quote_ident(p.polname) || ' on ' || r.named as name, case when p.polpermissive then 'permissive' else 'restrictive' end
      || ' for ' || p.polcmd::text || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '') as "is"
    from relation r join pg_policy p on p.polrelid = r.oid`,
  grant: `
    ${granted("'schema ' || quote_ident(o.nspname)", 'n', 'o.nspacl', 'o.nspowner', 'ours o')}
    union all ${granted('r.what || r.named', 'r', 'r.relacl', 'r.relowner', "(select * from relation where relkind <> 'S') r")}
    union all ${granted('r.what || r.named', 's', 'r.relacl', 'r.relowner', "(select * from relation where relkind = 'S') r")}
    union all ${granted("'function ' || f.named", 'f', 'f.proacl', 'f.proowner', 'routine f')}
    union all select 'table ' || r.named || ' column ' || quote_ident(c.attname) || ' to '
        || ${who('a.grantee')},
      string_agg(distinct a.privilege_type || case when a.is_grantable then ' with grant option' else '' end, ', ')
      from relation r join pg_attribute c on c.attrelid = r.oid cross join lateral aclexplode(c.attacl) a group by 1
    union all select name, "is" from (
      ${granted("'database ' || quote_ident(d.datname)", 'd', 'd.datacl', 'd.datdba', theDatabase)}
      union all ${granted("'schema public'", 'n', 's.nspacl', 's.nspowner', "(select * from pg_namespace where nspname = 'public') s")}
    ) beside where name like '% to caseledger\\_%' or name like 'database % to public' and "is" like '%CREATE%'`,
  'default privileges': `
    select 'by ' || pg_get_userbyid(d.defaclrole) || coalesce(' in schema ' || d.defaclnamespace::regnamespace::text, '')
      || ' on ' || d.defaclobjtype::text as name, d.defaclacl::text as "is"
    from pg_default_acl d where d.defaclnamespace in (select oid from ours) or d.defaclrole in (select oid from role)
      or exists (select from aclexplode(d.defaclacl) a where a.grantee in (select oid from role))`,
  'event trigger': `
    select quote_ident(evtname) as name, 'on ' || evtevent || ' by ' || evtfoid::regproc::text || ', ' || ${enabled('evtenabled')} as "is"
    from pg_event_trigger`,
  role: `
    select rolname as name, concat_ws(' ', case when rolcanlogin then 'login' else 'nologin' end, case when rolsuper then 'superuser' end,
      case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
      case when rolreplication then 'replication' end,
      case when rolbypassrls then 'bypassrls' end, case when not rolinherit then 'noinherit' end) as "is" from role`,
  membership: `
    select pg_get_userbyid(m.member) || ' in ' || pg_get_userbyid(m.roleid) as name,
      case when bool_or(m.admin_option) then 'with admin option' else 'member' end as "is"
    from pg_auth_members m where (m.roleid in (select oid from role) or m.member in (select oid from role))
      and pg_get_userbyid(m.member) <> session_user and m.member not in (select oid from administrator) group by 1`,
  setting: `
    select coalesce('role ' || pg_get_userbyid(nullif(s.setrole, 0)), 'all roles') || coalesce(' in database ' || d.datname, '')
      || ' ' || split_part(c.one, '=', 1) as name, substring(c.one from position('=' in c.one) + 1) as "is"
    from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase cross join lateral unnest(s.setconfig) as c (one)
    where (s.setdatabase = 0 or d.datname = current_database())
      and (s.setrole in (select oid from role)
        or s.setrole = 0 and c.one ~ '^(session_replication_role|search_path|row_security|(session|local)_preload_libraries)=')`,
  parameter: `
    select p.parname || ' to ' || case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as name,
      string_agg(distinct a.privilege_type, ', ') as "is"
    from pg_parameter_acl p cross join lateral aclexplode(p.paracl) a
    where a.grantee = 0 or a.grantee in (select oid from role) group by 1`,
  publication: `
    select quote_ident(p.pubname) || ' of ' || r.named as name, 'published' as "is"
    from pg_publication p join relation r on p.puballtables or exists (
      select from pg_publication_rel t where t.prpubid = p.oid and t.prrelid = r.oid)`,
} as const
export type FactKind = keyof typeof questions
export const factKinds = Object.keys(questions) as readonly FactKind[]

/** Everything that a database says of these schemas and of our roles: anybody who may connect may ask. */
export async function schemaFacts(sql: Sql, schemas: readonly string[]): Promise<readonly SchemaFact[]> {
  const facts: SchemaFact[] = []
  for (const kind of factKinds) {
    const rows = await sql.unsafe<{ name: string; is: string }[]>(`with ${ours} ${questions[kind]}`, [schemas as string[]])
    facts.push(...rows.map(({ name, is }) => ({ kind, name, is })))
  }
  return facts.sort((one, other) => compared(one.kind, other.kind) || compared(one.name, other.name))
}
const compared = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

/** The schemas that facts speak of. */
export const schemasIn = (facts: readonly SchemaFact[]): readonly string[] =>
  facts.flatMap(({ kind, name }) => (kind === 'schema' ? [name] : []))
