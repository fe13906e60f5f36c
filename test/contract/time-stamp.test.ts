import { FormatError, NoKnownKey, SignatureRefused, Unsupported } from '#merkle/format-error'
import { type Certificate, certificatesIn } from '#verifier/certificate'
import { checkTimeStamp } from '#verifier/time-stamp'
import { TimeStamping, hasOpenSsl } from '../support/time-stamping.js'

if (!hasOpenSsl) test.skip('time stamps: openssl is not here', () => undefined)
const note = Buffer.from('ledger.example/1\n5\nAAAA\n\n— ledger.example/1 AAAA\n')

;(hasOpenSsl ? describe : describe.skip)('a time stamp', () => {
  let tsa: TimeStamping
  let stamp: Buffer
  let ca: readonly Certificate[]
  beforeAll(() => {
    tsa = new TimeStamping()
    tsa.certificate('elliptic', 'extendedKeyUsage=critical,timeStamping\n', '3000', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'])
    stamp = tsa.stamp(note)
    ca = certificatesIn(tsa.ca)
  })
  afterAll(() => {
    tsa.end()
  })
  const kindOf = (work: () => unknown) => {
    try {
      work()
      return 'ok'
    } catch (error) {
      return (error as Error).constructor
    }
  }

  test('says when something was there, by whose word', () => {
    const { time, by, believed } = checkTimeStamp(stamp, note, ca)
    expect([Math.abs(Date.parse(time) - Date.now()) < 60_000, by, believed]).toEqual([true, 'CN=tsa', true])
    expect(checkTimeStamp(tsa.stamp(note, 'elliptic'), note, ca).by).toBe('CN=elliptic')
  })
  test('may have a fraction of a second, of any length that the authority’s clock gives', () => {
    for (const digits of [1, 2, 3, 6]) {
      tsa.precise('tsa', digits)
      const { time, believed } = checkTimeStamp(tsa.stamp(note), note, ca)
      expect([digits, Math.abs(Date.parse(time) - Date.now()) < 60_000, believed]).toEqual([digits, true, true])
    }
    tsa.precise('tsa', 0)
  })
  test('is of these bytes and no others', () => {
    const changed = Buffer.from(note)
    changed[1]! ^= 1
    expect(() => checkTimeStamp(stamp, changed, ca)).toThrow('of something else')
  })
  test('of another authority is not believed', () => {
    const other = new TimeStamping()
    try {
      expect(checkTimeStamp(other.stamp(note), note, ca).believed).toBe(false)
    } finally {
      other.end()
    }
    expect(checkTimeStamp(stamp, note, []).believed).toBe(false)
  })
  test('with any bit changed is refused, in its own words', () => {
    let refused = 0
    for (let bit = 0; bit < stamp.length * 8; bit += 7) {
      const bytes = Buffer.from(stamp)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const kind = kindOf(() => checkTimeStamp(bytes, note, ca))
      if (kind === 'ok') continue
      refused++
      expect([bit, [FormatError, NoKnownKey, SignatureRefused, Unsupported].includes(kind as typeof FormatError)]).toEqual([bit, true])
    }
    // What is not signed, such as the text beside the status, may differ.
    expect(refused / Math.ceil((stamp.length * 8) / 7)).toBeGreaterThan(0.9)
  })
  test.each([0, 1, 2, 5, 20, 200])('cut to %i bytes is no stamp', length => {
    expect(kindOf(() => checkTimeStamp(stamp.subarray(0, length), note, ca))).toBe(FormatError)
  })
})
