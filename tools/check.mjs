/**
 * Types, lint, form, floors, dead code and the API's document: what has to hold before a test is worth running. All of them at once, told
 * in their order.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { prepare, root, tsc } from './prepare.mjs'

prepare({ build: false })
const run = (command, args) => runThis(join(root, 'node_modules', '.bin', command), args)
const runThis = (program, args) =>
  new Promise(resolve => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', text => {
        said += text
      })
    child.once('close', status => {
      resolve({ status, said })
    })
  })
const steps = [
  ['types', runThis(process.execPath, [tsc, '-p', 'tsconfig.json'])],
  ['lint', run('eslint', ['.'])],
  ['form', run('prettier', ['--check', '--log-level', 'warn', '**/*.{ts,mjs,cjs,js}'])],
  ['floors', run('depcruise', ['libs', 'apps', 'test', 'bench', '--config', '.dependency-cruiser.cjs'])],
  ['dead code', run('knip', [])],
  ['API document', runThis(process.execPath, [join('tools', 'lint-openapi.mjs')])],
]
for (const [what, running] of steps) {
  process.stdout.write(`${what} … `)
  const { status, said } = await running
  process.stdout.write(status === 0 ? 'ok\n' : `failed\n${said}\n`)
  if (status !== 0) process.exitCode = 1
}
