import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { stampFile, stampedNote } from '#verifier/bundle-layout'
import { hasPython } from '../support/ledger.js'
import { TimeStamping } from '../support/time-stamping.js'
import { BothVerifiers, areSame } from '../fuzz/verifiers/both.js'
import { type Honest, honestBundles, withManifest } from '../fuzz/verifiers/honest.js'
import { caseOf, written } from '../fuzz/verifiers/written.js'

if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

;(hasPython ? describe : describe.skip)('time stamps, to both verifiers', () => {
  const place = mkdtempSync(join(tmpdir(), 'caseledger-stamps-'))
  let all: Honest
  let note: Buffer
  let size: number
  let both: BothVerifiers
  let tsa: TimeStamping
  let nth = 0
  beforeAll(async () => {
    all = (await honestBundles()).bundles[0]!
    note = all.files.get('data/log/checkpoint')!
    ;({ size } = parseCheckpointText(parseNote(note).text))
    both = new BothVerifiers()
    tsa = new TimeStamping()
    tsa.certificateOf('old', 'extendedKeyUsage=critical,timeStamping\n', '200101000000Z', '210101000000Z')
    tsa.certificate('another', 'extendedKeyUsage=critical,timeStamping\n')
    tsa.certificate('strange', 'extendedKeyUsage=critical,timeStamping\n1.2.3.4=critical,ASN1:NULL\n')
  })
  afterAll(async () => {
    await both.end()
    tsa.end()
    rmSync(place, { recursive: true, force: true })
  })
  const said = async (stamp: Buffer, ...believed: readonly string[]) => {
    const one = caseOf(all)
    one.files.set(stampedNote(size), note)
    one.files.set(stampFile(size), stamp)
    withManifest(one.files)
    one.tsa = believed.map(pem => Buffer.from(pem))
    const { first, second } = await both.answers(written(join(place, String(nth++)), one).words)
    expect([areSame(first, second), first, second]).toEqual([true, first, second])
    return [first.verdict, ...first.reasons]
  }
  const [verified, failed, incomplete] = [['VERIFIED'], ['FAILED', 'stamps failed'], ['INCOMPLETE', 'stamps incomplete']]

  test('are believed by way of their authority, or of its own certificate', async () => {
    expect(await said(tsa.stamp(note), tsa.ca)).toEqual(verified)
    expect(await said(tsa.stamp(note), tsa.pem('tsa'))).toEqual(verified)
    expect(await said(tsa.stamp(note), tsa.pem('another'))).toEqual(incomplete)
  })
  test('need not hold the certificate of their signer where whoever checks has it', async () => {
    const bare = tsa.stamp(note, 'tsa', { bare: true })
    expect(await said(bare, tsa.ca, tsa.pem('tsa'))).toEqual(verified)
    expect(await said(bare, tsa.pem('tsa'))).toEqual(verified)
    expect(await said(bare, tsa.ca)).toEqual(incomplete)
  })
  test('have nothing behind them', async () => {
    for (const more of [Buffer.from([0]), Buffer.from('\n'), Buffer.from([5, 0])])
      expect(await said(Buffer.concat([tsa.stamp(note), more]), tsa.ca)).toEqual(failed)
  })
  test('are judged as of their own second: what expired since does not matter, what was not valid then does', async () => {
    const stamp = tsa.stamp(note, 'old')
    expect(await said(stamp, tsa.pem('old'))).toEqual(failed)
    const then = tsa.redated(stamp, '20200601120000', 'old')
    expect(await said(then, tsa.pem('old'))).toEqual(verified)
    for (const [second, verdict] of [
      ['20200101000000', verified],
      ['20210101000000', verified],
      ['20210101000001', failed],
      ['20191231235959', failed],
      ['20200230000000', failed],
    ] as const)
      expect([second, await said(tsa.redated(stamp, second, 'old'), tsa.pem('old'))]).toEqual([second, verdict])
    // As docs/auditors.md has it by hand.
    const file = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(place, name), bytes)
      return join(place, name)
    }
    const byHand = [
      'ts',
      '-verify',
      '-data',
      file('note', note),
      '-in',
      file('tsr', then),
      '-CAfile',
      file('old.pem', tsa.pem('old')),
      '-partial_chain',
    ]
    expect(spawnSync('openssl', byHand).status).not.toBe(0)
    const at = String(Date.parse('2020-06-01T12:00:00Z') / 1_000)
    expect(spawnSync('openssl', [...byHand, '-attime', at], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: 'Verification: OK\n',
    })
  })
  test('are by a certificate that says nothing that is not understood', async () => {
    expect(await said(tsa.stamp(note, 'strange'), tsa.ca)).toEqual(['UNSUPPORTED', 'stamps unsupported'])
  })
  test.each([
    ['as it should be', 'extendedKeyUsage=critical,timeStamping\n', verified],
    ['that is not critical', 'extendedKeyUsage=timeStamping\n', failed],
    ['beside another', 'extendedKeyUsage=critical,timeStamping,clientAuth\n', failed],
    ['twice', 'extendedKeyUsage=critical,timeStamping,timeStamping\n', failed],
    ['that is another', 'extendedKeyUsage=critical,clientAuth\n', failed],
    ['that is any', 'extendedKeyUsage=critical,anyExtendedKeyUsage\n', failed],
    ['that it does not say', 'basicConstraints=CA:FALSE\n', failed],
  ])('are by a certificate whose only purpose is to stamp, and critical: one %s', async (name, extensions, verdict) => {
    const by = name.replaceAll(' ', '-')
    const stamp = tsa.stampOtherwiseCertified(note, by, extensions)
    expect(await said(stamp, tsa.ca, tsa.pem(by))).toEqual(verdict)
  })
})
