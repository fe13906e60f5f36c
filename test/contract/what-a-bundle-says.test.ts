import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { type LeafHeader, entryOf, parseEntry } from '#verifier/leaf-header'
import { leavesIn } from '#verifier/leaves'
import { BundleFolder } from '#verifier/bundle-folder'
import type { Report } from '#verifier/verdict'
import { recordedTimeMayGoBackMs } from '#verifier/recorded-time'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { bundleOf, changed, hasPython, publish, sequence, verified } from '../support/ledger.js'
import { erase, refer } from '../support/people.js'
import { type Tampered, storesWith, toTamperWith } from '../support/tampering.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('what a bundle says [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })
if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

/** Each row was once VERIFIED by both verifiers, the manifest made anew. */
describe.each(storesWith(server))('what a bundle says [$kind]', choice => {
  let t: Tampered
  /** Of one stream with its headers, of it with all headers, of a range; and of everything, made when those were on record. */
  let [ofStream, withHeaders, ofRange, later] = ['', '', '', '']
  beforeAll(async () => {
    t = await toTamperWith(choice)
    const { w, signer, stream } = t
    await erase(w, await refer(w))
    await sequence(w, signer)
    await publish(w, signer)
    ofStream = await bundleOf(w, signer, { kind: 'STREAM', stream }, 'SCOPED')
    withHeaders = await bundleOf(w, signer, { kind: 'STREAM', stream }, 'FULL')
    ofRange = await bundleOf(w, signer, { kind: 'RANGE', from: t.index(0), to: t.index(6) }, 'SCOPED')
    await sequence(w, signer)
    await publish(w, signer)
    later = await bundleOf(w, signer, { kind: 'ALL' })
  }, 120_000)
  afterAll(async () => {
    await t.end()
  })

  type Change = (folder: string) => void
  const said = (folder: string, exported?: string) => verified(folder, t.signer.policyText, [], undefined, exported)
  const edit =
    (path: string, how: (text: string) => string): Change =>
    folder => {
      const before = readFileSync(join(folder, path), 'utf8')
      expect(how(before)).not.toBe(before)
      writeFileSync(join(folder, path), how(before))
    }
  const remove =
    (path: string): Change =>
    folder => {
      rmSync(join(folder, path))
    }
  const reasons = ({ findings }: Report) => [...new Set(findings.map(({ check, result }) => `${check} ${result}`))].sort()
  const proofs = (folder: string) => readdirSync(join(folder, 'data/proofs')).map(name => `data/proofs/${name}`)
  const lastLineAway = (text: string) => text.replace(/[^\n]*\n$/, '')

  test('what nobody touched is verified, and what nobody looked at is listed by name', async () => {
    const unsigned = ['the check stamps', 'README.md: nobody signed it', 'data/fhir-auditevents.ndjson: nothing of it was compared']
    const [own, where] = ['verify.mjs: use a verifier of your own', 'of data/scope.json: hold the bundle against a later one (--exported)']
    for (const folder of [t.bundle, ofStream, withHeaders, ofRange, later]) {
      const { verdict, findings, notChecked } = await said(folder)
      expect([verdict, findings, notChecked.slice(0, 4)]).toEqual(['VERIFIED', [], [...unsigned, own]])
      expect(notChecked.slice(4).map(what => what.endsWith(where) || what.startsWith('counts of'))).not.toContain(false)
      expect(notChecked.some(what => what.startsWith('counts of'))).toBe(folder === ofStream || folder === ofRange)
    }
  })

  test.each<[string, Change, string[]]>([
    ['a line of events.jsonl', edit('data/events.jsonl', text => text.replace('"n":1', '"n":2')), ['copies failed']],
    ['a line of events.jsonl too many', edit('data/events.jsonl', text => `${text}{}\n`), ['copies failed']],
    ['a line of events.jsonl too few', edit('data/events.jsonl', lastLineAway), ['copies failed']],
    ['no events.jsonl', remove('data/events.jsonl'), ['copies incomplete']],
    ['a cell of events.csv', edit('data/events.csv', text => text.replace(',Tried,', ',Shared,')), ['copies failed']],
    ['the head of events.csv', edit('data/events.csv', text => text.replace('recordedat', 'happenedat')), ['copies failed']],
    ['no events.csv', remove('data/events.csv'), ['copies incomplete']],
    ['the label of the bag', edit('bag-info.txt', text => text.replace('SPEC-1', 'SPEC-2')), ['copies failed']],
    ['no label of the bag', remove('bag-info.txt'), ['copies incomplete']],
    ['the declaration of the bag', edit('bagit.txt', text => text.replace('UTF-8', 'UTF-16')), ['manifest failed']],
    ['a time in the scope', edit('data/scope.json', text => text.replace(/"madeAt": "\d{4}/, '"madeAt": "2001')), ['copies failed']],
    ['a reference in the scope', edit('data/scope.json', text => text.replace('SPEC-1', 'SPEC-2')), ['copies failed']],
    ['fewer leaves', edit('data/scope.json', text => text.replace(/"leaves": \d+/, '"leaves": 3')), ['completeness failed']],
    ['more leaves', edit('data/scope.json', text => text.replace(/"leaves": \d+/, '"leaves": 3000')), ['completeness incomplete']],
    ['fewer payloads', edit('data/scope.json', text => text.replace(/"payloads": \d+/, '"payloads": 3')), ['completeness failed']],
    ['no stream of a stream', edit('data/scope.json', text => text.replace('"stream"', '"strand"')), ['completeness failed']],
    [
      'a proof of another event',
      folder => renameSync(join(folder, proofs(folder)[0]!), join(folder, proofs(folder)[1]!)),
      ['copies failed', 'copies incomplete'],
    ],
    [
      'a proof with another place',
      folder => edit(proofs(folder)[0]!, text => text.replace(/index (\d+)/, 'index 1$1'))(folder),
      ['copies failed'],
    ],
    ['a proof that is none', folder => writeFileSync(join(folder, proofs(folder)[0]!), 'c2sp.org/tlog-proof@v1\n'), ['copies failed']],
    [
      'a proof under another checkpoint',
      folder => edit(proofs(folder)[0]!, text => text.replace(/\n(\d+)\n/, '\n1$1\n'))(folder),
      ['copies failed'],
    ],
    ['a proof that is missing', folder => rmSync(join(folder, proofs(folder)[0]!)), ['copies incomplete']],
    [
      'the papers of an audit without what signs them',
      folder => {
        mkdirSync(join(folder, 'data/audit'))
        writeFileSync(join(folder, 'data/audit/audit.json'), '{}')
      },
      ['manifest incomplete'],
    ],
  ])('%s', async (_, change, expected) => {
    expect(reasons(await said(changed(ofStream, change)))).toEqual(expected)
  })
  test('another stream as the one in which the ledger speaks of itself: its exports and heartbeats would not be seen', async () => {
    const other = edit('data/scope.json', text => text.replace(/"ledgerStream": "[^"]+"/, '"ledgerStream": "ledger-x"'))
    for (const folder of [t.bundle, later, withHeaders])
      expect(reasons(await said(changed(folder, other)))).toContain('completeness failed')
    expect(reasons(await said(changed(t.bundle, other)))).toEqual(['completeness failed'])
  })
  test('what this verifier does not know is listed', async () => {
    const { verdict, notChecked } = await said(
      changed(ofStream, folder => {
        writeFileSync(join(folder, 'data/more.txt'), 'x')
        writeFileSync(join(folder, 'about.txt'), 'x')
        edit('data/scope.json', text => text.replace('"v": 1', '"v": 1, "from": 3, "hint": 1'))(folder)
      }),
    )
    expect(verdict).toBe('VERIFIED')
    for (const name of ['data/more.txt', 'about.txt', 'from of data/scope.json', 'hint of data/scope.json'])
      expect(notChecked.filter(what => what.startsWith(name))).toHaveLength(1)
  })

  const headers = (folder: string) => [...leavesIn(new BundleFolder(folder))].map(({ entry }) => (entry ? parseEntry(entry) : undefined))
  const forgedLine = (n: number, payload: string): Change => {
    const path = `data/payloads/${String(Math.floor(n / 256)).padStart(3, '0')}.lines`
    return folder => {
      const lines = readdirSync(join(folder, 'data/payloads')).includes(path.slice('data/payloads/'.length))
        ? readFileSync(join(folder, path), 'utf8').split('\n')
        : Array.from({ length: 2 * Math.min(256, headers(folder).length - Math.floor(n / 256) * 256) + 1 }, () => '')
      lines[2 * (n % 256)] = payload
      writeFileSync(join(folder, path), lines.join('\n'))
    }
  }
  test('a payload out of scope is not used unless it is what was signed: no destruction of a key is told that was none', async () => {
    const destroyed = headers(withHeaders).findIndex(header => header?.type === 'SubjectKeyDestroyed')
    const kid = '00000000-0000-4000-8000-00000000000f'
    const forged = `{"destroyedAt":"2026-11-01T09:00:00.000Z","kid":"${kid}"}`
    const report = await said(changed(withHeaders, forgedLine(destroyed, forged)))
    expect([reasons(report), report.findings[0]?.index]).toEqual([['payloads failed'], destroyed])
    expect(report.remarks.filter(({ what }) => what.includes(kid))).toEqual([])
    const without = await said(changed(ofStream, forgedLine(destroyed, forged)))
    expect([reasons(without), without.findings[0]?.index]).toEqual([['payloads failed'], destroyed])
  })
  test('one that is canonical JSON stands in its line as such, and not as base64', async () => {
    const raw = `raw:${Buffer.from('{"n":1}').toString('base64')}`
    expect(reasons(await said(changed(t.bundle, forgedLine(t.index(2), raw))))).toContain('payloads failed')
  })

  /** Takes leaves out of what a bundle with headers of its scope shows, wherever it shows them. */
  const hidden = (folder: string, which: readonly number[]) =>
    changed(folder, bundle => {
      const all = headers(bundle)
      for (const n of which) {
        const tile = String(Math.floor(n / 256)).padStart(3, '0')
        edit(`data/headers/${tile}.lines`, text =>
          text
            .split('\n')
            .map((line, at) => (at === n % 256 ? '' : line))
            .join('\n'),
        )(bundle)
        edit(`data/payloads/${tile}.lines`, text =>
          text
            .split('\n')
            .map((line, at) => (at >> 1 === n % 256 ? '' : line))
            .join('\n'),
        )(bundle)
        for (const path of ['data/events.jsonl', 'data/events.csv'])
          edit(path, text =>
            text
              .split('\n')
              .filter(line => !line.includes(all[n]!.id))
              .join('\n'),
          )(bundle)
        rmSync(join(bundle, `data/proofs/${all[n]!.id}.tlog-proof`), { force: true })
      }
      edit('data/scope.json', text =>
        text.replace(/"(leaves|payloads)": (\d+)/g, (_, what: string, count: string) => `"${what}": ${Number(count) - which.length}`),
      )(bundle)
    })
  test('leaves that were hidden, and taken off the counts: a whole stream, a part of a range, or the end of a stream', async () => {
    const all = [0, 1, 2, 3, 4, 5].map(n => t.index(n))
    expect(reasons(await said(hidden(ofStream, all)))).toEqual(['completeness incomplete'])
    const gap = await said(hidden(ofRange, [t.index(5)]))
    expect([reasons(gap), gap.findings[0]?.index]).toEqual([['completeness incomplete'], t.index(5)])
    const end = hidden(ofStream, [t.index(5)])
    const alone = await said(end)
    expect([alone.verdict, alone.notChecked.filter(what => what.startsWith('counts of data/scope.json'))]).toEqual([
      'VERIFIED',
      [expect.any(String)],
    ])
    expect(reasons(await said(end, later))).toEqual(['completeness failed'])
  })

  describe('held against a bundle of a later day', () => {
    const bare = ['the check stamps', 'README.md: nobody signed it', 'verify.mjs: use a verifier of your own']
    test('it is the one that was made, and every file below data is as it was', async () => {
      for (const folder of [ofStream, withHeaders, ofRange]) {
        const { verdict, notChecked } = await said(folder, later)
        expect([verdict, notChecked]).toEqual(['VERIFIED', bare])
      }
    })
    test.each<[string, Change]>([
      [
        'for another reference',
        folder => {
          for (const path of ['data/scope.json', 'bag-info.txt']) edit(path, text => text.replace('SPEC-1', 'SPEC-2'))(folder)
        },
      ],
      [
        'at another time',
        edit('data/scope.json', text => text.replace(/(\.\d{3})Z"/, '.999Z"').replace('.999Z', text.includes('.999Z') ? '.998Z' : '.999Z')),
      ],
      [
        'with other audit events',
        folder => {
          writeFileSync(join(folder, 'data/fhir-auditevents.ndjson'), '{}\n')
        },
      ],
      ['with a field that says more', edit('data/scope.json', text => text.replace('"v": 1', '"v": 1, "hint": 1'))],
    ])('one %s is not it', async (_, change) => {
      const folder = changed(ofStream, change)
      expect((await said(folder)).verdict).toBe('VERIFIED')
      expect(reasons(await said(folder, later))).toEqual(['completeness failed'])
    })
    test('a bundle that is no later one says nothing, and one that was altered vouches for nothing', async () => {
      expect(reasons(await said(later, ofStream))).toEqual(['completeness failed'])
      expect(reasons(await said(ofStream, t.bundle))).toContain('completeness failed')
      expect(reasons(await said(ofStream, withHeaders))).toEqual(['completeness incomplete'])
      const altered = changed(later, edit('data/events.csv', lastLineAway))
      expect(reasons(await said(ofStream, altered))).toEqual(['completeness failed'])
    })
  })

  /** A log of which the last leaf says something else, signed anew by whoever has the key. */
  const signedAnew = (change: (last: LeafHeader, all: readonly LeafHeader[]) => Partial<LeafHeader>) =>
    changed(t.bundle, folder => {
      const all = headers(folder) as LeafHeader[]
      const last = all.length - 1
      const entries = all.map(header => Buffer.from(entryOf(header)))
      entries[last] = Buffer.from(entryOf({ ...all[last]!, ...change(all[last]!, all) }))
      const edge = new TreeEdge()
      for (const entry of entries) edge.append(leafHash(entry))
      const [tile, width] = [String(Math.floor(last / 256)).padStart(3, '0'), (last % 256) + 1]
      const part = width === 256 ? tile : `${tile}.p/${width}`
      const ofTile = entries.slice(-width)
      writeFileSync(join(folder, `data/log/tile/0/${part}`), Buffer.concat(ofTile.map(entry => leafHash(entry))))
      writeFileSync(
        join(folder, `data/log/tile/entries/${part}`),
        Buffer.concat(ofTile.flatMap(entry => [Buffer.from([entry.length >> 8, entry.length & 255]), entry])),
      )
      const key = SigningKey.parse(readFileSync(join(t.signer.folder, 'ledger.key'), 'utf8').trim())
      const text = checkpointText({ origin: t.signer.origin, size: all.length, root: edge.root() })
      writeFileSync(join(folder, 'data/log/checkpoint'), noteOf(text, [signatureLine(key, text, 0)]))
      rmSync(join(folder, 'data/checkpoints'), { recursive: true, force: true })
    })
  const back = (created: string, ms: number) => new Date(Date.parse(created) - ms).toISOString()
  const latest = (all: readonly LeafHeader[]) =>
    all
      .map(({ created }) => created)
      .sort()
      .at(-1)!
  const ofHeaders = ({ findings }: Report) => findings.filter(({ check }) => check === 'headers').map(({ index }) => index)
  test('the id of another event, a time that goes back further than clocks differ, or one that there never was', async () => {
    const last = headers(t.bundle).length - 1
    for (const change of [
      (_: LeafHeader, all: readonly LeafHeader[]) => ({ id: all[t.index(2)]!.id }),
      (_: LeafHeader, all: readonly LeafHeader[]) => ({ created: back(latest(all), 20 * 86_400_000) }),
      (_: LeafHeader, all: readonly LeafHeader[]) => ({ created: back(latest(all), recordedTimeMayGoBackMs + 1) }),
      () => ({ created: '2026-02-30T00:00:00.000Z' }),
    ])
      expect(ofHeaders(await said(signedAnew(change)))).toEqual([last])
    for (const ms of [0, 1, recordedTimeMayGoBackMs])
      expect(ofHeaders(await said(signedAnew((_, all) => ({ created: back(latest(all), ms) }))))).toEqual([])
  })
  test('a folder beside the manifest is not looked into, and said to be so', async () => {
    const folder = changed(ofStream, bundle => {
      cpSync(join(bundle, 'data/scope.json'), join(bundle, 'extra/scope.json'), { recursive: true })
    })
    const { verdict, notChecked } = await said(folder)
    expect([verdict, notChecked.includes('extra/scope.json: nothing of it was compared')]).toEqual(['VERIFIED', true])
  })
})
