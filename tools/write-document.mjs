/** Writes a document that follows from the code: the test that compares it writes it instead. From the sources: nothing has to be built. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { jestFlags } from './jest/flags.mjs'
import { prepare, root } from './prepare.mjs'

prepare({ build: false })
const { status } = spawnSync(
  process.execPath,
  [...jestFlags, join(root, 'node_modules/jest/bin/jest.js'), `test/architecture/${process.argv[2]}.test.ts`],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CASELEDGER_WRITE_DOCUMENTS: '1' } },
)
process.exitCode = status ?? 1
