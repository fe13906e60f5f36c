import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileKeyProvider } from '#subject-keys/file-key-provider'
import { FileRevocationJournal } from '#subject-keys/file-revocation-journal'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import { KeyStoreUnavailable, WrongKeyProvider } from '#subject-keys/subject-keys'
import { asAdmin as asAdminOf, client, testDatabase } from '../support/database.js'
import { subjectKeysContract } from './subject-keys.contract.js'

const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'caseledger-keys-'))
const partsIn = (keys: string) => ({
  provider: new FileKeyProvider(keys),
  journal: new FileRevocationJournal(join(keys, 'revoked.jsonl'), () => new Date().toISOString()),
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const asAdmin = async <T>(work: (sql: ReturnType<typeof client>) => Promise<T>) => asAdminOf((await database).admin, work)

subjectKeysContract('postgres', {
  open: async () => {
    const sql = client((await database).urls.vault)
    return { keys: await PostgresSubjectKeys.start(sql, partsIn(folder)), close: () => sql.end() }
  },
  breakStore: async () => {
    // In this database alone: the role is the whole server's, and other tests work beside this one.
    const here = `alter role caseledger_vault in database ${(await database).name}`
    await asAdmin(async sql => {
      await sql.unsafe(`${here} set statement_timeout = 1`)
      await sql`alter schema vault rename to vault_away`
    })
    return () =>
      asAdmin(async sql => {
        await sql`alter schema vault_away rename to vault`
        await sql.unsafe(`${here} reset statement_timeout`)
      })
  },
  loseKey: kid =>
    asAdmin(async sql => {
      await sql`delete from vault.data_key where kid = ${kid}`
    }),
})

describe('the vault in PostgreSQL', () => {
  test('of nothing it asks nobody: it is sealed, opened and reserved without a database', async () => {
    const sql = client((await database).urls.vault, 1)
    const keys = await PostgresSubjectKeys.start(sql, partsIn(folder))
    await sql.end()
    expect([await keys.seal([]), await keys.open([]), await keys.reserve(randomUUID(), randomUUID(), [])]).toEqual([
      { sealed: [], keys: [] },
      [],
      [],
    ])
    await expect(keys.remaining(randomUUID(), [], [])).rejects.toBeInstanceOf(KeyStoreUnavailable)
  })
  test('a gate that could not be passed is tried again; what is wrong with the vault itself is said in its own words', async () => {
    const sql = client((await database).urls.vault, 2)
    try {
      const keys = await PostgresSubjectKeys.start(sql, partsIn(folder))
      const failures: Error[] = [new Error('the log is away'), new WrongKeyProvider('it was changed')]
      let heard = 0
      keys.hear(
        {
          holds: () => Promise.resolve(true),
          hasFenced: () => Promise.resolve(true),
          stillLive: () => Promise.resolve([]),
          refence: () => Promise.resolve(),
          // eslint-disable-next-line @typescript-eslint/require-await -- as short as a log can be
          async *since() {
            const failure = failures.shift()
            if (failure) throw failure
          },
        },
        () => {
          heard++
        },
      )
      const seal = () =>
        keys.seal([{ subject: randomUUID(), scope: 'REF', at: `${randomUUID()}|ReferralReceived.v1|person.name`, plaintext: '"x"' }])
      await expect(seal()).rejects.toBeInstanceOf(KeyStoreUnavailable)
      await expect(seal()).rejects.toBeInstanceOf(WrongKeyProvider)
      expect([(await seal()).sealed.length, heard, failures]).toEqual([1, 1, []])
      await seal()
      expect(heard).toBe(1)
    } finally {
      await sql.end()
    }
  })
  test('a reservation that nobody recorded for a quarter of an hour does not outlive a reindexing', async () => {
    const sql = client((await database).urls.vault, 2)
    try {
      const keys = await PostgresSubjectKeys.start(sql, partsIn(folder))
      const subject = randomUUID()
      const phone = { field: 'phone', value: subject, scope: 'CON' } as const
      await keys.reserve(randomUUID(), subject, [phone])
      const reindexed = async () => {
        await keys.reindex(subject, () => Promise.resolve({ entries: [], recorded: [] }))
        return (await keys.find(phone)).length
      }
      const older = (by: string) =>
        asAdmin(admin => admin`update vault.blind_index set reserved_at = reserved_at - ${by}::interval where subject = ${subject}`)
      await older('14 minutes')
      expect(await reindexed()).toBe(1)
      await older('2 minutes')
      expect(await reindexed()).toBe(0)
    } finally {
      await sql.end()
    }
  })
})

describe('the key folder', () => {
  const start = async (keys: string) => {
    const sql = client((await database).urls.vault, 1)
    try {
      return await PostgresSubjectKeys.start(sql, partsIn(keys))
    } finally {
      await sql.end()
    }
  }
  test('holds keys that only its owner can read', () => {
    const [file = ''] = readdirSync(folder).filter(name => name.startsWith('epoch-'))
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
  test('that is missing or another one stops the vault at start: it never reads as an erasure', async () => {
    const other = mkdtempSync(join(tmpdir(), 'caseledger-keys-'))
    try {
      await expect(start(other)).rejects.toBeInstanceOf(WrongKeyProvider)
      writeFileSync(join(other, readdirSync(folder).find(name => name.startsWith('epoch-')) ?? ''), Buffer.alloc(32, 7))
      await expect(start(other)).rejects.toBeInstanceOf(WrongKeyProvider)
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  })
  test('no key material stands in the database in the clear', async () => {
    const wrapped = await asAdmin(sql => sql<{ wrapped: Buffer }[]>`select wrapped from vault.data_key`)
    expect(wrapped.length).toBeGreaterThan(0)
    // iv, 32 bytes under AES-GCM, tag
    for (const row of wrapped) expect(row.wrapped).toHaveLength(12 + 32 + 16)
  })
})
