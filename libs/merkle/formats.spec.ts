import { checkpointText, parseCheckpointText } from './checkpoint.js'
import { FormatError, SignatureRefused, Unsupported } from './format-error.js'
import { noteOf, openNote, parseNote, parseSignatureLine, signatureLine } from './note.js'
import { SigningKey, parseVerifierKey } from './note-key.js'
import { checkTlogProof, parseTlogProof, tlogProofText } from './tlog-proof.js'
import { TrustPolicy } from './trust-policy.js'
import { emptyRoot, leafHash, nodeHash } from './tree-hash.js'
import { addCheckpointText, parseAddCheckpoint } from './witness-request.js'

const log = SigningKey.generate('ledger.example/1', 'ed25519')
const witness = SigningKey.generate('witness.example/w', 'cosignature')
const now = 1_790_000_000
const [leaf, sibling] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))]
const text = checkpointText({ origin: 'ledger.example/1', size: 2, root: nodeHash(leaf, sibling) })
const signed = noteOf(text, [signatureLine(log, text, now)])
const cosigned = signed + signatureLine(witness, text, now)
const swapped = (note: string, from: string, to: string) => {
  expect(note).toContain(from)
  return note.replace(from, to)
}

describe('notes', () => {
  test('the example of c2sp.org/signed-note verifies, made by other software', () => {
    const key = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k')
    const note =
      'This is an example message.\n\n\u2014 example.com/foo '
      + 'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
    expect(openNote(note, [key])).toMatchObject({ text: 'This is an example message.\n', signedBy: [{ time: undefined }] })
    expect(() => openNote(swapped(note, 'message.', 'massage.'), [key])).toThrow(SignatureRefused)
  })
  test('a key signs, and comes back from its secret text', () => {
    expect(openNote(signed, [log.verifier])).toMatchObject({ text, signedBy: [{ key: { name: 'ledger.example/1' }, time: undefined }] })
    for (const key of [log, witness]) {
      expect(SigningKey.parse(key.secret()).verifier).toEqual(key.verifier)
      expect(parseVerifierKey(key.verifier.vkey)).toEqual(key.verifier)
    }
  })
  test('a cosignature says when the witness saw it, and the time is signed', () => {
    expect(openNote(cosigned, [witness.verifier]).signedBy).toMatchObject([{ time: now }])
    const line = signatureLine(witness, text, now)
    const bytes = Buffer.from(line.split(' ')[2]!, 'base64')
    bytes.writeBigUInt64BE(BigInt(now + 1), 4)
    expect(() => openNote(signed + swapped(line, line.split(' ')[2]!, `${bytes.toString('base64')}\n`), [witness.verifier])).toThrow(
      SignatureRefused,
    )
  })
  test('signatures by unknown keys say nothing; a false one in the name of a known key spoils the note', () => {
    const stranger = SigningKey.generate('ledger.example/1', 'ed25519')
    const byStranger = signatureLine(stranger, text, now)
    expect(openNote(signed + byStranger, [log.verifier]).signedBy).toHaveLength(1)
    expect(() => openNote(noteOf(text, [byStranger]), [log.verifier])).toThrow('No known key')
    const false_ = signatureLine(log, 'something else\n', now)
    expect(() => openNote(signed + false_, [log.verifier])).toThrow('not by that key')
    const short = `\u2014 ledger.example/1 ${Buffer.concat([Buffer.from(log.verifier.id, 'hex'), Buffer.alloc(63)]).toString('base64')}\n`
    expect(() => openNote(signed + short, [log.verifier])).toThrow(SignatureRefused)
  })
  test('the text is what stands before the last blank line', () => {
    expect(parseNote('a\n\nb\n\n\u2014 n AAAAAAA=\n').text).toBe('a\n\nb\n')
  })
  test.each([
    ['no blank line', signed.replace('\n\n', '\n')],
    ['no signature', `${text}\n`],
    ['no last newline', signed.slice(0, -1)],
    ['a control character', swapped(signed, 'ledger', 'led\tger')],
    ['a carriage return', signed.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', swapped(signed, '\u2014', '-')],
    ['a lone surrogate', `\ud800${signed}`],
    ['two spaces', swapped(signed, '\u2014 ', '\u2014  ')],
    ['base64 without padding', signed.replace(/=*\n$/, '\n')],
    ['a line that is no signature', `${signed}x\n`],
    ['too many signatures', signed + signatureLine(log, text, now).repeat(100)],
    ['too long', 'x'.repeat(1_000_000) + signed],
  ])('a note with %s is refused', (_, note) => {
    expect(() => parseNote(note)).toThrow(FormatError)
  })
  test('a hundred signatures are read', () => {
    expect(parseNote(signed + signatureLine(log, text, now).repeat(99)).signatures).toHaveLength(100)
  })
  test.each([
    '\u2014 a+b AAAAAAA=',
    '\u2014 \u00a0 AAAAAAA=',
    '\u2014 a AAAA',
    '\u2014 a AAAAAAB=',
    '\u2014  AAAAAAA=',
    '\u2014 a AAAAAAA= ',
  ])('the signature line %j is refused', line => {
    expect(() => parseSignatureLine(line)).toThrow(FormatError)
  })
})

describe('keys', () => {
  const [name, id, material] = log.verifier.vkey.split('+') as [string, string, string]
  test.each([
    ['another id', `${name}+00000000+${material}`],
    ['an id in capitals', `${name}+${id.toUpperCase()}+${material}`.replace(/\+[0-9]{8}\+/, '+AAAAAAAA+')],
    ['another name', `x${name}+${id}+${material}`],
    ['no name', `+${id}+${material}`],
    ['a space in its name', `a b+${id}+${material}`],
    ['two parts', `${name}+${id}`],
    ['a key that is too short', `${name}+${id}+AQAA`],
  ])('a verifier key with %s is refused', (_, vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(FormatError)
  })
  test('a type of key that is not known is unsupported, not wrong', () => {
    expect(() => parseVerifierKey(`${name}+${id}+${Buffer.alloc(33, 7).toString('base64')}`)).toThrow(Unsupported)
  })
  test('a signing key is read whole or not at all, and no message holds it', () => {
    const secret = log.secret()
    const [, , , , seed] = secret.split('+') as [string, string, string, string, string]
    for (const bad of [
      secret.slice(1),
      secret.replace(log.verifier.id, '00000000'),
      secret.replace(seed, 'AQAA'),
      secret.replace(seed, Buffer.alloc(33, 9).toString('base64')),
    ]) {
      const thrown = (() => {
        try {
          SigningKey.parse(bad)
          return undefined
        } catch (error) {
          return error as Error
        }
      })()
      expect(thrown).toBeInstanceOf(Error)
      expect(thrown!.message).not.toContain(seed)
    }
    expect(() => SigningKey.generate('with space', 'ed25519')).toThrow(FormatError)
  })
})

describe('checkpoints', () => {
  test('three lines there and back; further lines of other logs are passed over', () => {
    expect(parseCheckpointText(text)).toEqual({ origin: 'ledger.example/1', size: 2, root: Buffer.from(nodeHash(leaf, sibling)) })
    expect(parseCheckpointText(`${text}more\n`)).toEqual(parseCheckpointText(text))
    expect(parseCheckpointText(checkpointText({ origin: 'o', size: 0, root: emptyRoot() })).size).toBe(0)
    expect(() => checkpointText({ origin: 'a\nb', size: 0, root: emptyRoot() })).toThrow(FormatError)
  })
  test.each([
    ['a leading zero', '\n2\n', '\n02\n'],
    ['a sign', '\n2\n', '\n+2\n'],
    ['no origin', 'ledger.example/1\n', '\n'],
    ['a short root', /\n[^\n]*\n$/, '\nAAAA\n'],
    ['an empty line', /$/, '\n\n'],
    ['no last newline', /\n$/, ''],
    ['a wrong root of nothing', '\n2\n', '\n0\n'],
  ])('a checkpoint with %s is refused', (_, from, to) => {
    expect(() => parseCheckpointText(text.replace(from, to))).toThrow(FormatError)
  })
  test('a size that cannot be counted with is unsupported, not wrong', () => {
    expect(() => parseCheckpointText(text.replace('\n2\n', '\n9007199254740993\n'))).toThrow(Unsupported)
  })
})

describe('proof files', () => {
  const proof = { index: 0, hashes: [Buffer.from(sibling)], checkpoint: cosigned, extra: Buffer.from('the entry') }
  test('there and back, with the extra data and without', () => {
    expect(parseTlogProof(tlogProofText(proof))).toEqual(proof)
    expect(parseTlogProof(tlogProofText({ ...proof, extra: undefined }))).toEqual({ ...proof, extra: undefined })
    expect(parseTlogProof(tlogProofText({ ...proof, hashes: [] })).hashes).toEqual([])
    expect(tlogProofText(proof).split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra dGhlIGVudHJ5', 'index 0'])
  })
  test('the leaf is where the proof says, by a checkpoint that is trusted; another leaf is not', () => {
    const trusting = TrustPolicy.parse(`log ${log.verifier.vkey}\nwitness W ${witness.verifier.vkey}\nquorum W\n`)
    expect(checkTlogProof(proof, leaf, trusting)).toMatchObject({ included: true, quorum: true })
    expect(checkTlogProof(proof, sibling, trusting).included).toBe(false)
    expect(checkTlogProof({ ...proof, index: 1 }, leaf, trusting).included).toBe(false)
  })
  const whole = tlogProofText(proof)
  test.each([
    ['no index', whole.replace('index 0\n', '')],
    ['a leading zero', whole.replace('index 0', 'index 00')],
    ['a short hash', whole.replace(/\n[^\n]*\n\n/, '\nAAAA\n\n')],
    ['extra data that are no base64', whole.replace('dGhlIGVudHJ5', '?')],
    ['no checkpoint', whole.slice(0, whole.indexOf('\n\n'))],
    ['another first line', whole.replace('c2sp.org/tlog-proof', 'example.com/proof')],
    ['extra after the index', whole.replace(/(extra .*\n)(index 0\n)/, '$2$1')],
    ['too many hashes', whole.replace(/(\n[^\n]*)\n\n/, `${'$1'.repeat(64)}\n\n`)],
  ])('a proof with %s is refused', (_, bad) => {
    expect(() => parseTlogProof(bad)).toThrow(FormatError)
  })
  test('another version is unsupported, not wrong', () => {
    expect(() => parseTlogProof(whole.replace('@v1', '@v2'))).toThrow(Unsupported)
  })
})

describe('what a witness is asked', () => {
  const asked = { old: 1, proof: [Buffer.from(sibling)], checkpoint: signed }
  test('there and back', () => {
    expect(parseAddCheckpoint(addCheckpointText(asked))).toEqual(asked)
    expect(parseAddCheckpoint(addCheckpointText({ ...asked, old: 0, proof: [] }))).toEqual({ ...asked, old: 0, proof: [] })
  })
  const body = addCheckpointText(asked)
  test.each([
    ['no old size', body.replace('old 1\n', '')],
    ['a leading zero', body.replace('old 1', 'old 01')],
    ['no empty line', body.replaceAll('\n\n', '\n')],
    ['a bad hash', body.replace(/\n[^\n]*\n\n/, '\n?\n\n')],
    ['too many hashes', body.replace(/(\n[^\n]*)\n\n/, `${'$1'.repeat(64)}\n\n`)],
  ])('a request with %s is refused', (_, bad) => {
    expect(() => parseAddCheckpoint(bad)).toThrow(FormatError)
  })
})
