/** Installs, builds, and runs every test; arguments are Jest's own (`npm test -- <pattern>`). */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { jestFlags } from './jest/flags.mjs'
import { prepare, root } from './prepare.mjs'

prepare()
const args = process.argv.slice(2)
/** What a run writes instead of comparing: see `npm run golden`, `npm run examples` and `npm run schema`. */
const writing = {
  '--update-golden': 'CASELEDGER_UPDATE_GOLDEN',
  '--update-examples': 'CASELEDGER_UPDATE_EXAMPLES',
  '--update-schema': 'CASELEDGER_UPDATE_SCHEMA',
}
const written = Object.fromEntries(args.filter(arg => arg in writing).map(arg => [writing[arg], '1']))
const { withoutInstallation } = await import('../dist/libs/hosting/settings.js')
const { startTestPostgres } = await import('../dist/libs/hosting/test-postgres.js')
const { factorOf, least, measured } = await import('../dist/test/support/patience.js')
const postgres = await startTestPostgres()
const patience = process.env.CASELEDGER_TEST_PATIENCE || String(factorOf(await measured(postgres.url)))
if (Number(patience) > least) process.stderr.write(`This machine is waited for ${patience} times as long as the tests say.\n`)
let status = 1
try {
  const jest = spawnSync(
    process.execPath,
    [...jestFlags, join(root, 'node_modules/jest/bin/jest.js'), ...args.filter(arg => !(arg in writing))],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...withoutInstallation(process.env), CASELEDGER_TEST_POSTGRES: postgres.url, CASELEDGER_TEST_PATIENCE: patience, ...written },
    },
  )
  status = jest.status ?? 1
} finally {
  await postgres.stop()
}
process.exit(status)
