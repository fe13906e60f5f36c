import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AdvisoryLock } from '#locks/advisory-lock'
import { GateBook } from '#subject-keys/postgres/gate-book'
import { BackupDamaged, backUpVault, proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import { KeyStoreUnavailable, SealBroken, WrongKeyProvider } from '#subject-keys/subject-keys'
import { asAdmin, client, testDatabase } from '../support/database.js'
import { refer } from '../support/people.js'
import { world } from '../support/world.js'

type Row = { table: string; row: Record<string, unknown> }
const now = '2026-11-26T02:00:00.000Z'
let w: Awaited<ReturnType<typeof world>>
let folder: string
let text: string
const file = (name = 'backup') => join(folder, name)
beforeAll(async () => {
  ;[w, folder] = [await world(), mkdtempSync(join(tmpdir(), 'caseledger-backup-'))]
  await refer(w)
  await backUpVault(w.vault.sql, file(), now)
  text = readFileSync(file(), 'utf8')
})
afterAll(async () => {
  await w.end()
  rmSync(folder, { recursive: true, force: true })
})

/** A back-up of other lines whose end fits them. */
function signed(lines: readonly unknown[], { rows = lines.length - 1, more = '' } = {}): string {
  const body = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  writeFileSync(file('changed'), `${body}${JSON.stringify({ rows, sha256: createHash('sha256').update(body).digest('hex') })}\n${more}`)
  return file('changed')
}
const lines = () =>
  text
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Row)
const prove = (path: string) => proveBackup(path, w.vault.provider)

test('a back-up says when it was made and what is in it, and only its owner may read it', async () => {
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  const rows = lines().length - 1
  expect(await prove(file())).toEqual({ madeAt: now, keys: lines().filter(({ table }) => table === 'data_key').length, rows })
  expect(await backUpVault(w.vault.sql, file('again'), now)).toBe(rows)
  expect(await prove(signed(lines()))).toMatchObject({ madeAt: now, rows })
  const elsewhere = await testDatabase()
  const sql = client(elsewhere.urls.vault, 2)
  try {
    expect(await restoreVault(sql, file())).toBe(rows)
    expect(await backUpVault(sql, file('restored'), now)).toBe(rows)
    expect(readFileSync(file('restored'), 'utf8').split('\n').sort()).toEqual(text.split('\n').sort())
  } finally {
    await sql.end()
  }
})
test('more rows of a table than are written at once come back, each once', async () => {
  const many = Array.from({ length: 2_500 }, () => ({ table: 'closed_scope', row: { ...closed(), subject: randomUUID() } }))
  const elsewhere = await testDatabase()
  const sql = client(elsewhere.urls.vault, 2)
  try {
    const all = [...lines().filter(({ table }) => table !== 'closed_scope' && table !== 'gate'), ...many]
    expect(await restoreVault(sql, signed(all))).toBe(all.length - 1)
    expect(await sql`select from vault.closed_scope`).toHaveLength(2_500)
  } finally {
    await sql.end()
  }
})
const closed = () => ({ scope: 'HLT', fence: randomUUID(), closed_at: now })

test.each<[string, () => string, string]>([
  ['with something after its end', () => signed(lines(), { more: `${JSON.stringify(lines()[1])}\n` }), 'something follows its end'],
  ['with two ends', () => signed(lines(), { more: `${text.trimEnd().split('\n').at(-1)!}\n` }), 'something follows its end'],
  ['that counts another number of rows', () => signed(lines(), { rows: 1 }), 'its checksum does not fit'],
  [
    'of another day',
    () => {
      writeFileSync(file('changed'), text.replace('2026-11-26', '2026-11-25'))
      return file('changed')
    },
    'its checksum does not fit',
  ],
  ['with its head twice', () => signed([...lines().slice(0, 2), lines()[0], ...lines().slice(2)]), 'none of a vault'],
  ['with a table of others', () => signed([...lines(), { table: 'users', row: {} }]), 'none of a vault'],
  ['with a line that is no JSON', () => signed([...lines(), 'hello']), 'not JSON'],
  [
    'without its end',
    () => {
      writeFileSync(file('changed'), text.split('\n').slice(0, -2).join('\n'))
      return file('changed')
    },
    'its end is missing',
  ],
  [
    'with a key of an epoch that is not in it',
    () => signed(lines().filter(({ table }) => table !== 'epoch')),
    'belongs to an epoch that is not in it',
  ],
])('a back-up %s is refused', async (_, made, why) => {
  const path = made()
  await expect(prove(path)).rejects.toThrow(why)
  await expect(prove(path)).rejects.toBeInstanceOf(BackupDamaged)
})
test('a key that opens and is not the one that was announced, or does not open, is told apart from a damaged file', async () => {
  const changed = (change: Record<string, unknown>) =>
    signed(lines().map(line => (line.table === 'data_key' ? { ...line, row: { ...line.row, ...change } } : line)))
  await expect(prove(changed({ kc: 'x' }))).rejects.toThrow('commitment')
  await expect(prove(changed({ kc: 'x' }))).rejects.toBeInstanceOf(WrongKeyProvider)
  await expect(prove(changed({ scope: 'OFF' }))).rejects.toBeInstanceOf(SealBroken)
})

describe('passing the restore gate', () => {
  test('one process at a time: the next waits until it is through', async () => {
    const book = () => new GateBook(w.vault.sql)
    const told: string[] = []
    let begin!: () => void
    let end!: () => void
    const [begun, ended] = [
      new Promise<void>(resolve => {
        begin = resolve
      }),
      new Promise<void>(resolve => {
        end = resolve
      }),
    ]
    const first = book().exclusively(async () => {
      told.push('first')
      begin()
      await ended
      told.push('through')
      return 1
    })
    await begun
    const second = book().exclusively(() => {
      told.push('second')
      return Promise.resolve(2)
    })
    // The second has asked for the lock once it has a session of its own.
    await asAdmin(w.database.admin, async sql => {
      for (let asked = 0; asked < 2;)
        asked = (await sql`select from pg_stat_activity where datname = current_database() and query like 'select pg_try_advisory_lock%'`)
          .length
    })
    end()
    expect([await first, await second, told]).toEqual([1, 2, ['first', 'through', 'second']])
  })
  test('who has waited long enough says that the vault is out of reach, and did nothing', async () => {
    const lock = (await AdvisoryLock.acquire(w.vault.sql, 7305))!
    let worked = false
    try {
      await expect(
        new GateBook(w.vault.sql, 2).exclusively(() => {
          worked = true
          return Promise.resolve()
        }),
      ).rejects.toThrow(KeyStoreUnavailable)
      expect(worked).toBe(false)
    } finally {
      await lock.release()
    }
  })
})
