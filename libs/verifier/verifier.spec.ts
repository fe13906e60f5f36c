import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson } from '#event-kit/canonical'
import { checkpointText } from '#merkle/checkpoint'
import { FormatError, Unsupported } from '#merkle/format-error'
import { noteOf, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { tlogProofText } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import { payloadLine, payloadOfLine } from './bundle-layout.js'
import { type LeafHeader, digestOf, entryOf, isEntry, parseEntry } from './leaf-header.js'
import { main } from './main.js'
import { Report } from './verdict.js'
import { asJUnit, asJson, inWords } from './words.js'

const digest = digestOf('jcs', Buffer.from('{}'))
const header: LeafHeader = {
  v: 1,
  log: 'ledger.example/1',
  stream: 'person-1',
  rev: '0',
  id: '00000000-0000-4000-8000-000000000001',
  type: 'Tried',
  pos: '1',
  created: '2026-11-01T09:00:00.000Z',
  data: digest,
  meta: digest,
  prev: '',
  kids: [],
}
const changed = (change: (text: string) => string) => Buffer.from(change(entryOf(header)))

describe('a leaf', () => {
  test('is canonical JSON, there and back', () => {
    expect(parseEntry(Buffer.from(entryOf(header)))).toEqual(header)
    expect(
      entryOf(header).startsWith(
        '{"created":"2026-11-01T09:00:00.000Z","data":{"enc":"jcs","len":2,"sha256":"RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="}',
      ),
    ).toBe(true)
  })
  test.each<readonly [string, Partial<LeafHeader>]>([
    ['as nearly all are', {}],
    ['that follows another, with keys', { prev: digest.sha256, kids: [header.id, header.id.replace('1', '2')] }],
    ['of bytes', { data: { ...digest, enc: 'raw', len: 0 } }],
    ['with a quote', { stream: 'a","type":"b', type: '"' }],
    ['with a backslash', { log: 'a\\b' }],
    ['with letters beyond ASCII, and a control character', { log: 'é', type: '\n' }],
    ['with a quote in a key', { kids: ['a","b'] }],
    ['with a length that is no number of bytes', { meta: { ...digest, len: 0.5 } }],
    ['with a position before the first', { pos: '-1', rev: '-0' }],
  ])('is written as any canonical JSON is: %s', (_, other) => {
    const one = { ...header, ...other }
    expect(entryOf(one)).toBe(canonicalJson(one))
  })
  test.each<readonly [string, Partial<LeafHeader>, boolean]>([
    ['as nearly all are', {}, true],
    ['with letters beyond ASCII', { log: 'é' }, true],
    ['with a revision before the first', { rev: '-1' }, false],
    ['with a position of twenty digits', { pos: '1'.repeat(20) }, false],
    ['with a year of five digits', { created: '+12000-01-01T00:00:00.000Z' }, false],
    ['with a day that there was not', { created: '2026-02-29T09:00:00.000Z' }, false],
    ['with an id that is none', { id: 'x' }, false],
    ['without a type', { type: '' }, false],
  ])('is known to be read before it is one: %s', (_, other, isRead) => {
    const entry = entryOf({ ...header, ...other })
    const read = () => parseEntry(Buffer.from(entry))
    if (isRead) expect(read()).toEqual({ ...header, ...other })
    else expect(read).toThrow(FormatError)
    expect(isEntry(entry)).toBe(isRead)
  })
  test.each([
    ['a space', (text: string) => text.replace('{"created"', '{ "created"')],
    ['another order', (text: string) => text.replace(/^{("created":"[^"]*"),(.*)}$/, '{$2,$1}')],
    ['a name twice', (text: string) => text.replace('{', '{"v":1,')],
    ['a field more', (text: string) => text.replace('"v":1', '"v":1,"w":1')],
    ['a number for a position', (text: string) => text.replace('"pos":"1"', '"pos":1')],
    ['a digest that is none', (text: string) => text.replace('RBNv', '')],
    ['a time without milliseconds', (text: string) => text.replace('.000Z', 'Z')],
    ['no object', () => '[]'],
    ['no JSON', () => '{'],
    ['an escaped letter', (text: string) => text.replace('Tried', '\\u0054ried')],
    ['an id in capitals', (text: string) => text.replace('4000-8000-000000000001', '4000-8000-00000000000A')],
    ['a version that is no number', (text: string) => text.replace('"v":1', '"v":"1"')],
    ['a kid that is no text', (text: string) => text.replace('"kids":[]', '"kids":[1]')],
    ['a lone surrogate', (text: string) => text.replace('person-1', '\\ud800')],
  ])('with %s is refused', (_, change) => {
    expect(() => parseEntry(changed(change))).toThrow(FormatError)
  })
  test('of another version is unsupported; bytes that are no text are refused; one that is too long is not made', () => {
    expect(() => parseEntry(changed(text => text.replace('"v":1', '"v":2')))).toThrow(Unsupported)
    expect(() => parseEntry(Buffer.from([0xff]))).toThrow(FormatError)
    expect(() => entryOf({ ...header, stream: 'x'.repeat(66_000) })).toThrow('at most 65,535 bytes')
  })
})
test('a payload stands in a line as it was stored, or as base64 where it is no JSON', () => {
  for (const [enc, bytes] of [
    ['jcs', Buffer.from('{"a":"é"}')],
    ['raw', Buffer.from([0, 10, 255])],
  ] as const)
    expect(payloadOfLine(Buffer.from(payloadLine(enc, bytes)))).toEqual({ enc, bytes })
  expect(payloadOfLine(Buffer.from(''))).toBeUndefined()
})
test('the worst that was found is the verdict; what nobody looked at is said to be so; what is too much is counted', () => {
  const report = new Report()
  report.looked('tree', 'payloads')
  expect([report.verdict, report.resultOf('tree'), report.resultOf('time')]).toEqual(['VERIFIED', 'ok', 'not checked'])
  report.found({ check: 'payloads', result: 'incomplete', what: 'absent' })
  expect(report.verdict).toBe('INCOMPLETE')
  report.found({ check: 'headers', result: 'unsupported', what: 'version' })
  expect(report.verdict).toBe('UNSUPPORTED')
  for (let index = 0; index < 150; index++)
    report.found({ check: 'tree', result: 'failed', what: 'a "<word>" & more', index, stream: 'person-1', revision: '2', eventId: 'e' })
  expect([report.verdict, report.count('tree')]).toEqual(['FAILED', 150])
  const words = [...inWords(report)]
  expect(words.filter(line => line.includes('leaf 7, person-1@2, event e'))).toHaveLength(1)
  expect(words).toContain('              and 50 more')
  expect(words.at(-1)).toBe('FAILED')
  expect(asJUnit(report)).toContain('message="leaf 7, person-1@2, event e: a &quot;&lt;word>&quot; &amp; more"')
  expect(asJson(report, undefined)).toMatchObject({
    verdict: 'FAILED',
    checks: expect.arrayContaining([{ check: 'tree', result: 'failed', findings: 150 }]) as unknown,
  })
})

describe('verify.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-verify-'))
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const key = SigningKey.generate('ledger.example/1', 'ed25519')
  const text = checkpointText({ origin: 'ledger.example/1', size: 1, root: leafHash(entryOf(header)) })
  const note = noteOf(text, [signatureLine(key, text, 0)])
  const policy = file('trust.policy', `log ${key.verifier.vkey}\nquorum none\n`)
  const proof = (extra: Buffer | undefined, checkpoint = note) =>
    file('receipt.tlog-proof', tlogProofText({ index: 0, hashes: [], checkpoint, extra }))
  const said: string[] = []
  const streams = [process.stdout, process.stderr] as const
  const writes = streams.map(stream => stream.write.bind(stream))
  beforeEach(() => {
    said.length = 0
    for (const stream of streams)
      stream.write = (line: string) => {
        said.push(line)
        return true
      }
  })
  afterEach(() => {
    for (const [n, stream] of streams.entries()) stream.write = writes[n] as never
  })

  test('a receipt is checked by itself, with its leaf or with the hash of it only', async () => {
    expect(await main([proof(Buffer.from(entryOf(header))), '--policy', policy])).toBe(0)
    expect(said.join('')).toContain('person-1')
    expect(await main([proof(Buffer.from(leafHash(entryOf(header)))), '--policy', policy, '--json'])).toBe(0)
    expect(said.at(-1)).toContain('"verdict":"VERIFIED"')
    expect(await main([proof(Buffer.from('another leaf')), '--policy', policy])).toBe(1)
    expect(await main([proof(undefined), '--policy', policy])).toBe(3)
    expect(await main([proof(Buffer.from(entryOf(header)), note.replace('\n1\n', '\n2\n')), '--policy', policy])).toBe(1)
    expect(await main([file('v2.tlog-proof', 'c2sp.org/tlog-proof@v2\nindex 0\n\n'), '--policy', policy])).toBe(4)
    const witness = SigningKey.generate('w.example', 'cosignature')
    expect(
      await main([
        proof(Buffer.from(entryOf(header))),
        '--policy',
        file('witnessed', `log ${key.verifier.vkey}\nwitness W ${witness.verifier.vkey}\nquorum W\n`),
      ]),
    ).toBe(3)
    expect(
      await main([
        proof(Buffer.from(entryOf(header))),
        '--policy',
        file('other', `log ${SigningKey.generate('x.example', 'ed25519').verifier.vkey}\nquorum none\n`),
      ]),
    ).toBe(3)
  })
  test('what was not asked right is told, with what would be right', async () => {
    for (const words of [
      [],
      ['x'],
      ['x', '--policy'],
      [join(folder, 'nothing'), '--policy', policy],
      ['x', 'y', '--policy', policy],
      ['x.tlog-proof', '--policy', file('bad', 'quorum')],
    ])
      expect([words, await main(words)]).toEqual([words, 2])
    expect(await main(['--help'])).toBe(0)
    expect(await main([policy, '--policy', policy])).toBe(3)
  })
})
