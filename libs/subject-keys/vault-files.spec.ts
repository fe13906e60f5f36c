import { randomBytes, randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { erasableScopes } from '#event-kit/scope'
import { FileKeyProvider } from './file-key-provider.js'
import { FileRevocationJournal, JournalDamaged } from './file-revocation-journal.js'
import type { Revocation } from './revocation-journal.js'
import { indexEntriesOf } from './search-values.js'
import { WrongKeyProvider } from './subject-keys.js'
import { indexToken, rewrapToken, unwrapKey, wrapKey } from './wrapping.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-vault-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('key-encryption keys as files', () => {
  const keys = () => join(folder, 'a', 'keys')
  const provider = () => new FileKeyProvider(keys())
  test('only their owner may read them, also in a folder that was there and open', async () => {
    mkdirSync(keys(), { recursive: true, mode: 0o755 })
    const keyId = await provider().create()
    expect([modeOf(keys()), modeOf(join(keys(), `epoch-${keyId}.key`)), readFileSync(join(keys(), `epoch-${keyId}.key`)).length]).toEqual([
      0o700, 0o600, 32,
    ])
  })
  test('each is another one, and opens only what it wrapped', async () => {
    const [one, other, key] = [await provider().create(), await provider().create(), randomBytes(32)]
    const wrapped = await provider().wrap(one, key)
    expect(await provider().unwrap(one, wrapped)).toEqual(key)
    await expect(provider().unwrap(other, wrapped)).rejects.toThrow('is not the one that was used')
    writeFileSync(join(keys(), `epoch-${other}.key`), readFileSync(join(keys(), `epoch-${one}.key`)))
    await expect(provider().unwrap(other, wrapped)).rejects.toBeInstanceOf(WrongKeyProvider)
  })
  test('a key that was destroyed is missing, and may be destroyed again; others stay', async () => {
    const [one, other] = [await provider().create(), await provider().create()]
    await provider().destroy(one)
    expect(readdirSync(keys())).toEqual([`epoch-${other}.key`])
    await provider().destroy(one)
    await expect(provider().unwrap(one, Buffer.alloc(60))).rejects.toThrow('is missing')
    await expect(provider().wrap(one, Buffer.alloc(32))).rejects.toBeInstanceOf(WrongKeyProvider)
  })
  test('what cannot be destroyed is not said to be', async () => {
    const keyId = randomUUID()
    mkdirSync(join(keys(), `epoch-${keyId}.key`), { recursive: true })
    await expect(provider().destroy(keyId)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})

describe('the revocation journal', () => {
  const path = () => join(folder, 'journal', 'revocations.jsonl')
  const journal = () => new FileRevocationJournal(path(), () => '2026-11-26T02:00:00.000Z')
  const revocation = (change: Partial<Revocation> = {}): Revocation => ({
    subject: randomUUID(),
    scopes: erasableScopes,
    kids: [randomUUID()],
    fenceEventId: randomUUID(),
    cause: 'ERASURE',
    ...change,
  })
  test('holds nothing before the first record, and then each, with the place after it; only its owner may read it', async () => {
    expect(await journal().since(0)).toEqual([])
    const written = [revocation(), revocation({ scopes: ['HLT'], cause: 'PART_ERASED' }), revocation({ scopes: [], cause: 'FIELD_ERASED' })]
    for (const one of written) await journal().append(one)
    const found = await journal().since(0)
    expect(found.map(({ revocation: one }) => one)).toEqual(written)
    expect([modeOf(path()), modeOf(join(folder, 'journal')), found.at(-1)!.end]).toEqual([0o600, 0o700, readFileSync(path()).length])
    expect((await journal().since(found[0]!.end)).map(({ revocation: one }) => one)).toEqual(written.slice(1))
    expect(await journal().since(found[2]!.end)).toEqual([])
    expect(await journal().since(found[2]!.end + 1)).toEqual(found)
  })
  test('the first records gave no cause, and later ones none for a part: it is told from the scopes', async () => {
    const record = (scopes: readonly string[], cause?: string) =>
      JSON.stringify({ v: 1, subject: randomUUID(), scopes, kids: [], fence: randomUUID(), cause, at: '2026-11-26T02:00:00.000Z' })
    mkdirSync(join(folder, 'journal'))
    writeFileSync(path(), [record(erasableScopes), record(['HLT']), record([]), record(['HLT'], 'ERASURE')].join('\n') + '\n')
    expect((await journal().since(0)).map(({ revocation: { cause } }) => cause)).toEqual([
      'ERASURE',
      'PART_ERASED',
      'FIELD_ERASED',
      'PART_ERASED',
    ])
  })
  test('a record that a crash tore is passed over, at the end and before the next one', async () => {
    const [first, last] = [revocation(), revocation()]
    await journal().append(first)
    const whole = readFileSync(path(), 'utf8')
    appendFileSync(path(), whole.trimEnd().slice(0, -10))
    expect((await journal().since(0)).map(({ revocation: one }) => one)).toEqual([first])
    await journal().append(last)
    expect((await journal().since(0)).map(({ revocation: one }) => one)).toEqual([first, last])
  })
  test.each<[string, (text: string) => string]>([
    ['a record that is whole and means nothing', text => `{"v":2}\n${text}`],
    ['a torn end that nothing of ours follows', text => `${text.trimEnd().slice(0, -10)}\nx\n`],
    ['a record changed in its middle', text => text.replace('"v":1', '"v":7')],
  ])('%s stops everything, with the place of it', async (_, change) => {
    await journal().append(revocation())
    writeFileSync(path(), change(readFileSync(path(), 'utf8').trimStart()))
    await expect(journal().since(0)).rejects.toThrow('cannot be read at byte 0')
    await expect(journal().since(0)).rejects.toBeInstanceOf(JournalDamaged)
  })
  test('a journal that cannot be read is not an empty one', async () => {
    mkdirSync(path(), { recursive: true })
    await expect(journal().since(0)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})

test('a wrapped key is bound to what it is for, and a search token to its epoch', () => {
  const [under, key, other] = [randomBytes(32), randomBytes(32), randomBytes(32)]
  const wrapped = wrapKey(under, key, 'for this')
  expect(unwrapKey(under, wrapped, 'for this')).toEqual(key)
  for (const [by, aad, bytes] of [
    [other, 'for this', wrapped],
    [under, 'for that', wrapped],
    [under, 'for this', Buffer.concat([wrapped.subarray(0, -1), Buffer.from([wrapped.at(-1)! ^ 1])])],
  ] as const)
    expect(() => unwrapKey(by, bytes, aad)).toThrow()
  expect(() => unwrapKey(under, wrapped.subarray(0, 20), 'for this')).toThrow()
  const token = indexToken(under, key, 'phone', '0123456')
  expect(indexToken(under, key, 'phone', '0123456')).toEqual(token)
  for (const differs of [
    indexToken(under, key, 'phone', '0123457'),
    indexToken(under, key, 'nhsNumber', '0123456'),
    indexToken(under, other, 'phone', '0123456'),
    indexToken(other, key, 'phone', '0123456'),
    indexToken(under, key, 'phon', 'e0123456'),
  ])
    expect(differs).not.toEqual(token)
  expect(rewrapToken(under, other, token)).toEqual(indexToken(other, key, 'phone', '0123456'))
  expect(() => rewrapToken(other, under, token)).toThrow()
})

test.each<readonly [string, Parameters<typeof indexEntriesOf>[0], readonly (readonly [string, string])[]]>([
  ['nothing', {}, []],
  ['a name alone finds nobody', { name: 'Ada' }, []],
  ['nor does a date of birth', { dateOfBirth: '1990-01-01' }, []],
  [
    'a name as it is spelt',
    { name: '  ÉLODIE   O’Brien-Ní ', dateOfBirth: '1990-01-01' },
    [['foldedNameAndDateOfBirth', 'elodieobrienni|1990-01-01']],
  ],
  ['a number with spaces and hyphens', { nhsNumber: '999 000-0018' }, [['nhsNumber', '9990000018']]],
  ['a telephone from abroad, with a zero in brackets', { phone: '+44 (0)7700 900471' }, [['phone', '07700900471']]],
  ['by the other prefix', { phone: '0044 7700-900471' }, [['phone', '07700900471']]],
  ['of another country', { phone: '+33 1 23 45' }, [['phone', '+3312345']]],
  ['the prefix in the middle of a number', { phone: '07+447700' }, [['phone', '07+447700']]],
  ['five digits are enough', { phone: '12345' }, [['phone', '12345']]],
  ['four are not', { phone: '1 2 3 4 x' }, []],
])('what a person is found by: %s', (_, of, found) => {
  expect(indexEntriesOf(of, { identity: 'REF', contact: 'EMP' }).map(({ field, value, scope }) => [field, value, scope])).toEqual(
    found.map(([field, value]) => [field, value, field === 'phone' ? 'EMP' : 'REF']),
  )
})
