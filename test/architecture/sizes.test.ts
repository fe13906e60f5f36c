import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = process.cwd()
const rooms = ['apps', 'libs', 'bench', 'tools', 'test']
const longestLine = 140
/** Specs beside the code count as code: who changes the one reads the other. A test tells more of a story, and may be longer. */
const longestFile = (path: string) => (/^(test|bench)\//.test(path) ? 400 : 250)

/** A migration is never edited after it has shipped: its lines stay as they are. */
const shippedMigrations = [
  'libs/commands/postgres/migrations.ts',
  'libs/event-store/postgres/migrations.ts',
  'libs/ledger/postgres/migrations.ts',
  'libs/processes/postgres/migrations.ts',
  'libs/projections/postgres/migrations.ts',
  'libs/subject-keys/postgres/migrations/0001-vault.ts',
  'libs/subject-keys/postgres/migrations/0002-lifecycle.ts',
  'libs/subject-keys/postgres/migrations/0003-retirements.ts',
  'libs/subject-keys/postgres/migrations/0004-epochs-by-key.ts',
  'libs/subject-keys/postgres/migrations/0005-reservations-in-order.ts',
  'libs/subject-keys/postgres/migrations/0006-mark.ts',
]

const sources = (folder: string): readonly string[] =>
  rooms.flatMap(room =>
    readdirSync(join(folder, room), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|mjs|cjs|js)$/.test(name))
      .map(name => `${room}/${name}`),
  )

/** What is too long under a folder, by file and line. */
function tooLong(folder: string): readonly string[] {
  return sources(folder)
    .filter(path => !shippedMigrations.includes(path))
    .flatMap(path => {
      const lines = readFileSync(join(folder, path), 'utf8').replace(/\n$/, '').split('\n')
      return [
        ...(lines.length > longestFile(path) ? [`${path} has ${lines.length} lines`] : []),
        ...lines.flatMap((line, n) => ([...line].length > longestLine ? [`${path}:${n + 1} has ${[...line].length} characters`] : [])),
      ]
    })
    .sort()
}

test('no line has more than 140 characters; no file has more than 250 lines, no test more than 400', () => {
  expect(sources(root).length).toBeGreaterThan(400)
  expect(tooLong(root)).toEqual([])
})
test('every shipped migration that is left out is there', () => {
  expect(shippedMigrations.filter(path => !sources(root).includes(path))).toEqual([])
})
test('each planted violation is found, and nothing that is just as long as it may be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-sizes-'))
  const line = (characters: number) => `${'ä'.repeat(characters)}\n`
  const planted = {
    'apps/cli/lines.ts': line(1).repeat(251),
    'apps/cli/enough.ts': line(1).repeat(250),
    'apps/api/api.ts': line(141),
    'bench/lines.cjs': line(1).repeat(401),
    'bench/enough.cjs': line(1).repeat(400),
    'libs/kernel/lines.spec.ts': line(1).repeat(251),
    'libs/kernel/characters.ts': line(140) + line(141),
    'libs/ledger/postgres/migrations.ts': line(141),
    'libs/ledger/postgres/another-migrations.ts': line(141),
    'test/contract/lines.test.ts': line(1).repeat(400) + 'one without an end',
    'test/contract/enough.test.ts': line(1).repeat(400),
    'tools/characters.mjs': line(141),
    'tools/characters.js': line(141),
    'tools/enough.mjs': line(140),
    'tools/not-code.md': line(141),
  }
  try {
    for (const [path, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    expect(tooLong(folder)).toEqual([
      'apps/api/api.ts:1 has 141 characters',
      'apps/cli/lines.ts has 251 lines',
      'bench/lines.cjs has 401 lines',
      'libs/kernel/characters.ts:2 has 141 characters',
      'libs/kernel/lines.spec.ts has 251 lines',
      'libs/ledger/postgres/another-migrations.ts:1 has 141 characters',
      'test/contract/lines.test.ts has 401 lines',
      'tools/characters.js:1 has 141 characters',
      'tools/characters.mjs:1 has 141 characters',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
