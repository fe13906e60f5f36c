import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkpointText } from './checkpoint.js'
import { FormatError, SignatureRefused } from './format-error.js'
import { noteOf, signatureLine } from './note.js'
import { SigningKey, isCheckable, parseVerifierKey } from './note-key.js'
import { TrustPolicy } from './trust-policy.js'
import { leafHash } from './tree-hash.js'

const log = SigningKey.generate('ledger.example/1', 'ed25519')
const witness = SigningKey.generate('witness.example/w', 'cosignature')
const now = 1_790_000_000
const text = checkpointText({ origin: 'ledger.example/1', size: 2, root: leafHash(Buffer.from('a')) })
const signed = noteOf(text, [signatureLine(log, text, now)])
const cosigned = signed + signatureLine(witness, text, now)
const policyLines = [`log ${log.verifier.vkey} https://ledger.example`, `witness W ${witness.verifier.vkey}`]
const policy = (...lines: readonly string[]) => TrustPolicy.parse(`${lines.join('\n')}\n`)
describe('trust policies', () => {
  test('a checkpoint is believed when a log signed it under its own name; whether enough witnesses saw it is told beside it', () => {
    const asksForOne = policy('# whom we trust', '', ...policyLines, ' quorum\tW ')
    expect(asksForOne.open(cosigned)).toMatchObject({ checkpoint: { size: 2 }, witnessed: [{ name: 'W', time: now }], quorum: true })
    expect(asksForOne.open(signed)).toMatchObject({ witnessed: [], quorum: false })
    expect(policy(...policyLines, 'quorum none').open(signed).quorum).toBe(true)
  })
  test('another log, a witness alone, or a name that is not the origin is refused', () => {
    const trusting = policy(...policyLines, 'quorum none')
    const other = SigningKey.generate('other.example', 'ed25519')
    expect(() => trusting.open(noteOf(text, [signatureLine(witness, text, now)]))).toThrow(SignatureRefused)
    expect(() => policy(`log ${other.verifier.vkey}`, 'quorum none').open(noteOf(text, [signatureLine(other, text, now)]))).toThrow(
      'another name',
    )
    expect(() => trusting.open(noteOf('no checkpoint\n', [signatureLine(log, 'no checkpoint\n', now)]))).toThrow(FormatError)
  })
  test('groups count their members, of which some are groups', () => {
    const keys = ['X1', 'X2', 'X3', 'Y1', 'Y2'].map(
      name => [name, `witness ${name} ${SigningKey.generate(`${name}.example`, 'cosignature').verifier.vkey}`] as const,
    )
    const nested = policy(...keys.map(([, line]) => line), 'group X 2 X1 X2 X3', 'group Y any Y1 Y2', 'group both all X Y', 'quorum both')
    const met = (...names: readonly string[]) => nested.isMetBy(new Set(names))
    expect([met('X1', 'X3', 'Y2'), met('X1', 'Y1'), met('X1', 'X2', 'X3'), met('X', 'Y'), met('Y1', 'Y2', 'X2')]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
  test('a key of a type that is not known is named, and never believed', () => {
    const unknown = `pq.example+01234567+${Buffer.alloc(1_313, 7).toString('base64')}`
    const cautious = policy(...policyLines, `witness PQ ${unknown}`, 'group G all W PQ', 'quorum G')
    expect(cautious.unsupported).toEqual(['pq.example'])
    expect(cautious.open(cosigned).quorum).toBe(false)
  })
  const second = SigningKey.generate('w2.example', 'cosignature').verifier.vkey
  test.each([
    ['no quorum', policyLines],
    ['two quorums', [...policyLines, 'quorum none', 'quorum none']],
    ['a quorum that is not there', [...policyLines, 'quorum V']],
    ['an unknown word', ['logs x', 'quorum none']],
    ['a log twice', [...policyLines, policyLines[0]!, 'quorum none']],
    ['a witness twice', [...policyLines, policyLines[1]!.replace('W', 'V'), 'quorum none']],
    ['a name twice', [...policyLines, `witness W ${second}`, 'quorum none']],
    ['the name none', [`witness none ${second}`, 'quorum none']],
    ['a witness with a key for notes', [`witness V ${log.verifier.vkey}`, 'quorum none']],
    ['a member twice', [...policyLines, 'group A any W', 'group B any W', 'quorum none']],
    ['a member below', [...policyLines, 'group A any B', 'group B any W', 'quorum none']],
    ['too many needed', [...policyLines, 'group A 2 W', 'quorum none']],
    ['none needed', [...policyLines, 'group A 0 W', 'quorum none']],
    ['no members', [...policyLines, 'group A any', 'quorum none']],
    ['a group of none', [...policyLines, 'group A any none', 'quorum none']],
    ['a control character', ['quorum none\r']],
    ['a word too many', ['quorum none none']],
    ['a log with two addresses', [`${policyLines[0]} x`, 'quorum none']],
  ])('a policy with %s is refused', (_, lines) => {
    expect(() => policy(...lines)).toThrow(FormatError)
  })
  test('a policy ends in a newline; what is wrong with one is told once, with file, line and rule', () => {
    expect(() => TrustPolicy.parse('quorum none')).toThrow(FormatError)
    for (const [text, told] of [
      ['# mine\nquorum none\nlogs x\n', 'mine.policy, line 3: A line of a trust policy begins with log, origin, witness, group or quorum'],
      ['\n\tquorum\n', 'mine.policy, line 2: A quorum is: quorum <name>, or quorum none'],
      ['quorum none\r\n', 'mine.policy, line 1: A trust policy holds no control characters but tabs and newlines'],
      ['# nothing\n', 'mine.policy, line 2: A trust policy has a quorum'],
      ['quorum none', 'mine.policy, line 1: A line'],
    ] as const) {
      let message = ''
      try {
        TrustPolicy.parse(text, 'mine.policy')
      } catch (error) {
        ;({ message } = error as Error)
      }
      expect([text, message]).toEqual([text, told.endsWith('A line') ? 'mine.policy, line 1: A trust policy ends in a newline' : told])
    }
  })
  test('a log is believed under the origin that the policy gives it instead of the name of its key, and under no other', () => {
    const origin = 'go.sum database  tree'
    const elsewhere = checkpointText({ origin, size: 2, root: leafHash(Buffer.from('a')) })
    const note = noteOf(elsewhere, [signatureLine(log, elsewhere, now)])
    const under = (...lines: readonly string[]) => policy(policyLines[0]!, ...lines, 'quorum none')
    expect(under(` origin\t${origin} `).open(note).checkpoint.origin).toBe(origin)
    expect(() => under().open(note)).toThrow('another name')
    expect(() => under('origin go.sum database tree').open(note)).toThrow('another name')
    expect(() => under(`origin ${origin}`).open(signed)).toThrow('another name')
    for (const lines of [['origin'], ['origin x', 'origin y'], [policyLines[1]!, 'origin x'], ['quorum none', 'origin x']])
      expect([lines, kindOf(() => policy(policyLines[0]!, ...lines))]).toEqual([lines, FormatError])
    expect(() => policy('origin x', 'quorum none')).toThrow('on the line below its log')
  })
  const kindOf = (work: () => unknown) => {
    try {
      work()
      return undefined
    } catch (error) {
      return (error as Error).constructor
    }
  }
  const typed = (type: number, key: Buffer) => Buffer.concat([Buffer.from([type]), key])
  const vkeyOf = (name: string, bytes: Buffer) =>
    `${name}+${createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8)}+${bytes.toString('base64')}`
  test('the same key stands in a policy once: under whatever name, as whatever it is, and also where its type is not known', () => {
    const same = (type: number, name: string) => vkeyOf(name, typed(type, log.verifier.publicKey))
    const unknown = Buffer.alloc(40, 251)
    for (const lines of [
      [`log ${same(1, 'another.example')}`],
      [`witness W ${same(4, 'w.example')}`],
      [`log ${vkeyOf('a', typed(9, unknown))}`, `log ${vkeyOf('b', typed(9, unknown))}`],
      [`witness A ${vkeyOf('a', typed(9, unknown))}`, `witness B ${vkeyOf('b', typed(8, unknown))}`],
    ])
      expect(() => policy(policyLines[0]!, ...lines, 'quorum none')).toThrow('A key is listed once')
  })
  test('what a witness signed with ML-DSA-44, in Node 24.22 with OpenSSL 3.5.9, is checked where this Node can', () => {
    const made = JSON.parse(readFileSync('test/vectors/ml-dsa-44.json', 'utf8')) as Record<'log' | 'witness' | 'note', string> & {
      time: number
    }
    const trusting = policy(`log ${made.log}`, `witness PQ ${made.witness}`, 'quorum PQ')
    const changed_ = made.note.slice(0, -100) + (made.note.at(-100) === 'A' ? 'B' : 'A') + made.note.slice(-99)
    if (isCheckable(parseVerifierKey(made.witness))) {
      expect(trusting.open(made.note)).toMatchObject({ quorum: true, unchecked: [], witnessed: [{ name: 'PQ', time: made.time }] })
      expect(() => trusting.open(changed_)).toThrow(SignatureRefused)
    } else expect(trusting.open(made.note)).toMatchObject({ quorum: false, unchecked: ['PQ'] })
  })
  test('a witness that signs with ML-DSA-44 is read; where this Node cannot check it, it is named and counts for nothing', () => {
    const pq = Buffer.alloc(1_312, 7)
    const vkey = vkeyOf('pq.example', typed(6, pq))
    const line = (size: number) =>
      `\u2014 pq.example ${Buffer.concat([Buffer.from(vkey.split('+')[1]!, 'hex'), Buffer.alloc(8 + size)]).toString('base64')}\n`
    const trusting = policy(...policyLines, `witness PQ ${vkey}`, 'group any 1 W PQ', 'quorum any')
    expect(trusting.unsupported).toEqual([])
    expect(trusting.open(cosigned).quorum).toBe(true)
    expect(() => trusting.open(signed + line(64))).toThrow(SignatureRefused)
    if (isCheckable(parseVerifierKey(vkey))) expect(() => trusting.open(signed + line(2_420))).toThrow(SignatureRefused)
    else {
      expect(trusting.open(signed + line(2_420))).toMatchObject({ quorum: false, unchecked: ['PQ'] })
      expect(trusting.open(cosigned + line(2_420))).toMatchObject({ quorum: true, unchecked: [] })
      expect(policy(...policyLines, `witness PQ ${vkey}`, 'quorum W').open(signed + line(2_420)).unchecked).toEqual([])
      expect(() => policy(`log ${vkey}`, 'quorum none').open(signed + line(2_420))).toThrow('pq.example signed with ML-DSA-44')
    }
    expect(() => policy(`witness PQ ${vkeyOf('pq.example', typed(6, pq.subarray(1)))}`, 'quorum none')).toThrow('is 1312 bytes')
  })
})
