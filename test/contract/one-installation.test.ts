import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '../support/database.js'
import { TokenIssuer } from '../support/token-issuer.js'

const root = process.cwd()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-one-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
function caseledger(words: readonly string[], settings: Readonly<Record<string, string>> = {}, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/caseledger.mjs'), ...words], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...settings },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('a command in a second terminal makes no second installation: it says which one it found', () => {
  const [above, below] = [join(folder, '.data'), join(folder, 'some/where')]
  for (const made of [join(above, 'postgres'), below]) mkdirSync(made, { recursive: true })
  writeFileSync(join(above, 'postgres', 'PG_VERSION'), '18\n')
  const { status, stdout, stderr } = caseledger(['token', '--role', 'dpo', '--sub', 'dpo-1'], {}, below)
  expect([status, stdout]).toEqual([3, ''])
  expect(stderr).toContain(`There is no installation in ${join(below, '.data')}. There is one in `)
  expect(stderr).toContain(above)
  expect(stderr).toMatch(/set CASELEDGER_DATA_DIR=.*this command with --new\.\n$/)
  expect(existsSync(join(below, '.data'))).toBe(false)
})
test.each([['health'], ['keys', 'rotate'], ['vault', 'backup'], ['projections', 'status']])(
  'nor does one that could find nothing there: %s %s',
  (...words) => {
    const { status, stderr } = caseledger(words.filter(Boolean))
    expect([status, stderr]).toEqual([3, expect.stringMatching(/^There is no installation in .* npm start makes one\.\n$/)])
    expect(existsSync(join(folder, '.data'))).toBe(false)
  },
)

describe('in production the operators register the first of the staff', () => {
  let issuer: TokenIssuer
  let settings: Readonly<Record<string, string>>
  beforeEach(async () => {
    issuer = await TokenIssuer.start()
    settings = {
      ...issuer.settings,
      NODE_ENV: 'production',
      DATABASE_URL: (await testDatabase()).admin,
      CASELEDGER_DATA_DIR: join(folder, 'data'),
      CASELEDGER_KEYS_DIR: join(folder, 'keys'),
    }
  })
  afterEach(() => issuer.stop())

  const register = ['staff', 'register', '--sub', 'dpo@example.org', '--role', 'dpo', '--json']
  test('by command, once, under a reference that says nothing of them', () => {
    const first = caseledger(register, settings)
    expect([first.status, first.stderr]).toEqual([0, ''])
    expect(JSON.parse(first.stdout)).toEqual({ staffRef: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, role: 'dpo' })
    expect(caseledger(register, settings).stdout).toBe(first.stdout)
    expect(existsSync(join(folder, 'data', 'issuer'))).toBe(false)
  })
  test('and nobody gets a token of the laptop', () => {
    expect(caseledger(['token', '--role', 'dpo', '--sub', 'dpo-1'], settings)).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringMatching(/^The local issuer is not for production.*caseledger staff register/) as string,
    })
    const { CASELEDGER_ISSUER: _, CASELEDGER_AUDIENCE: __, CASELEDGER_JWKS_URL: ___, ...without } = settings
    expect(caseledger(register, without)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('In production tokens come from an issuer of your own') as string,
    })
    expect(existsSync(join(folder, 'data', 'issuer'))).toBe(false)
  })
})
