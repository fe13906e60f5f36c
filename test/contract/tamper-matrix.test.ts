import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { EventStoreDBClient } from '@eventstore/db-client'
import { ZipFile } from 'yazl'
import { type LoggedEvent, StoreUnavailable } from '#event-store/event-store'
import { erasureReport, isBorneOut, reportAsPage, reportInWords } from '#audit-papers/erasure-report'
import type { EventStoreChoice } from '#hosting/settings'
import { checkpointText, parseCheckpointText } from '#merkle/checkpoint'
import { noteOf, openNote, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { stampFile, stampedNote } from '#verifier/bundle-layout'
import { parseEntry } from '#verifier/leaf-header'
import type { Finding, Report } from '#verifier/verdict'
import { client } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import {
  type TestSigner,
  bundleOf,
  changed,
  checked,
  hasPython,
  journalOf,
  publish,
  sequence,
  testSigner,
  verified,
} from '../support/ledger.js'
import { erase, refer } from '../support/people.js'
import { TimeStamping } from '../support/time-stamping.js'
import { project, world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server)
  describe('the tamper matrix [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })
if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)
const event = () => ({ id: randomUUID(), type: 'Tried', data: { n: 1 }, metadata: {} })

describe.each(stores)('the tamper matrix [$kind]', choice => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  let bundle: string
  /** One stream of six events among others, and its leaves. */
  const stream = `tried-${randomUUID()}`
  const events = Array.from({ length: 6 }, event)
  let index: (n: number) => number
  const place = (n: number) => ({ index: index(n), stream, revision: String(n), eventId: events[n]!.id })

  beforeAll(async () => {
    ;[w, signer] = [await world(choice), await testSigner()]
    await journalOf(w, signer).open(signer.key.vkey)
    await refer(w)
    await w.store.append(stream, 'no_stream', events)
    await w.store.append(`tried-${randomUUID()}`, 'no_stream', Array.from({ length: 300 }, event))
    await sequence(w, signer)
    await publish(w, signer)
    const { log } = (await w.ledger.standing())!
    const first = (await w.ledger.leafOfEvent(log, events[0]!.id))!.index
    index = n => first + n
    bundle = await bundleOf(w, signer, { kind: 'ALL' })
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })

  test('what nobody touched is verified, by fsck and by the bundle', async () => {
    await sequence(w, signer)
    for (const report of [await checked(w, signer, false), await checked(w, signer, true), await verified(bundle, signer.policyText)])
      expect([report.verdict, report.findings]).toEqual(['VERIFIED', []])
    const [shallow, whole] = [await checked(w, signer, false), await verified(bundle, signer.policyText)]
    expect([shallow.resultOf('payloads'), shallow.resultOf('witnesses'), whole.resultOf('payloads'), whole.resultOf('witnesses')]).toEqual([
      'not checked',
      'not checked',
      'ok',
      'ok',
    ])
  })

  describe('in the event store, seen by fsck --deep', () => {
    /** What is left of the log when somebody has been at it. */
    const deep = (tamper: (log: readonly LoggedEvent[]) => readonly LoggedEvent[]) =>
      checked(
        {
          ...w,
          store: {
            whole: {
              ...w.store.whole,
              follow: async function* (options: Parameters<typeof w.store.whole.follow>[0]) {
                const log: LoggedEvent[] = []
                for await (const item of w.store.whole.follow(options)) {
                  if ('caughtUp' in item) break
                  log.push(item)
                }
                yield* tamper(log)
                yield { caughtUp: true } as const
              },
            },
          } as unknown as typeof w.store,
        },
        signer,
        true,
      )
    const of = (n: number) => (one: LoggedEvent) => one.id === events[n]!.id
    const replaced = (n: number, by: Partial<LoggedEvent>) => (log: readonly LoggedEvent[]) =>
      log.map(one => (of(n)(one) ? { ...one, ...by } : one))
    const at = (log: readonly LoggedEvent[], n: number) => log.find(of(n))!

    test.each([
      ['an edit', replaced(2, { data: { json: { n: 2 } } }), [2], 'other data'],
      ['an edit of metadata', replaced(2, { metadata: { json: { by: 'x' } } }), [2], 'other metadata'],
      ['a redaction to 0xFF', replaced(2, { data: { bytes: Buffer.from([0xff, 0xff]) } }), [2], 'other data'],
      ['a redaction to nothing', replaced(2, { data: { bytes: Buffer.alloc(0) } }), [2], 'other data'],
      ['another type', replaced(2, { type: 'Trusted' }), [2], 'other type'],
      ['another time', replaced(2, { recordedAt: '2020-01-01T00:00:00.000Z' }), [2], 'other time'],
      ['another id', replaced(2, { id: randomUUID() }), [2], 'other id'],
      ['a deletion', (log: readonly LoggedEvent[]) => log.filter(one => !of(2)(one)), [2], 'no longer has'],
      ['two neighbours deleted', (log: readonly LoggedEvent[]) => log.filter(one => !of(2)(one) && !of(3)(one)), [2, 3], 'no longer has'],
      [
        'two swapped',
        (log: readonly LoggedEvent[]) => {
          const [a, b] = [at(log, 2), at(log, 3)]
          return log.map(one =>
            one === a
              ? { ...b, position: a.position, revision: a.revision }
              : one === b
                ? { ...a, position: b.position, revision: b.revision }
                : one,
          )
        },
        [2, 3],
        'other id',
      ],
      [
        'a stream that is gone, as after a tombstone or $maxCount and a scavenge',
        (log: readonly LoggedEvent[]) => log.filter(one => one.stream !== stream),
        [0, 1, 2, 3, 4, 5],
        'no longer has',
      ],
      [
        'a stream truncated by $tb',
        (log: readonly LoggedEvent[]) => log.filter(one => one.stream !== stream || one.revision >= 4n),
        [0, 1, 2, 3],
        'no longer has',
      ],
    ] as const)('%s is caught, and the record named', async (_, tamper, which, what) => {
      const report = await deep(tamper)
      expect(report.verdict).toBe('FAILED')
      expect(report.findings).toEqual(
        which.map(n => ({ check: 'payloads', result: 'failed', what: expect.stringContaining(what) as unknown, ...place(n) })),
      )
    })
    if (choice.kind === 'postgres')
      test.each([
        ['a letter', '{"n":2}'],
        ['a space', '{"n": 1}'],
        ['a line', '{"n":\n1}'],
        ['what is no JSON', '{"n":'],
      ])('a row that an administrator edited is caught, and named: %s', async (_, data) => {
        const sql = client(w.database.admin, 1)
        const edited = (to: string) =>
          sql.begin(async tx => {
            await tx`set local session_replication_role = replica`
            await tx`update event_store.event set data = ${to} where id = ${events[2]!.id}`
          })
        try {
          await edited(data)
          expect(
            (await w.store.whole.at((await w.ledger.leafOfEvent((await w.ledger.standing())!.log, events[2]!.id))!.position))?.id,
          ).toBe(events[2]!.id)
          const report = await checked(w, signer, true)
          expect([report.verdict, report.findings]).toEqual([
            'FAILED',
            [{ check: 'payloads', result: 'failed', what: expect.stringContaining('other data') as unknown, ...place(2) }],
          ])
          const exported = await verified(await bundleOf(w, signer, { kind: 'ALL' }), signer.policyText)
          expect([exported.verdict, exported.findings]).toEqual([
            'FAILED',
            [expect.objectContaining({ check: 'payloads', result: 'failed', ...place(2) })],
          ])
        } finally {
          await edited('{"n":1}')
          await sql.end()
        }
        await sequence(w, signer)
        expect((await checked(w, signer, true)).verdict).toBe('VERIFIED')
      })
    test('an event that was put between others is named, and so is one that is there twice', async () => {
      const forged = {
        ...event(),
        stream,
        revision: 9n,
        recordedAt: '2026-01-01T00:00:00.000Z',
        data: { json: {} },
        metadata: { json: {} },
      }
      const report = await deep(log =>
        log.flatMap(one => (of(2)(one) ? [{ ...forged, position: one.position - (choice.kind === 'postgres' ? 0n : 1n) }, one] : [one])),
      )
      expect(report.verdict).toBe('FAILED')
      expect(report.findings.some(({ eventId }) => eventId === forged.id || eventId === events[2]!.id)).toBe(true)
      expect((await deep(log => log.flatMap(one => (of(2)(one) ? [one, one] : [one])))).findings).toEqual([
        expect.objectContaining({ check: 'completeness', eventId: events[2]!.id }),
      ])
    })
    test.each([1, 2, 'all'] as const)('the end cut off: %s', async count => {
      const { size } = (await w.ledger.standing())!
      const report = await deep(log => (count === 'all' ? [] : log.slice(0, -count)))
      expect(report.verdict).toBe('FAILED')
      expect(report.count('payloads')).toBe(count === 'all' ? size : count)
      if (count !== 'all')
        expect(report.findings.map(finding => finding.index)).toEqual(Array.from({ length: count }, (_, n) => size - count + n))
    })
  })

  describe('in the database of the ledger, seen by fsck', () => {
    /** What an administrator can do, undone afterwards. */
    async function tampered(statement: string, parameters: readonly (string | number | Buffer)[] = []): Promise<Report> {
      const sql = client(w.database.admin, 1)
      const undo = new Error('undo')
      let report: Report | undefined
      try {
        await sql.begin(async tx => {
          await tx`set local session_replication_role = replica`
          await tx.unsafe(statement, parameters as never[])
          report = await checked({ ...w, ledger: new (w.ledger.constructor as new (sql: unknown) => typeof w.ledger)(tx) }, signer, false)
          throw undo
        })
      } catch (error) {
        if (error !== undo) throw error
      } finally {
        await sql.end()
      }
      return report!
    }
    const entry = async (n: number) => (await w.ledger.leaves((await w.ledger.standing())!.log, index(n), 1))[0]!.entry

    test('an entry that was changed, without and with its hash', async () => {
      const forged = Buffer.from((await entry(2)).toString('utf8').replace('"Tried"', '"Tryed"'))
      expect((await tampered('update ledger.leaf set entry = $1 where idx = $2', [forged, index(2)])).findings).toContainEqual({
        check: 'tree',
        result: 'failed',
        what: expect.stringContaining('no longer has the hash') as unknown,
        ...place(2),
      })
      const { findings } = await tampered('update ledger.leaf set entry = $1, leaf_hash = $3 where idx = $2', [
        forged,
        index(2),
        Buffer.from(leafHash(forged)),
      ])
      expect(findings).toContainEqual(expect.objectContaining({ check: 'headers', ...place(3) }))
      expect(findings).toContainEqual(
        expect.objectContaining({ check: 'consistency', what: expect.stringContaining('another root was signed') as unknown }),
      )
      expect(findings).toContainEqual(
        expect.objectContaining({ check: 'tree', what: expect.stringContaining(`from leaf ${index(2)} on`) as unknown }),
      )
    })
    test('a leaf that was deleted, and the end cut off', async () => {
      expect((await tampered('delete from ledger.leaf where idx = $1', [index(2)])).findings).toContainEqual(
        expect.objectContaining({ check: 'completeness', index: index(2) }),
      )
      const { size } = (await w.ledger.standing())!
      const cut = await tampered(`with cut as (delete from ledger.leaf where idx >= $1) update ledger.log set size = $1`, [size - 250])
      expect(cut.findings).toContainEqual(
        expect.objectContaining({ check: 'consistency', what: expect.stringContaining('end was cut off') as unknown }),
      )
    })
    test('a tile, a checkpoint, or the columns beside an entry', async () => {
      expect((await tampered(`update ledger.tile set hashes = overlay(hashes placing '\\xff'::bytea from 65)`)).findings).toContainEqual(
        expect.objectContaining({
          check: 'tree',
          what: expect.stringContaining('The tile 0/0 is not that of its leaves, from leaf 2 on') as unknown,
        }),
      )
      expect((await tampered('delete from ledger.tile')).findings).toContainEqual(
        expect.objectContaining({ check: 'tree', what: 'The tile 0/0 is gone' }),
      )
      expect((await tampered(`update ledger.checkpoint set note = replace(note, 'ledger.example/1', 'ledger.example/2')`)).verdict).toBe(
        'FAILED',
      )
      expect((await tampered('update ledger.leaf set position = 999999999999 where idx = $1', [index(2)])).findings).toContainEqual(
        expect.objectContaining({ check: 'headers', ...place(2) }),
      )
    })
    test('a ledger that was rewritten as a whole gets no signature', async () => {
      const leaves = await w.ledger.leaves((await w.ledger.standing())!.log, 0, 10_000)
      const edge = new TreeEdge()
      for (const { entry: bytes } of leaves) edge.append(leafHash(Buffer.from(bytes.toString('utf8').replace('"Tried"', '"Tryed"'))))
      const { checkpoint: last } = signer.policy.open((await w.ledger.checkpoint((await w.ledger.standing())!.log))!.note)
      const asked = await signer.client.sign({
        old: last.size,
        proof: edge.size === last.size ? [] : [leafHash(Buffer.from('x'))],
        checkpoint: checkpointText({ origin: signer.origin, size: edge.size, root: edge.root() }),
      })
      expect(asked).toMatchObject({ kind: 'refused' })
      expect(signer.alarms.length).toBeGreaterThan(0)
    })
  })

  describe('in a bundle, seen by the offline verifier', () => {
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
      [
        'a huge size',
        edit('data/scope.json', bytes => bytes.toString('utf8').replace(/"size": \d+/, '"size": 9007199254740991')),
        'FAILED',
      ],
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
      await expect(
        verified(
          changed(
            bundle,
            folder => {
              symlinkSync('/etc/passwd', join(folder, 'data/link'))
            },
            { manifest: false },
          ),
          signer.policyText,
        ),
      ).rejects.toThrow('files and folders only')
    })
    describe('zipped', () => {
      let parent: string
      beforeAll(() => {
        parent = mkdtempSync(join(tmpdir(), 'caseledger-zip-'))
      })
      afterAll(() => {
        rmSync(parent, { recursive: true, force: true })
      })
      /** A zip of a few files of one's own. */
      const zipped = async (fill: (zip: ZipFile) => void, change: (bytes: Buffer) => Buffer = bytes => bytes) => {
        const zip = new ZipFile()
        fill(zip)
        zip.end()
        const path = join(parent, `${randomUUID()}.zip`)
        writeFileSync(path, change(await buffer(zip.outputStream)))
        return path
      }
      const small = (zip: ZipFile) => {
        zip.addBuffer(Buffer.from('BagIt-Version: 1.0\n'), 'bag/bagit.txt')
      }
      const renamed = (from: string, to: string) => (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')

      test('a bundle is verified as the folder is; one that was changed in it is found', async () => {
        const path = join(parent, 'bundle.zip')
        await bundleOf(w, signer, { kind: 'ALL' }, 'FULL', path)
        expect(await verified(path, signer.policyText)).toMatchObject({ verdict: 'VERIFIED', findings: [] })
        expect(readdirSync(parent)).toEqual(['bundle.zip'])
        const edited = await zipped(zip => {
          for (const file of readdirSync(bundle, { recursive: true, encoding: 'utf8' }))
            if (statSync(join(bundle, file)).isFile())
              zip.addBuffer(file === 'data/events.csv' ? Buffer.from('x') : readFileSync(join(bundle, file)), `b/${file}`)
        })
        expect((await verified(edited, signer.policyText)).verdict).toBe('FAILED')
      })
      test.each<[string, (zip: ZipFile) => void, (bytes: Buffer) => Buffer, string]>([
        ['one that is cut short', small, bytes => bytes.subarray(0, bytes.length - 30), 'INCOMPLETE'],
        ['no zip at all', small, () => Buffer.from('hello'), 'INCOMPLETE'],
        ['nothing', small, () => Buffer.alloc(0), 'INCOMPLETE'],
        ['an empty one', () => undefined, bytes => bytes, 'FAILED'],
        ['a name that leads out of the bundle', small, renamed('bag/bagit.txt', '../../../b.tx'), 'FAILED'],
        ['a name from the root', small, renamed('bag/bagit.txt', '/etc/bagit.tx'), 'FAILED'],
        ['a name with a backslash', small, renamed('bag/bagit.txt', 'bag\\..\\..\\b.t'), 'FAILED'],
        [
          'two files of one name',
          zip => {
            small(zip)
            small(zip)
          },
          bytes => bytes,
          'FAILED',
        ],
        [
          'two folders',
          zip => {
            small(zip)
            zip.addBuffer(Buffer.from('x'), 'other/x')
          },
          bytes => bytes,
          'FAILED',
        ],
        [
          'a link',
          zip => {
            small(zip)
            zip.addBuffer(Buffer.from('/etc/passwd'), 'bag/link', { mode: 0o120777 })
          },
          bytes => bytes,
          'FAILED',
        ],
        [
          'one that would fill the disk',
          zip => {
            zip.addBuffer(Buffer.alloc(200_000_000), 'bag/zeros')
          },
          bytes => bytes,
          'FAILED',
        ],
        [
          'a sum that is wrong',
          zip => {
            zip.addBuffer(Buffer.from('BagIt-Version'), 'bag/bagit.txt', { compress: false })
          },
          renamed('BagIt-Version', 'BagIt-Verzion'),
          'INCOMPLETE',
        ],
        [
          'encryption',
          small,
          bytes => {
            for (const [at, flags] of [
              [0x04034b50, 6],
              [0x02014b50, 8],
            ] as const)
              for (let n = 0; n < bytes.length - 4; n++) if (bytes.readUInt32LE(n) === at) bytes[n + flags]! |= 1
            return bytes
          },
          'UNSUPPORTED',
        ],
        [
          'a compression that is not known',
          small,
          bytes => {
            for (const [at, method] of [
              [0x04034b50, 8],
              [0x02014b50, 10],
            ] as const)
              for (let n = 0; n < bytes.length - 4; n++) if (bytes.readUInt32LE(n) === at) bytes[n + method] = 93
            return bytes
          },
          'UNSUPPORTED',
        ],
      ])('%s is refused, and nothing is written beside', async (_, fill, change, verdict) => {
        expect((await verified(await zipped(fill, change), signer.policyText)).verdict).toBe(verdict)
      })
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
  })

  test('a person erased between two bundles: both are verified, the new one goes on from the old one, not a leaf changed', async () => {
    const subject = await refer(w)
    await sequence(w, signer)
    await publish(w, signer)
    const before = await bundleOf(w, signer, { kind: 'STREAM', stream: `person-${subject}` }, 'SCOPED')
    await project(w)
    await erase(w, subject)
    await sequence(w, signer)
    await publish(w, signer)
    const shown = (await erasureReport(w, subject))!
    expect([
      isBorneOut(shown),
      shown.history?.consistent,
      shown.keysFound,
      shown.ciphertextsTried > 1,
      shown.ciphertextsOpened,
      shown.sealed.length > 1,
      shown.destroyed.length > 1,
    ]).toEqual([true, true, 0, true, 0, true, true])
    for (const { proof } of shown.destroyed)
      expect(checkTlogProof(parseTlogProof(proof!), leafHash(parseTlogProof(proof!).extra!), signer.policy).included).toBe(true)
    expect([reportInWords(shown).at(-1), reportAsPage(shown).includes('Perpetua')]).toEqual([
      'Everything that can be shown was found so.',
      false,
    ])
    const edited = {
      ...w,
      store: new Proxy(w.store, {
        get: (store, name) =>
          name === 'readStream'
            ? async function* (stream: string) {
                for await (const one of store.readStream(stream))
                  yield one.type === 'ReferralReceived'
                    ? { ...one, data: { ...one.data, source: one.data['source'] === 'SELF' ? 'STARS' : 'SELF' } }
                    : one
              }
            : (store[name as 'at'] as (...given: unknown[]) => unknown).bind(store),
      }),
    }
    expect(isBorneOut((await erasureReport(edited, subject))!)).toBe(false)
    expect(await erasureReport(w, randomUUID())).toBeUndefined()
    const after = await bundleOf(w, signer, { kind: 'STREAM', stream: `person-${subject}` }, 'SCOPED')
    const old = readFileSync(join(before, 'data/log/checkpoint'), 'utf8')
    for (const report of [await verified(before, signer.policyText), await verified(after, signer.policyText, [old])])
      expect([report.verdict, report.findings]).toEqual(['VERIFIED', []])
    const erasure = (await verified(after, signer.policyText, [old])).remarks
      .filter(({ check }) => check === 'erasure')
      .map(({ what }) => what)
    expect(erasure.filter(what => what.includes('was destroyed at')).length).toBeGreaterThanOrEqual(2)
    const was = (folder: string) =>
      readFileSync(join(folder, 'data/payloads', readdirSync(join(folder, 'data/payloads')).sort().at(0)!), 'utf8').split('\n')
    expect(was(after).slice(0, 100)).toEqual(was(before).slice(0, 100))
  }, 120_000)

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

const patience = 60_000
if (!('none' in server))
  describe('the tamper matrix, by the administrator of a real EventStoreDB', () => {
    const [choice, admin] = [
      { kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() },
      EventStoreDBClient.connectionString(server.url),
    ]
    const name = (stream: string) => `${choice.namespace}.${stream}`
    let w: Awaited<ReturnType<typeof world>>
    let signer: TestSigner
    beforeAll(async () => {
      ;[w, signer] = [await world(choice), await testSigner()]
    })
    afterAll(async () => {
      await w.end()
      await signer.stop()
      await admin.dispose()
    })

    test('$tb, $maxCount and a tombstone are leaves; what a scavenge then takes is named, event by event', async () => {
      const [truncated, limited, gone] = Array.from({ length: 3 }, () => `tried-${randomUUID()}`) as [string, string, string]
      for (const stream of [truncated, limited, gone]) await w.store.append(stream, 'no_stream', Array.from({ length: 6 }, event))
      // On a server with small chunks they are behind the last one by now, where a scavenge reaches them.
      for (let n = 0; n < 6; n++)
        await w.store.append(
          `tried-${randomUUID()}`,
          'no_stream',
          Array.from({ length: 300 }, () => ({ ...event(), data: { filler: 'x'.repeat(1_000) } })),
        )
      await sequence(w, signer)
      await admin.setStreamMetadata(name(truncated), { truncateBefore: 4 })
      await admin.setStreamMetadata(name(limited), { maxCount: 2 })
      await admin.tombstoneStream(name(gone))
      const hurt = [
        [truncated, 'hide events'],
        [limited, 'hide events'],
        [gone, 'was deleted'],
      ].map(
        ([stream, how]) =>
          expect.objectContaining({ check: 'completeness', stream, what: expect.stringContaining(how!) as unknown }) as unknown,
      )
      // Before the ledger has a word of it, and before anything is gone.
      expect((await checked(w, signer, true)).findings).toEqual(hurt)
      await sequence(w, signer)
      await publish(w, signer)
      for (const deep of [false, true]) expect([deep, (await checked(w, signer, deep)).findings]).toEqual([deep, hurt])
      const { log, size } = (await w.ledger.standing())!
      const leaves = (await w.ledger.leaves(log, 0, size)).map(({ index, entry }) => ({ index, ...parseEntry(entry) }))
      expect(leaves.filter(({ type }) => type.startsWith('$')).map(({ type, stream }) => [type, stream])).toEqual([
        ['$metadata', `$$${truncated}`],
        ['$metadata', `$$${limited}`],
        ['$streamDeleted', gone],
      ])

      await scavenged(server.url)
      const left = new Set<string>()
      const stop = new AbortController()
      for await (const item of w.store.whole.follow({ signal: stop.signal }))
        if ('caughtUp' in item) stop.abort()
        else left.add(item.id)
      const missing = leaves.filter(({ id }) => !left.has(id))
      const report = await checked(w, signer, true)
      expect(report.findings.filter(({ what }) => what.includes('no longer has')).map(({ index }) => index)).toEqual(
        missing.map(({ index }) => index),
      )
      expect([report.verdict, report.count('completeness')]).toEqual(['FAILED', 3])
      const may = (stream: string, from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${stream}@${from + n}`)
      expect([...may(truncated, 0, 4), ...may(limited, 0, 4), ...may(gone, 0, 6)]).toEqual(
        expect.arrayContaining(missing.map(({ stream, rev }) => `${stream}@${rev}`)),
      )
      process.stdout.write(`the scavenge took ${missing.length} of 14 events\n`)
    }, 120_000)

    const [folder, restart] = [process.env['EVENTSTOREDB_FOLDER'], process.env['EVENTSTOREDB_RESTART']]
    if (!folder || !restart)
      test.skip('an event edited in a file of the server: EVENTSTOREDB_FOLDER and EVENTSTOREDB_RESTART are not set', () => undefined)
    else
      test('one letter of one event, edited in the server’s own file and served after its next start, is named', async () => {
        const [stream, words] = [`tried-${randomUUID()}`, Array.from({ length: 3 }, () => `word-${randomUUID()}`)] as const
        const events = words.map(word => ({ ...event(), data: { word } }))
        await w.store.append(stream, 'no_stream', events)
        await sequence(w, signer)
        await publish(w, signer)
        const before = (await checked(w, signer, true)).findings
        expect(before.filter(({ stream: of }) => of === stream)).toEqual([])

        expect(editedInChunks(folder, words[1]!, words[1]!.replace('word', 'work'))).toBe(1)
        expect(spawnSync(restart, { stdio: 'ignore' }).status).toBe(0)
        for (const until = Date.now() + patience; ;) {
          try {
            await w.store.head()
            break
          } catch (error) {
            if (!(error instanceof StoreUnavailable) || Date.now() > until) throw error
          }
        }
        const { index } = (await w.ledger.leafOfEvent((await w.ledger.standing())!.log, events[1]!.id))!
        expect((await checked(w, signer, true)).findings).toEqual([
          ...before,
          {
            check: 'payloads',
            result: 'failed',
            what: expect.stringContaining('other data') as unknown,
            index,
            stream,
            revision: '1',
            eventId: events[1]!.id,
          },
        ])
      }, 120_000)
  })

/** Writes over a word in the files of a server, as its administrator can. Answers how often it stood there. */
function editedInChunks(folder: string, word: string, by: string): number {
  let found = 0
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /(^|\/)chunk-\d+\.\d+$/.test(name))) {
    const path = join(folder, file)
    for (let bytes = readFileSync(path), at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) {
      const opened = openSync(path, 'r+')
      writeSync(opened, Buffer.from(by), 0, by.length, at)
      closeSync(opened)
      found++
    }
  }
  return found
}

/** Asks the server to scavenge, as an administrator does, and waits until it has. */
async function scavenged(url: string): Promise<void> {
  const [, credentials, host] = /^esdb:\/\/(?:([^@/]*)@)?([^/?,]+)/.exec(url) ?? []
  const ask = (method: string, path: string) =>
    fetch(`${url.includes('tls=false') ? 'http' : 'https'}://${host ?? ''}/admin/scavenge${path}`, {
      method,
      headers: {
        'content-length': '0',
        accept: 'application/json',
        ...(credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
      },
    })
  expect((await ask('POST', '')).status).toBe(200)
  for (const until = Date.now() + patience; ;) {
    const { scavengeLink } = (await (await ask('GET', '/current')).json()) as { scavengeLink?: string }
    if (scavengeLink === '') return
    if (Date.now() > until) throw new Error('the scavenge does not end')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
