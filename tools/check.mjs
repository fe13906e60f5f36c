/** Lint, types, floors and dead code: what has to hold before a test is worth running. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { prepare, root } from './prepare.mjs'

prepare({ build: false })
const bin = name => join(root, 'node_modules', '.bin', name)
const steps = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['lint', 'eslint', ['.']],
  ['floors', 'depcruise', ['libs', 'apps', 'test', 'bench', '--config', '.dependency-cruiser.cjs']],
  ['dead code', 'knip', []],
]
for (const [what, command, args] of steps) {
  process.stdout.write(`${what} … `)
  const { status, stdout, stderr } = spawnSync(bin(command), args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) {
    process.stdout.write(`failed\n${stdout}${stderr}\n`)
    process.exit(1)
  }
  process.stdout.write('ok\n')
}
