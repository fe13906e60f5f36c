/**
 * What one new thing costs: each of the three examples in CONTRIBUTING.md is added to a copy of this tree, checked there as far as the
 * compiler and its specs can tell, and its files are counted. `--json` prints one line. Fails where one costs more than it may.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { prepare, root } from './prepare.mjs'

const examples = [
  { name: 'event', heading: '## Add an event type', most: 8, inOneFolder: 5, specs: ['libs/domain', 'test/golden'] },
  { name: 'command', heading: '## Add a command with its door', most: 3, specs: ['libs/domain', 'test/architecture/commands'] },
  { name: 'readModel', heading: '## Add a read model with its list', most: 4, specs: ['libs/projections', 'libs/nest'] },
]
/** Written by a command from what stands elsewhere: nobody edits them. */
const isWritten = file => ['docs/openapi.json', 'docs/clauses.md', 'docs/schema.json'].includes(file)
const say = text => process.stderr.write(`${text}\n`)

function run(folder, what, command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
  if (status === 0) return stdout
  say(`${what} failed:\n${stdout}${stderr}`)
  process.exit(1)
}
const git = (folder, ...args) =>
  run(folder, `git ${args[0]}`, 'git', ['-c', 'user.name=cost', '-c', 'user.email=cost@example.invalid', ...args])

/** The diff that stands under a heading. */
function exampleUnder(heading) {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const [, section] = text.split(`\n${heading}\n`)
  const diff = section && /```diff\n([\s\S]*?)```/.exec(section.split('\n## ')[0])?.[1]
  if (!diff) throw new Error(`CONTRIBUTING.md has no example under "${heading}"`)
  return diff
}

/** What git knows of this tree, in a folder of its own: edits of the moment included. */
function copyOfTree() {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-cost-'))
  const files = run(root, 'git ls-files', 'git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).split('\0')
  for (const file of files.filter(name => name !== '' && existsSync(join(root, name)))) cpSync(join(root, file), join(folder, file))
  cpSync(join(root, 'generated'), join(folder, 'generated'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  git(folder, 'init', '-q')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'before')
  return folder
}

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
function added(folder, { name, heading, specs }) {
  writeFileSync(join(folder, '..', `${name}.diff`), exampleUnder(heading))
  git(folder, 'apply', '--whitespace=nowarn', join(folder, '..', `${name}.diff`))
  rmSync(join(folder, '..', `${name}.diff`))
  run(folder, `${name}: types`, join(root, 'node_modules/.bin/tsc'), ['-p', '.', '--tsBuildInfoFile', '.git/tsbuildinfo'])
  const env = { ...process.env, CASELEDGER_UPDATE_GOLDEN: '1', CASELEDGER_WRITE_DOCUMENTS: '1' }
  run(
    folder,
    `${name}: specs and documents`,
    process.execPath,
    [...jest, ...specs, 'test/architecture/openapi', 'test/architecture/clauses'],
    { env },
  )
  const changed = git(folder, 'status', '--porcelain', '-uall')
    .trimEnd()
    .split('\n')
    .map(line => line.slice(3))
  git(folder, 'reset', '-q', '--hard')
  git(folder, 'clean', '-fdq')
  return changed
}

prepare({ build: false })
const folder = copyOfTree()
const counted = {}
try {
  for (const example of examples) {
    const changed = added(folder, example)
    const files = changed.filter(file => !isWritten(file))
    const folders = files.map(dirname)
    const inOneFolder = Math.max(...folders.map(one => folders.filter(other => other === one).length))
    counted[example.name] = { files: files.length, ...(example.inOneFolder ? { inOneFolder } : {}) }
    say(`${example.name}: ${files.length} files, at most ${example.most}${example.inOneFolder ? `; ${inOneFolder} in one folder` : ''}`)
    for (const file of changed) say(`  ${file}${isWritten(file) ? ' (written by a command)' : ''}`)
    if (files.length > example.most || inOneFolder < (example.inOneFolder ?? 0)) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(counted)}\n`)
