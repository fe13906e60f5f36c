import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { staffDifferences } from '#backend/staff-on-record'
import { overOneConnection } from '#hosting/one-connection'
import { inDatabase } from '#hosting/provision'
import { differenceInWords, schemaDifferences } from '#hosting/schema-differences'
import { type SchemaFact, schemaFacts, schemasIn } from '#hosting/schema-facts'
import { command } from './command.js'
import { withBackend } from './with-backend.js'

/** As the migrations of this release make it: npm run schema writes it, and a test compares it. */
export const releasedSchema = (file = join(dirname(fileURLToPath(import.meta.url)), '../../../docs/schema.json')) =>
  JSON.parse(readFileSync(file, 'utf8')) as readonly SchemaFact[]

export const doctor = command({
  name: 'doctor',
  group: 'audit',
  summary:
    'Compares roles, rights, triggers, functions, constraints, indexes and policies of the database with what this release makes, '
    + 'and staff on record with who is known: says what differs and what mends it. Changes nothing. Ends with 1 when something does.',
  options: {},
  run: (_, out) =>
    withBackend(
      async ({ backend, database, signal }) => {
        // The superuser of the embedded server comes in by another database.
        const ours = new URL(database.urls.app).pathname.slice(1)
        const differences = await schemaDifferencesAt(inDatabase(database.admin, ours))
        for (const difference of differences)
          out.say(
            { ...difference, expected: difference.expected ?? null, found: difference.found ?? null, mend: difference.mend ?? null },
            [...differenceInWords(difference)].join('\n'),
          )
        const looking = staffDifferences(backend, signal)
        let step = await looking.next()
        for (; !step.done; step = await looking.next()) out.progress({ what: 'events', ...step.value })
        const { gone, shared } = step.value
        for (const staffRef of gone)
          out.say({ kind: 'staff', staffRef, found: 'gone' }, `MISSING     the identity of the member of staff ${staffRef}: ${toMend.gone}`)
        for (const staffRef of shared)
          out.say(
            { kind: 'staff', staffRef, found: 'shared' },
            `UNEXPECTED  two identities of the member of staff ${staffRef}: ${toMend.shared}`,
          )
        const found = differences.length + gone.length + shared.length
        out.say({ differences: found }, found === 0 ? 'Everything is as this release makes it.' : `${found} differences.`)
        return found === 0 ? 'done' : 'found'
      },
      { log: 'unchecked' },
    ),
})
const toMend = {
  gone: 'put the table command.staff_identity back from a back-up, or have them registered anew (caseledger staff register)',
  shared: 'whoever bears either token acts as this member: put the table command.staff_identity back from a back-up',
} as const

/** A read model that a worker builds anew is not there yet; whether it gets there, health says. */
export const schemaDifferencesAt = (admin: string, expected = releasedSchema()) =>
  overOneConnection(admin, async sql => {
    const rows = await sql<{ tables: string[] }[]>`select tables from read_model.checkpoint where building`
    const building = rows.flatMap(({ tables }) => tables.map(table => `read_model.${table}`))
    return schemaDifferences(expected, await schemaFacts(sql, schemasIn(expected)), ({ name }) =>
      building.some(table => name.includes(table)),
    )
  })
