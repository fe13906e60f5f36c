import type { SqlMigration } from '#kernel/migration'
import { createTable } from '#projections/projection'
import { projections } from './all.js'

/** The tables as their projections declare them. A read model that changes gets a new migration that drops and rebuilds it. */
export const readModelMigrations: readonly SqlMigration[] = [
  {
    name: '0001-read-models',
    sql: `set local role caseledger_app;\n${projections.flatMap(({ tables }) => tables.map(table => createTable(table))).join('\n')}\nreset role;`,
  },
]
