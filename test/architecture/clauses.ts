import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '#event-codec/catalogue'
import { type Clause, clauses } from '#kernel/clauses'
import { refusals } from '#kernel/refusals'
import { apiDocument } from '../../apps/api/openapi.js'

/** What somebody may ask for, by the clauses of the notice that it carries out. */
type Named = { readonly name: string; readonly clauses: readonly string[]; readonly events: readonly string[] }
type Titled = { readonly title: string; readonly clauses: readonly string[]; readonly file: string }

const root = process.cwd()
const filesIn = (folder: string, wanted: (name: string) => boolean) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && wanted(name))
    .map(name => `${folder}/${name}`)
    .sort()
const isTest = (name: string) => /\.(spec|test|contract|journey)\.ts$/.test(name)
const clausesIn = (text: string) => [...text.matchAll(/\bC\d{2}\b/g)].map(([id]) => id)
const isDefinition = (value: unknown): value is { readonly name: string; readonly clauses: readonly string[] } =>
  typeof value === 'object'
  && value !== null
  && 'name' in value
  && typeof value.name === 'string'
  && 'clauses' in value
  && Array.isArray(value.clauses)

/** The command definitions of the domain, each with the events that its file makes. */
async function definitions(): Promise<readonly Named[]> {
  const found: Named[] = []
  for (const file of filesIn('libs/domain', name => !isTest(name))) {
    const module = (await import(join(root, file))) as Readonly<Record<string, unknown>>
    const made = [...readFileSync(join(root, file), 'utf8').matchAll(/\b([A-Z]\w+)\.of\(/g)].map(([, type = '']) => type)
    const events = [...new Set(made)].filter(type => catalogue.types.includes(type))
    for (const value of Object.values(module)) if (isDefinition(value)) found.push({ name: value.name, clauses: value.clauses, events })
  }
  return found
}

/** Commands that are no definitions yet: by what their doors say of themselves. A door that names a range of clauses names none. */
async function commandsByDoor(defined: readonly Named[]): Promise<readonly Named[]> {
  const operations = Object.values((await apiDocument()).paths).flatMap(({ post }) => (post ? [post] : []))
  return operations
    .map(({ operationId = '', summary = '' }) => ({
      name: operationId.split('.')[0] ?? '',
      clauses: / to C\d/.test(summary) ? [] : clausesIn(summary),
      events: [],
    }))
    .filter(({ name }) => !defined.some(definition => definition.name === name))
}

/** Every test or group of tests that names clauses in its title. */
export const titlesThatNameClauses = (): readonly Titled[] =>
  ['libs', 'apps', 'test'].flatMap(folder =>
    filesIn(folder, isTest).flatMap(file =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(['"`])((?:\[C\d+\] ?)+)(.*?)\1/g)].map(([, , named = '', title = '']) => ({
        title,
        clauses: clausesIn(named),
        file,
      })),
    ),
  )

const refusalsOf = (clause: string) =>
  Object.entries(refusals)
    .filter(([, refusal]) => 'clause' in refusal && refusal.clause === clause)
    .map(([code]) => code)
const unique = (items: readonly string[]) => [...new Set(items)].sort()
const line = (what: string, items: readonly string[]) =>
  items.length === 0 ? [] : [`- ${what}: ${items.map(one => `\`${one}\``).join(', ')}`]

function section(clause: Clause, named: readonly Named[], titles: readonly Titled[]): readonly string[] {
  const commands = named.filter(one => one.clauses.includes(clause))
  const proving = titles.filter(one => one.clauses.includes(clause))
  const byFile = unique(proving.map(({ file }) => file)).map(
    file => `  - \`${file}\`: ${proving.flatMap(one => (one.file === file ? [one.title] : [])).join('; ')}`,
  )
  const rules = [
    ...line('Commands', unique(commands.map(({ name }) => name))),
    ...line('Events', unique(commands.flatMap(({ events }) => events))),
    ...line('Refusals', refusalsOf(clause)),
    ...(byFile.length === 0 ? [] : ['- Tests:', ...byFile]),
  ]
  return [`## ${clause}: ${clauses[clause]}`, '', ...(rules.length === 0 ? ['Not yet.'] : rules), '']
}

/** docs/clauses.md, as the code has it. */
export async function clausesDocument(): Promise<string> {
  const defined = await definitions()
  const [named, titles] = [[...defined, ...(await commandsByDoor(defined))], titlesThatNameClauses()]
  const sections = (Object.keys(clauses) as Clause[]).map(clause => section(clause, named, titles))
  const kept = sections.filter(lines => !lines.includes('Not yet.')).length
  return [
    '# The clauses of the notice, and what keeps them',
    '',
    'Written by `npm run clauses` from the commands, the refusals and the titles of the tests; a test compares. '
      + 'A command stands under each clause that it names, with the events that it leads to; a refusal under',
    'the clause whose rule it is; a test under a clause only where it fails once that rule is turned off. '
      + 'A clause without any of these is not kept yet, and says so.',
    '',
    `${kept} of ${sections.length} clauses have a rule.`,
    '',
    ...sections.flat(),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}
