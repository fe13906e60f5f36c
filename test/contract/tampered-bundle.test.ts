import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointText, parseCheckpointText } from '#merkle/checkpoint'
import { noteOf, openNote, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { leafHash } from '#merkle/tree-hash'
import { stampFile, stampedNote } from '#verifier/bundle-layout'
import type { Finding, Report } from '#verifier/verdict'
import { parseEntry } from '#verifier/leaf-header'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { changed, hasPython, testSigner, verified } from '../support/ledger.js'
import { TimeStamping } from '../support/time-stamping.js'
import { type Tampered, storesWith, toTamperWith } from '../support/tampering.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('a bundle that was tampered with [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })
if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

describe.each(storesWith(server))('a bundle that was tampered with [$kind]', choice => {
  let bundle: Tampered['bundle']
  let events: Tampered['events']
  let index: Tampered['index']
  let place: Tampered['place']
  let signer: Tampered['signer']
  let stream: Tampered['stream']
  let w: Tampered['w']
  let end: Tampered['end']
  beforeAll(async () => {
    ;({ bundle, events, index, place, signer, stream, w, end } = await toTamperWith(choice))
  })
  afterAll(async () => {
    await end()
  })

  const edit = (path: string, how: (bytes: Buffer) => Buffer | string) => (folder: string) => {
    writeFileSync(join(folder, path), how(readFileSync(join(folder, path))))
  }
  const lines = (path: string, how: (lines: string[]) => void) =>
    edit(path, bytes => {
      const all = bytes.toString('utf8').split('\n')
      how(all)
      return all.join('\n')
    })
  const tileOf = (folder: string, kind: 'entries' | '0') => readdirSync(join(folder, `data/log/tile/${kind}`)).sort()[0]!
  const line = (n: number) => index(n) * 2
  const found = (report: Report, finding: Partial<Finding>) => {
    expect(report.findings).toContainEqual(expect.objectContaining(finding))
  }

  test('a payload that was edited, emptied, or swapped with another', async () => {
    found(
      await verified(
        changed(
          bundle,
          lines('data/payloads/000.lines', all => {
            all[line(2)] = '{"n":2}'
          }),
        ),
        signer.policyText,
      ),
      { check: 'payloads', result: 'failed', ...place(2) },
    )
    const emptied = await verified(
      changed(
        bundle,
        lines('data/payloads/000.lines', all => {
          all[line(2)] = ''
        }),
      ),
      signer.policyText,
    )
    expect(emptied.verdict).toBe('INCOMPLETE')
    found(emptied, { check: 'payloads', result: 'incomplete', ...place(2) })
    const person = parseEntries(bundle).find(({ type }) => type === 'ReferralReceived')!
    found(
      await verified(
        changed(
          bundle,
          lines('data/payloads/000.lines', all => {
            ;[all[person.index * 2], all[line(2)]] = [all[line(2)]!, all[person.index * 2]!]
          }),
        ),
        signer.policyText,
      ),
      { check: 'payloads', ...place(2) },
    )
  })
  test('a header that was edited is named by its leaf, and a hash that was edited with it by the root', async () => {
    const entries = `data/log/tile/entries/${tileOf(bundle, 'entries')}`
    const forge = edit(entries, bytes => {
      const at = bytes.indexOf(events[2]!.id)
      const copy = Buffer.from(bytes)
      copy.write(randomUUID(), at)
      return copy
    })
    const report = await verified(changed(bundle, forge), signer.policyText)
    expect(report.verdict).toBe('FAILED')
    found(report, { check: 'tree', index: index(2), stream, revision: '2' })
    const both = await verified(
      changed(bundle, folder => {
        forge(folder)
        const leaf = leafHash(entryAt(readFileSync(join(folder, entries)), index(2)))
        edit(`data/log/tile/0/${tileOf(folder, '0')}`, bytes => {
          const copy = Buffer.from(bytes)
          Buffer.from(leaf).copy(copy, index(2) * 32)
          return copy
        })(folder)
      }),
      signer.policyText,
    )
    found(both, { check: 'tree', what: 'The leaves do not make the root that was signed' })
    found(both, { check: 'headers', ...place(3) })
  })
  test('a checkpoint of another size or root, by another key, or of another log', async () => {
    const other = SigningKey.generate(signer.origin, 'ed25519')
    const resigned = edit('data/log/checkpoint', bytes => {
      const [text] = bytes.toString('utf8').split('\n\n')
      return noteOf(`${text}\n`, [signatureLine(other, `${text}\n`, 0)])
    })
    expect((await verified(changed(bundle, resigned), signer.policyText)).verdict).toBe('INCOMPLETE')
    expect(
      (
        await verified(
          changed(
            bundle,
            edit('data/log/checkpoint', bytes => bytes.toString('utf8').replace(/\n\d+\n/, '\n7\n')),
          ),
          signer.policyText,
        )
      ).verdict,
    ).toBe('FAILED')
    const stranger = await testSigner('other.example/1')
    try {
      expect((await verified(bundle, stranger.policyText)).verdict).toBe('INCOMPLETE')
    } finally {
      await stranger.stop()
    }
  })
  test('a smaller, older ledger, or another one of the same size, does not agree with a checkpoint that was kept', async () => {
    const head = readFileSync(join(bundle, 'data/log/checkpoint'), 'utf8')
    const { size } = parseCheckpointText(openNote(head, [signer.key]).text)
    const key = SigningKey.parse(readFileSync(join(signer.folder, 'ledger.key'), 'utf8').trim())
    const signed = (of: number, word: string) => {
      const text = checkpointText({ origin: signer.origin, size: of, root: leafHash(Buffer.from(word)) })
      return noteOf(text, [signatureLine(key, text, 0)])
    }
    expect((await verified(bundle, signer.policyText, [head])).verdict).toBe('VERIFIED')
    for (const [note, what] of [
      [signed(size + 5, 'x'), 'end was cut off'],
      [signed(size, 'x'), 'two histories'],
      [signed(5, 'x'), 'another root for the first 5 leaves'],
    ] as const) {
      const report = await verified(bundle, signer.policyText, [note])
      found(report, { check: 'consistency', result: 'failed', what: expect.stringContaining(what) as never })
      expect(report.verdict).toBe('FAILED')
    }
  })
  test.each([
    [
      'a file that the manifest does not name',
      (folder: string) => {
        writeFileSync(join(folder, 'data/more.txt'), 'x')
      },
      'FAILED',
    ],
    [
      'a file that is missing',
      (folder: string) => {
        rmSync(join(folder, 'data/events.csv'))
      },
      'INCOMPLETE',
    ],
    ['a damaged file', edit('data/events.csv', bytes => `${bytes.toString('utf8')}x`), 'FAILED'],
    [
      'a manifest that leads out of the bundle',
      edit('manifest-sha256.txt', bytes => `${bytes.toString('utf8')}${'0'.repeat(64)}  data/../../etc/passwd\n`),
      'FAILED',
    ],
    [
      'a manifest with a name twice',
      edit('manifest-sha256.txt', bytes => `${bytes.toString('utf8')}${bytes.toString('utf8').split('\n')[0]}\n`),
      'FAILED',
    ],
    [
      'no bagit.txt',
      (folder: string) => {
        rmSync(join(folder, 'bagit.txt'))
      },
      'FAILED',
    ],
  ] as const)('%s', async (_, change, verdict) => {
    expect((await verified(changed(bundle, change, { manifest: false }), signer.policyText)).verdict).toBe(verdict)
  })
  test.each([
    ['a bundle of another version', edit('data/scope.json', bytes => bytes.toString('utf8').replace('"v": 1', '"v": 2')), 'UNSUPPORTED'],
    [
      'no scope',
      (folder: string) => {
        rmSync(join(folder, 'data/scope.json'))
      },
      'INCOMPLETE',
    ],
    ['a scope that is no JSON', edit('data/scope.json', () => '{'), 'FAILED'],
    ['a huge size', edit('data/scope.json', bytes => bytes.toString('utf8').replace(/"size": \d+/, '"size": 9007199254740991')), 'FAILED'],
    [
      'hashes that are missing',
      (folder: string) => {
        rmSync(join(folder, `data/log/tile/0/${tileOf(folder, '0')}`), { recursive: true })
      },
      'INCOMPLETE',
    ],
    [
      'hashes that are too short',
      (folder: string) => {
        edit(`data/log/tile/0/${tileOf(folder, '0')}`, bytes => bytes.subarray(0, 100))(folder)
      },
      'FAILED',
    ],
    [
      'entries that are cut short',
      (folder: string) => {
        edit(`data/log/tile/entries/${tileOf(folder, 'entries')}`, bytes => bytes.subarray(0, 100))(folder)
      },
      'FAILED',
    ],
    ['payloads with a line too many', edit('data/payloads/000.lines', bytes => `${bytes.toString('utf8')}\n`), 'FAILED'],
    [
      'no checkpoint',
      (folder: string) => {
        rmSync(join(folder, 'data/log/checkpoint'))
      },
      'INCOMPLETE',
    ],
    ['a checkpoint that is none', edit('data/log/checkpoint', () => 'nothing\n'), 'FAILED'],
  ] as const)('%s is told from tampering, and nothing breaks', async (_, change, verdict) => {
    expect((await verified(changed(bundle, change), signer.policyText)).verdict).toBe(verdict)
  })
  test('a link in a bundle is refused', async () => {
    const linked = changed(
      bundle,
      folder => {
        symlinkSync('/etc/passwd', join(folder, 'data/link'))
      },
      { manifest: false },
    )
    found(await verified(linked, signer.policyText), { check: 'manifest', result: 'failed', what: 'A bundle holds files and folders only' })
  })
  ;(hasPython ? test : test.skip)(
    'a time stamp of another checkpoint, one that was changed, or of an authority that was not named is told apart',
    async () => {
      const [tsa, other] = [new TimeStamping(), new TimeStamping()]
      try {
        const { size, note } = (await w.ledger.checkpoint((await w.ledger.standing())!.log))!
        const stamped = (note: string, token: Buffer) =>
          changed(bundle, folder => {
            mkdirSync(join(folder, 'data/anchors'))
            writeFileSync(join(folder, stampedNote(size)), note)
            writeFileSync(join(folder, stampFile(size)), token)
          })
        const token = tsa.stamp(note)
        const bad = Buffer.from(token)
        bad[bad.length - 20]! ^= 1
        const of = async (folder: string, authority?: string) => {
          const report = await verified(folder, signer.policyText, [], authority)
          return [report.verdict, report.resultOf('stamps')]
        }
        expect(await of(stamped(note, token), tsa.ca)).toEqual(['VERIFIED', 'ok'])
        expect(await of(stamped(note, token))).toEqual(['VERIFIED', 'not checked'])
        expect(await of(stamped(note, token), other.ca)).toEqual(['INCOMPLETE', 'incomplete'])
        expect(await of(stamped(note, bad), tsa.ca)).toEqual(['FAILED', 'failed'])
        expect(await of(stamped(note, tsa.stamp('something else')), tsa.ca)).toEqual(['FAILED', 'failed'])
        expect(await of(stamped(note, Buffer.from('no stamp')), tsa.ca)).toEqual(['FAILED', 'failed'])
        expect(await of(bundle, tsa.ca)).toEqual(['INCOMPLETE', 'incomplete'])
        const alone = stamped(note, token)
        expect(
          await of(
            changed(alone, folder => {
              rmSync(join(folder, stampedNote(size)))
            }),
            tsa.ca,
          ),
        ).toEqual(['INCOMPLETE', 'incomplete'])
      } finally {
        tsa.end()
        other.end()
      }
    },
  )
  test('a policy that asks for a witness is told that none saw it', async () => {
    const witness = SigningKey.generate('witness.example', 'cosignature')
    const report = await verified(bundle, `log ${signer.key.vkey}\nwitness W ${witness.verifier.vkey}\nquorum W\n`)
    expect([report.verdict, report.resultOf('witnesses')]).toEqual(['INCOMPLETE', 'incomplete'])
    const cosigned = changed(
      bundle,
      edit('data/log/checkpoint', bytes => {
        const note = bytes.toString('utf8')
        return note + signatureLine(witness, `${note.split('\n\n')[0]}\n`, 1_790_000_000)
      }),
    )
    expect((await verified(cosigned, `log ${signer.key.vkey}\nwitness W ${witness.verifier.vkey}\nquorum W\n`)).verdict).toBe('VERIFIED')
  })

  const parseEntries = (folder: string) => {
    const bytes = readFileSync(join(folder, 'data/log/tile/entries', readdirSync(join(folder, 'data/log/tile/entries')).sort()[0]!))
    return Array.from({ length: 256 }, (_, n) => ({ index: n, ...parseEntry(entryAt(bytes, n)) }))
  }
})

function entryAt(bytes: Buffer, n: number): Buffer {
  let at = 0
  for (let skipped = 0; skipped < n; skipped++) at += 2 + bytes.readUInt16BE(at)
  return bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at))
}
