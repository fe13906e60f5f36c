import type { FactKind, SchemaFact } from './schema-facts.js'

/** What a database has otherwise than the release expects it, and the words of SQL that mend it, where there are any. */
export type SchemaDifference = {
  readonly kind: FactKind
  readonly name: string
  readonly expected: string | undefined
  readonly found: string | undefined
  readonly mend: string | undefined
}

type Sql = string | undefined
/** How a kind is called, and how what is missing is made and what is too much taken away. */
type Mending = {
  readonly called: string
  readonly make?: (name: string, is: string) => Sql
  readonly remove?: (name: string, is: string) => Sql
}
/** Whoever made the database mends it. */
const roleIn = (words: string) => words.replace('the administrator', 'current_user')
const objectAndRole = (name: string) => /^(.+) to (\S+)$/.exec(roleIn(name))?.slice(1) as [string, string]
/** A right on a column stands behind the right. */
function rightOn(name: string, is: string): readonly [rights: string, object: string, role: string] {
  const [object, role] = objectAndRole(name)
  const rights = is.replaceAll(' with grant option', '')
  const [, table, column] = /^(table .+) column (\S+)$/.exec(object) ?? []
  return [column === undefined ? rights : rights.replaceAll(/\w+/g, right => `${right} (${column})`), table ?? object, role]
}
const grant: Mending = {
  called: 'the rights on',
  make: (name, is) => {
    const [rights, object, role] = rightOn(name, is)
    return `grant ${rights} on ${object} to ${role};`
  },
  remove: (name, is) => {
    const [rights, object, role] = rightOn(name, is)
    return `revoke ${rights} on ${object} from ${role};`
  },
}
const states: Readonly<Record<string, string>> = {
  enabled: 'enable trigger',
  disabled: 'disable trigger',
  'enabled always': 'enable always trigger',
  'enabled for replicas only': 'enable replica trigger',
}
const mending: { readonly [K in FactKind]: Mending } = {
  schema: { called: 'schema' },
  relation: { called: 'the' },
  column: { called: 'the' },
  constraint: {
    called: 'the',
    make: (name, is) => `alter ${name.replace(' constraint ', ' add constraint ')} ${is};`,
    remove: name => `alter ${name.replace(' constraint ', ' drop constraint ')};`,
  },
  index: { called: 'index', make: (_, is) => `${is};`, remove: name => `drop index ${name};` },
  trigger: { called: 'trigger', make: (_, is) => `${is};`, remove: name => `drop trigger ${name};` },
  'trigger state': {
    called: 'trigger',
    make: (name, is) => {
      const [, trigger, table] = /^(?!constraint )(\S+) on (\S+)$/.exec(name) ?? []
      return trigger === undefined ? undefined : `alter table ${table ?? ''} ${states[is] ?? ''} ${trigger};`
    },
  },
  function: { called: 'function', make: (_, is) => `${is.trimEnd()};`, remove: name => `drop function ${name};` },
  'function owner': { called: 'the owner of function', make: (name, is) => `alter function ${name} owner to ${roleIn(is)};` },
  type: { called: 'type', remove: name => `drop type ${name};` },
  rule: { called: 'rule', remove: name => `drop rule ${name};` },
  policy: { called: 'policy', remove: name => `drop policy ${name};` },
  grant,
  'default privileges': { called: 'default privileges' },
  'event trigger': { called: 'event trigger', remove: name => `drop event trigger ${name};` },
  role: {
    called: 'role',
    make: (name, is) => `alter role ${name} ${['nosuperuser nocreaterole nocreatedb noreplication nobypassrls inherit', is].join(' ')};`,
  },
  membership: { called: 'membership', remove: name => `revoke ${name.split(' in ')[1] ?? ''} from ${name.split(' in ')[0] ?? ''};` },
  setting: {
    called: 'setting',
    remove: name => {
      const [, scope, setting] = /^(.+) (\S+)$/.exec(name) ?? []
      return `alter ${(scope ?? '').replace(/^all roles in database/, 'database').replace('all roles', 'role all')} reset ${setting ?? ''};`
    },
  },
  parameter: { called: 'the right to set', remove: (name, is) => `revoke ${is} on parameter ${objectAndRole(name).join(' from ')};` },
  publication: { called: 'publication', remove: name => `drop publication ${name.split(' of ')[0] ?? ''};` },
}

/** @param found of which facts that `isLeftOut` says of are neither missed nor found. */
export function schemaDifferences(
  expected: readonly SchemaFact[],
  found: readonly SchemaFact[],
  isLeftOut: (fact: SchemaFact) => boolean = () => false,
): readonly SchemaDifference[] {
  const keyOf = ({ kind, name }: SchemaFact) => `${kind} ${name}`
  const [wanted, there] = [new Map(expected.map(fact => [keyOf(fact), fact])), new Map(found.map(fact => [keyOf(fact), fact]))]
  return [...new Set([...wanted.keys(), ...there.keys()])].flatMap(key => {
    const [want, have] = [wanted.get(key), there.get(key)]
    const fact = want ?? have
    if (!fact || want?.is === have?.is || isLeftOut(fact)) return []
    return [{ kind: fact.kind, name: fact.name, expected: want?.is, found: have?.is, mend: mend(fact, want?.is, have?.is) }]
  })
}

function mend({ kind, name }: SchemaFact, expected: Sql, found: Sql): Sql {
  const { make, remove } = mending[kind]
  const away = found === undefined || (expected !== undefined && kind === 'function') ? undefined : remove?.(name, found)
  const made = expected === undefined ? undefined : make?.(name, expected)
  // What can be taken away and not be made again stays: somebody has to look.
  if (expected !== undefined && made === undefined) return undefined
  return [away, made].filter(words => words !== undefined).join(' ') || undefined
}

/** A difference for a person, in lines. */
export function* differenceInWords({ kind, name, expected, found, mend: words }: SchemaDifference): Generator<string> {
  const what = `${mending[kind].called} ${name}`
  if (found === undefined) yield `MISSING     ${what}`
  else if (expected === undefined) yield `UNEXPECTED  ${what}: ${oneLine(found)}`
  else yield `CHANGED     ${what}: ${oneLine(found)}`
  if (expected !== undefined) yield `            as released: ${oneLine(expected)}`
  if (words !== undefined)
    yield `            to mend: ${kind === 'function' ? 'the whole definition is in the answer of --json' : oneLine(words)}`
}
const oneLine = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 300)} …` : line
}
