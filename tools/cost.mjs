/**
 * What one new thing costs: the examples in CONTRIBUTING.md are added to copies of this tree and checked there, as far as the compiler
 * and specs can tell; the files of each are counted. `--json` prints one line. Fails where one costs more than it may.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { jestFlags } from './jest/flags.mjs'
import { prepare, root, tsc } from './prepare.mjs'

/** Those of one round are checked together. The event is on its own: a read model that is silent about it does not compile. */
const rounds = [
  {
    examples: [{ name: 'event', heading: '## Add an event type', most: 8, inOneFolder: 5, makes: 'test/golden/' }],
    specs: ['libs/domain', 'test/golden'],
  },
  {
    examples: [
      { name: 'command', heading: '## Add a command with its door', most: 3 },
      { name: 'readModel', heading: '## Add a read model with its list', most: 4 },
    ],
    specs: ['libs/domain/person/consent', 'libs/projections', 'libs/nest', 'test/architecture/commands'],
  },
]
const documents = ['test/architecture/openapi', 'test/architecture/clauses']
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

const changedIn = folder =>
  git(folder, 'status', '--porcelain', '-uall')
    .split('\n')
    .filter(Boolean)
    .map(line => line.slice(3))
function added(folder, { name, heading }) {
  const diff = join(folder, '..', `${name}.diff`)
  writeFileSync(diff, exampleUnder(heading))
  git(folder, 'apply', '--whitespace=nowarn', diff)
  rmSync(diff)
  const changed = changedIn(folder)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', name)
  return changed
}

/** What is made of them by the commands that write documents and golden events. */
function made(folder, specs) {
  run(folder, 'types', process.execPath, [tsc, '-p', '.', '--tsBuildInfoFile', '.git/tsbuildinfo'])
  const jest = [...jestFlags, 'node_modules/jest/bin/jest.js']
  const env = { ...process.env, CASELEDGER_UPDATE_GOLDEN: '1', CASELEDGER_WRITE_DOCUMENTS: '1' }
  run(folder, 'specs and documents', process.execPath, [...jest, ...specs, ...documents], { env })
  return changedIn(folder)
}

const counted = {}
function count({ name, most, inOneFolder, makes }, own, written) {
  const files = [...own, ...written.filter(file => makes && file.startsWith(makes))]
  const folders = files.map(dirname)
  const together = Math.max(...folders.map(one => folders.filter(other => other === one).length))
  counted[name] = { files: files.length, ...(inOneFolder ? { inOneFolder: together } : {}) }
  say(`${name}: ${files.length} files, at most ${most}${inOneFolder ? `; ${together} in one folder` : ''}`)
  for (const file of files) say(`  ${file}`)
  if (files.length > most || together < (inOneFolder ?? 0)) process.exitCode = 1
}

prepare({ build: false })
const folder = copyOfTree()
try {
  for (const { examples, specs } of rounds) {
    const own = examples.map(example => added(folder, example))
    const written = made(folder, specs)
    git(folder, 'reset', '-q', '--hard', `HEAD~${examples.length}`)
    git(folder, 'clean', '-fdq')
    for (const [n, example] of examples.entries()) count(example, own[n], written)
    const nobodys = written.filter(file => !isWritten(file) && !examples.some(({ makes }) => makes && file.startsWith(makes)))
    if (nobodys.length > 0) {
      say(`Made by a command, and counted for no example: ${nobodys.join(', ')}`)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(counted)}\n`)
