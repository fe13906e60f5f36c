/**
 * `npm run mutate [-- rules | vault]`: Stryker on the libraries that stryker.config.js names, with a PostgreSQL of its own for the vault.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { prepare, root } from './prepare.mjs'

prepare()
const { startTestPostgres } = await import('../dist/libs/hosting/test-postgres.js')
const [wanted, ...args] = process.argv.slice(2)
const postgres = await startTestPostgres()
try {
  for (const pass of wanted === undefined ? ['rules', 'vault'] : [wanted]) {
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CASELEDGER_TEST_POSTGRES: postgres.url, CASELEDGER_MUTATE: pass },
    })
    if (status !== 0) process.exitCode = status ?? 1
  }
} finally {
  await postgres.stop()
}
