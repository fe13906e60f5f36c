import type { Random } from '../../support/random.js'

/** What is written otherwise in one language than in another, or read otherwise. */
const oddBytes = [
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xff]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  ...['\0', '\r', '\t', '\u0085', '\u00a0', '\u2028', '\u001c', '\u007f', '\u{1f4be}', '\u202e', '\ufffd', 'é', '\u0301', ' ', '\n'].map(
    text => Buffer.from(text),
  ),
]
const oddNumbers = [
  '85.0',
  '8.5e1',
  '1e0',
  '1.0',
  '-0',
  '-1',
  '01',
  '+1',
  '1e400',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9'.repeat(5_000),
  'NaN',
  'Infinity',
  '-Infinity',
  'true',
  'false',
  'null',
  '"1"',
  '2',
  '0',
  '[]',
  '{}',
]
const oddTexts = [
  '\\u0000',
  '\\ud800',
  '\\udc00x',
  '\\ud83d\\udcbe',
  '\\u0041',
  '\\/',
  '\\x41',
  '\t',
  '',
  '__proto__',
  '\\\\u0000',
  '\u{1f4be}'.repeat(400),
  'x'.repeat(3_000),
]

/** Any bytes, changed in a place of chance. */
export function changedBytes(dice: Random, bytes: Buffer): Buffer {
  const at = dice.below(bytes.length + 1)
  const some = Math.min(bytes.length - at, 1 + dice.below(dice.oneIn(3) ? 40 : 3))
  const with_ = (middle: Uint8Array, skipped = 0) => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + skipped)])
  switch (dice.below(8)) {
    case 0:
      return bytes.length === 0 ? Buffer.from('x') : with_(Buffer.from([(bytes[at % bytes.length] as number) ^ (1 << dice.below(8))]), 1)
    case 1:
      return with_(Buffer.alloc(0), some)
    case 2:
      return with_(bytes.subarray(at, at + some))
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return Buffer.concat([bytes, dice.pick(oddBytes)])
    case 5:
      return with_(dice.pick(oddBytes), dice.below(2))
    case 6:
      return with_(Buffer.from([dice.below(256)]), 1)
    default:
      return Buffer.concat([dice.pick(oddBytes), bytes])
  }
}

/** A text in lines: one of them twice, gone, elsewhere, or with something at its end. */
export function changedLines(dice: Random, bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [at, to] = [dice.below(lines.length), dice.below(lines.length)]
  const line = lines[at] as string
  switch (dice.below(6)) {
    case 0:
      lines.splice(at, 1)
      break
    case 1:
      lines.splice(to, 0, line)
      break
    case 2:
      lines[at] = lines[to] as string
      lines[to] = line
      break
    case 3:
      lines[at] = line + dice.pick([' ', '\t', '\r', '\\', '\u00a0'])
      break
    case 4:
      lines[at] = dice.pick(['', ' ', '#', line.toUpperCase()])
      break
    default:
      lines[at] = changedBytes(dice, Buffer.from(line, 'latin1')).toString('latin1')
  }
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** JSON as text: a number, a name, a text, the nesting or the spaces, so that most of them are still JSON to somebody. */
export function changedJson(dice: Random, bytes: Buffer): Buffer {
  const text = bytes.toString('utf8')
  /** One of the places where a pattern is, replaced. */
  const at = (pattern: RegExp, by: (found: string) => string) => {
    const places = [...text.matchAll(pattern)]
    if (places.length === 0) return text
    const { 0: found, index } = dice.pick(places)
    return text.slice(0, index) + by(found) + text.slice(index + found.length)
  }
  const value = /(?<=[:[,]\s*)(?:-?\d+(?=[,\]}\s])|"(?:[^"\\]|\\.)*"(?!\s*:)|true|false|null)/g
  const member = /"(?:[^"\\]|\\.)*"\s*:\s*(?:-?\d+|"(?:[^"\\]|\\.)*")/g
  const changed = [
    () => at(value, () => dice.pick(oddNumbers)),
    () => at(/(?<=[:[,]\s*)-?\d+/g, () => dice.pick(oddNumbers)),
    () => at(/"/g, () => `"${dice.pick(oddTexts)}`),
    () => at(member, found => `${found},${found}`),
    () => at(member, found => `${found},"__proto__":1`),
    () => at(member, () => '"v":2'),
    () => at(/"v"\s*:\s*1/g, () => `"v":${dice.pick(oddNumbers)}`),
    () => at(value, () => nested(28 + dice.below(8))),
    () => at(value, () => nested(20_000)),
    () => at(value, () => `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`),
    () => at(/[{,:]/g, found => `${found}${dice.pick([' ', '\t', '\n', '\r', '\f', '\u00a0', ',', '/**/'])}`),
    () => at(/[A-Za-z]/g, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`),
    () => at(/\d{4}-\d\d-\d\dT[^"]*/g, () => dice.pick(oddTimes)),
    () => at(/[}\]]/g, found => `,${found}`),
  ]
  return Buffer.from(dice.pick(changed)())
}
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const oddTimes = [
  '2026-02-30T00:00:00.000Z',
  '2026-02-29T00:00:00.000Z',
  '2024-02-29T00:00:00.000Z',
  '2026-13-01T00:00:00.000Z',
  '2026-01-32T00:00:00.000Z',
  '2026-01-01T24:00:00.000Z',
  '2026-01-01T23:59:60.000Z',
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.000+00:00',
  '٢٠٢٦-01-01T00:00:00.000Z',
]

/** Base64, written as other readers forgive it, or as it is: a text for other bytes. */
export function changedBase64(dice: Random, text: string): string {
  const loose = [
    () => text.replace(/.(?==*$)/, last => String.fromCharCode(last.charCodeAt(0) + 1)),
    () => text.replace(/=+$/, ''),
    () => `${text}=`,
    () => text.replaceAll('+', '-').replaceAll('/', '_'),
    () => `${text.slice(0, 4)}${dice.pick(['\n', ' ', '\r\n', '=', '-', '\0'])}${text.slice(4)}`,
    () => Buffer.from(changedBytes(dice, Buffer.from(text, 'base64'))).toString('base64'),
    () => '',
  ]
  return dice.pick(loose)()
}
/** Something in base64 within a text. */
export function changedBase64In(dice: Random, bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const places = [...text.matchAll(/[A-Za-z0-9+/]{20,}={0,2}/g)]
  if (places.length === 0) return bytes
  const { 0: found, index } = dice.pick(places)
  return Buffer.from(text.slice(0, index) + changedBase64(dice, found) + text.slice(index + found.length), 'latin1')
}
