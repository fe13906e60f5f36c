import { checkpointText } from './checkpoint.js'
import { FormatError, SignatureRefused } from './format-error.js'
import { noteOf, signatureLine } from './note.js'
import { SigningKey } from './note-key.js'
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
    const unknown = `pq.example+01234567+${Buffer.alloc(1_313, 6).toString('base64')}`
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
  test('a policy ends in a newline', () => {
    expect(() => TrustPolicy.parse('quorum none')).toThrow(FormatError)
  })
})
