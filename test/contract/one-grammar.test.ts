import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import { isCheckable, parseVerifierKey } from '#merkle/note-key'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { hasPython } from '../support/ledger.js'
import { type Answer, BothVerifiers } from '../fuzz/verifiers/both.js'
import { type Honest, type Keys, honestBundles, withManifest } from '../fuzz/verifiers/honest.js'
import { type Case, entriesIn } from '../fuzz/verifiers/mutations.js'
import { caseOf, written } from '../fuzz/verifiers/written.js'

if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

/** What docs/auditors.md says of what is read, in both verifiers: each row was once read otherwise by one of them. */
;(hasPython ? describe : describe.skip)('one grammar', () => {
  let all: Honest
  let keys: Keys
  let both: BothVerifiers
  const place = mkdtempSync(join(tmpdir(), 'caseledger-grammar-'))
  let nth = 0
  beforeAll(async () => {
    const honest = await honestBundles()
    ;({ keys } = honest)
    all = honest.bundles.find(({ name }) => name === 'all')!
    both = new BothVerifiers()
  })
  afterAll(async () => {
    await both.end()
    rmSync(place, { recursive: true, force: true })
  })

  /** What both say, which is the same. */
  const asked = async (words: readonly string[]): Promise<Answer & { readonly alsoSaid: string }> => {
    const { first, second } = await both.answers(words)
    const { said: _, ...second_ } = second
    expect(second_).toEqual({ code: first.code, verdict: first.verdict, reasons: first.reasons })
    return { ...first, alsoSaid: second.said }
  }
  const after = async (change: (one: Case) => void, { manifest = true } = {}) => {
    const one = caseOf(all)
    change(one)
    if (manifest) withManifest(one.files)
    return asked(written(join(place, String(nth++)), one).words)
  }
  const edited = (path: string, how: (text: string) => string | Buffer) => (one: Case) => {
    one.files.set(path, Buffer.from(how(one.files.get(path)!.toString('utf8'))))
  }
  const scope = (from: string | RegExp, to: string) =>
    edited('data/scope.json', text => {
      expect(text).toMatch(from)
      return text.replace(from, to)
    })
  const failed = (check: string) => ({ code: 1, verdict: 'FAILED', reasons: [`${check} failed`] })

  test('what nobody changed is verified', async () => {
    expect(await after(() => undefined)).toMatchObject({ code: 0, verdict: 'VERIFIED', reasons: [] })
  })
  test.each<[string, string | RegExp, string]>([
    ['a fraction of nothing', /"size": (\d+)/, '"size": $1.0'],
    ['an exponent', /"size": (\d)(\d)/, '"size": $1.$2e1'],
    ['a zero below zero', /"leaves": \d+/, '"leaves": -0'],
    ['a number beyond 2^53 - 1', /"leaves": \d+/, '"leaves": 9007199254740992'],
    ['a number of 5,000 digits', /"leaves": \d+/, `"leaves": ${'9'.repeat(5_000)}`],
    ['a version of 5,000 digits', '"v": 1', `"v": ${'9'.repeat(5_000)}`],
    ['true for one', '"v": 1', '"v": true'],
    ['a version with a fraction', '"v": 1', '"v": 2.5'],
    ['no number', /"leaves": \d+/, '"leaves": NaN'],
    ['infinity', '"v": 1', '"v": Infinity'],
    ['a name that stands twice', '"v": 1', '"v": 1, "v": 1'],
    ['a name that stands twice, once escaped', '"v": 1', '"v": 1, "\\u0076": 1'],
    ['a name that is reserved', '"v": 1', '"v": 1, "__proto__": 1'],
    ['33 levels', '"v": 1', `"v": 1, "w": ${'['.repeat(32)}${']'.repeat(32)}`],
    ['100,000 levels', '"v": 1', `"v": 1, "w": ${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['half of a character', '"v": 1', '"v": 1, "w": "\\ud800"'],
    ['a NUL', '"v": 1', '"v": 1, "w": "\\u0000"'],
    ['a space that is none', '"v": 1', '"v": 1,\u00a0"w": 1'],
    ['a byte order mark', /^/, '\ufeff'],
  ])('a scope with %s is none', async (_, from, to) => {
    expect(await after(scope(from, to))).toMatchObject(failed('completeness'))
  })
  test('32 levels are read, and another version is not known', async () => {
    expect(await after(scope('"v": 1', `"v": 1, "w": ${'['.repeat(31)}${']'.repeat(31)}`))).toMatchObject({ verdict: 'VERIFIED' })
    expect(await after(scope('"v": 1', '"v": 2'))).toMatchObject({ code: 4, reasons: ['completeness unsupported'] })
  })

  /** A leaf that says something else, in a tree made and signed anew. */
  const leaf = (change: (text: string) => string) => (one: Case) => {
    const path = [...one.files.keys()].find(name => name.startsWith('data/log/tile/entries/'))!
    const entries = entriesIn(one.files.get(path)!)
    const last = entries.length - 1
    entries[last] = Buffer.from(change(entries[last]!.toString('utf8')))
    const edge = new TreeEdge()
    for (const entry of entries) edge.append(leafHash(entry))
    const lengths = entries.map(({ length }) => Buffer.from([length >> 8, length & 255]))
    one.files.set(path, Buffer.concat(entries.flatMap((entry, n) => [lengths[n]!, entry])))
    one.files.set(path.replace('entries', '0'), Buffer.concat(entries.map(entry => leafHash(entry))))
    const text = checkpointText({ origin: keys.log.verifier.name, size: entries.length, root: edge.root() })
    one.files.set(
      'data/log/checkpoint',
      Buffer.from(noteOf(text, [signatureLine(keys.log, text, 0), signatureLine(keys.witness, text, 1)])),
    )
    one.old = []
  }
  const time = (text: string) => (entry: string) => entry.replace(/"created":"[^"]*"/, `"created":"${text}"`)
  test.each<[string, (entry: string) => string]>([
    ['a version with a fraction of nothing', entry => entry.replace('"v":1', '"v":1.0')],
    ['true for its version', entry => entry.replace('"v":1', '"v":true')],
    ['a version of 5,000 digits', entry => entry.replace('"v":1', `"v":${'9'.repeat(5_000)}`)],
    ['a length with an exponent', entry => entry.replace(/"len":\d+/, '"len":2e0')],
    ['a NUL in its stream', entry => entry.replace('"stream":"', '"stream":"\\u0000')],
    ['lists in lists', entry => entry.replace('"kids":[', `"kids":[${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
    ['a thirtieth of February', time('2026-02-30T00:00:00.000Z')],
    ['a day that only leap years have', time('2026-02-29T00:00:00.000Z')],
    ['an hour too many', time('2026-02-01T24:00:00.000Z')],
    ['a thirteenth month', time('2026-13-01T00:00:00.000Z')],
  ])('a leaf with %s is none, whoever signed it', async (_, change) => {
    expect((await after(leaf(change))).reasons).toContain('headers failed')
  })
  test('a leaf of another version is not known', async () => {
    expect((await after(leaf(entry => entry.replace('"v":1', '"v":2')))).reasons).toContain('headers unsupported')
  })

  const note = (how: (text: string) => string | Buffer) => edited('data/log/checkpoint', how)
  const witnessed = (seconds: number) =>
    note(all_ => {
      const text = all_.slice(0, all_.indexOf('\n\n') + 1)
      return noteOf(text, [signatureLine(keys.log, text, 0), signatureLine(keys.witness, text, seconds)])
    })
  test.each<[string, (text: string) => string | Buffer]>([
    [
      'a name that is no UTF-8',
      text => Buffer.concat([Buffer.from(text), Buffer.from('\u2014 '), Buffer.from([0xff]), Buffer.from(' AAAAAAA=\n')]),
    ],
    ['base64 with stray bits', text => text.replace(/(.)=\n$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=\n`)],
    ['base64 without its end', text => text.replace(/=+\n/, '\n')],
    ['a space that is none in a name', text => text.replace(/\n\n\u2014 ledger/, '\n\n\u2014 led\u00a0ger')],
  ])('a checkpoint with %s is none', async (_, how) => {
    expect(await after(note(how))).toMatchObject(failed('signature'))
  })
  test('a checkpoint has at most a million bytes, however few characters they are', async () => {
    const withLine = (characters: number) =>
      note(all_ => {
        const text = `${all_.slice(0, all_.indexOf('\n\n') + 1)}${'\u{1f4be}'.repeat(characters)}\n`
        return noteOf(text, [signatureLine(keys.log, text, 0), signatureLine(keys.witness, text, 1)])
      })
    expect(await after(withLine(240_000))).toMatchObject({ verdict: 'VERIFIED' })
    expect(await after(withLine(260_000))).toMatchObject(failed('signature'))
  })
  test('a witness saw something until the end of the year 9999, and nothing later', async () => {
    expect(await after(witnessed(253_402_300_799))).toMatchObject({ verdict: 'VERIFIED' })
    for (const seconds of [253_402_300_800, 2 ** 53, 2 ** 62]) expect(await after(witnessed(seconds))).toMatchObject(failed('signature'))
  })
  test.each<[string, (line: string) => string | Buffer, string[]]>([
    ['bytes that are no UTF-8', line => Buffer.concat([Buffer.from(line), Buffer.from([0xff])]), ['tree failed']],
    ['loose base64', () => 'raw:e30', ['payloads failed']],
    ['base64 for other addresses', () => 'raw:-_-_', ['payloads failed']],
  ])('a payload with %s is none', async (_, how, reasons) => {
    const change = (one: Case) => {
      const lines = one.files.get('data/payloads/000.lines')!.toString('latin1').split('\n')
      one.files.set(
        'data/payloads/000.lines',
        Buffer.concat([Buffer.from(how(lines[0]!)), Buffer.from(`\n${lines.slice(1).join('\n')}`, 'latin1')]),
      )
    }
    expect((await after(change)).reasons).toEqual(expect.arrayContaining(reasons))
  })
  test.each<[string, string]>([
    ['a name of 64 characters and 256 bytes', `data/${'\u{1f4be}'.repeat(64)}`],
    ['a path of more than 1,000 bytes', `data/${'abcd/'.repeat(200)}x`],
    ['a way out', 'data/../x'],
    ['a backslash', 'data/a\\b'],
  ])('a manifest with %s is none', async (_, path) => {
    const more = edited('manifest-sha256.txt', text => `${text}${'0'.repeat(64)}  ${path}\n`)
    expect(await after(more, { manifest: false })).toMatchObject(failed('manifest'))
  })
  const manifest = (how: (lines: readonly string[]) => readonly string[]) =>
    edited('manifest-sha256.txt', text => [...how(text.trimEnd().split('\n')), ''].join('\n'))
  test.each<[string, (one: Case) => void]>([
    ['a manifest in another order', manifest(lines => [...lines].reverse())],
    ['empty lines in a manifest', manifest(lines => ['', ...lines.flatMap(line => [line, ''])])],
    ['spaces around and between the parts of a scope', edited('data/scope.json', text => ` \n\t${text.replaceAll('": ', '"\n:\t')}\r\n `)],
  ])('%s change nothing', async (_, change) => {
    expect(
      await after(
        one => {
          change(one)
          if (one.files.get('data/scope.json') !== all.files.get('data/scope.json')) withManifest(one.files)
        },
        { manifest: false },
      ),
    ).toMatchObject({ code: 0, verdict: 'VERIFIED', reasons: [] })
  })
  test.each<[string, (one: Case) => void]>([
    ['a line twice', manifest(lines => [...lines, lines[0]!])],
    ['a line of spaces', manifest(lines => [...lines, ' '])],
    ['a space before a digest', manifest(([first, ...lines]) => [` ${first!}`, ...lines])],
    ['one space behind a digest', manifest(([first, ...lines]) => [first!.replace('  ', ' '), ...lines])],
    ['a star for a binary file', manifest(([first, ...lines]) => [first!.replace('  ', ' *'), ...lines])],
    ['a digest in capitals', manifest(([first, ...lines]) => [first!.replace(/^[0-9a-f]+/, text => text.toUpperCase()), ...lines])],
    ['a carriage return', manifest(lines => lines.map(line => `${line}\r`))],
  ])('a manifest with %s is none', async (_, change) => {
    expect(await after(change, { manifest: false })).toMatchObject(failed('manifest'))
  })
  test('a signature that stands twice in a checkpoint is one', async () => {
    const twice = edited('data/log/checkpoint', text => text + text.slice(text.indexOf('\n\n') + 2))
    expect((await after(twice)).verdict).toBe('VERIFIED')
  })
  test('a link, or a name that is no UTF-8, is refused; a folder for a file is a file that is missing', async () => {
    for (const beside of [{ path: 'data/link', kind: 'link' } as const, { path: 'data/', kind: 'odd name' } as const])
      expect(await after(one => one.beside.push(beside))).toMatchObject(failed('manifest'))
    const folder = await after(one => {
      one.files.delete('data/scope.json')
      one.beside.push({ path: 'data/scope.json', kind: 'folder' })
    })
    expect(folder).toMatchObject({ code: 3, reasons: ['completeness incomplete'] })
  })

  test('a receipt is read by the same grammar, with the same verdict', async () => {
    const proof = () => {
      const path = [...all.files.keys()].find(name => name.endsWith('.tlog-proof'))
      expect(path).toBeUndefined()
      const entry = Buffer.from('{"a":1}')
      const text = checkpointText({ origin: keys.log.verifier.name, size: 1, root: leafHash(entry) })
      const signed = noteOf(text, [signatureLine(keys.log, text, 0), signatureLine(keys.witness, text, 1)])
      return (extra: string, checkpoint = signed) => `c2sp.org/tlog-proof@v1\n${extra}index 0\n\n${checkpoint}`
    }
    const make = proof()
    const extra = `extra ${Buffer.from('{"a":1}').toString('base64')}\n`
    const of = (text: string | Buffer) =>
      after(one => {
        one.receipt = Buffer.from(text)
      })
    expect(await of(make(extra))).toMatchObject({ code: 0, verdict: 'VERIFIED' })
    expect(await of(make(`extra ${leafHash(Buffer.from('{"a":1}')).toString('base64')}\n`))).toMatchObject({ code: 0, verdict: 'VERIFIED' })
    expect(await of(make('extra \n'))).toMatchObject({ code: 1, verdict: 'FAILED' })
    expect(await of(make(''))).toMatchObject({ code: 3, verdict: 'INCOMPLETE' })
    expect(await of(make(extra).replace('@v1', '@v2'))).toMatchObject({ code: 4, verdict: 'UNSUPPORTED' })
    expect(await of(make(extra.replace('=', '')))).toMatchObject({ code: 1, verdict: 'FAILED' })
    expect(await of(make(extra).replace(/(W|\u2014 w\.example) .*\n$/, ''))).toMatchObject({ code: 3, verdict: 'INCOMPLETE' })
    expect(await of(Buffer.concat([Buffer.from(make(extra)), Buffer.from([0xff])]))).toMatchObject({ code: 1, verdict: 'FAILED' })
    mkdirSync(join(place, 'folder.tlog-proof'))
    writeFileSync(join(place, 'policy'), all.policy)
    expect((await asked([join(place, 'folder.tlog-proof'), '--policy', join(place, 'policy')])).code).toBe(2)
  })

  test('what cannot be read, or is no policy and no certificate, was not asked right: with file, line and rule, once', async () => {
    const { words } = written(join(place, 'asked'), caseOf(all))
    const [bundle, , policy] = words as [string, string, string]
    const file = (name: string, text: string | Buffer) => {
      writeFileSync(join(place, name), text)
      return join(place, name)
    }
    mkdirSync(join(place, 'folder'))
    for (const more of [
      ['--tsa', join(place, 'nothing')],
      ['--tsa', join(place, 'folder')],
      ['--tsa', file('empty.pem', '')],
      ['--tsa', file('bad.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
      ['--old', join(place, 'nothing')],
      ['--old', join(place, 'folder')],
      ['--unknown'],
      ['another'],
    ])
      expect([more, (await asked([bundle, '--policy', policy, ...more])).code]).toEqual([more, 2])
    for (const given of [join(place, 'nothing'), join(place, 'folder'), join(place, 'x'.repeat(300)), join(policy, 'x')])
      for (const question of [
        [bundle, '--policy', given],
        [given, '--policy', policy],
      ])
        expect([question, (await asked(question)).code]).toEqual([question, given.endsWith('folder') && question[0] === given ? 1 : 2])
    for (const [text, line] of [
      ['# mine\nquorum none\nlogs x\n', 3],
      [`${all.policy}log ${keys.log.verifier.vkey}\n`, 6],
      [`${all.policy}witness X ${keys.witness.verifier.vkey.replace('w.example', 'x.example')}\n`, 6],
      ['quorum none', 1],
      ['\n\n', 3],
    ] as const) {
      const mine = file('mine.policy', text)
      const { code, said, alsoSaid } = await asked([bundle, '--policy', mine])
      expect(code).toBe(2)
      for (const words of [said, alsoSaid]) expect(words).toMatch(new RegExp(`^${mine}, line ${line}: [^\\n]+\\n$`))
    }
  })
  test('a log whose checkpoints do not begin with the name of its key is believed under the origin that the policy gives it', async () => {
    const [origin, name] = [keys.log.verifier.name, 'another.example']
    const typed = Buffer.concat([Buffer.from([1]), keys.log.verifier.publicKey])
    const id = createHash('sha256').update(`${name}\n`).update(typed).digest()
    const renamed = (policy: string, below = '') =>
      policy.replace(/^log .*\n/, `log ${name}+${id.toString('hex', 0, 4)}+${typed.toString('base64')}\n${below}`)
    const under = (below: string) =>
      after(one => {
        one.policy = Buffer.from(renamed(all.policy, below))
        one.old = []
        for (const path of one.files.keys())
          if (/checkpoint$|\.note$/.test(path))
            edited(path, text =>
              text.replace(/\u2014 ledger\S* (\S+)\n/, (_, signed: string) => {
                const bytes = Buffer.from(signed, 'base64')
                return `\u2014 ${name} ${Buffer.concat([id.subarray(0, 4), bytes.subarray(4)]).toString('base64')}\n`
              }),
            )(one)
      })
    expect(await under(`origin ${origin}\n`)).toMatchObject({ verdict: 'VERIFIED' })
    expect((await under('')).reasons).toContain('signature failed')
    expect((await under('origin x\n')).reasons).toContain('signature failed')
  })
  test('a witness that signs with ML-DSA-44 is checked where this machine can, and else named as unsupported', async () => {
    const [name, key] = ['pq.example', Buffer.concat([Buffer.from([6]), Buffer.alloc(1_312, 7)])]
    const id = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4)
    const vkey = `${name}+${id.toString('hex')}+${key.toString('base64')}`
    const line = `\u2014 ${name} ${Buffer.concat([id, Buffer.alloc(2_428)]).toString('base64')}\n`
    const { said, alsoSaid, ...answer } = await after(one => {
      one.policy = Buffer.from(`log ${keys.log.verifier.vkey}\nwitness PQ ${vkey}\nquorum PQ\n`)
      note(text => text + line)(one)
      one.old = []
    })
    if (isCheckable(parseVerifierKey(vkey))) expect(answer).toMatchObject(failed('signature'))
    else {
      expect(answer).toMatchObject({ code: 4, verdict: 'UNSUPPORTED', reasons: ['witnesses unsupported'] })
      for (const words of [said, alsoSaid]) expect(words).toContain('PQ cosigned with ML-DSA-44')
    }
  })
  test('whoever stops reading changes nothing; what cannot be written is a fault of the verifier, and no verdict', () => {
    const { words } = written(join(place, 'piped'), caseOf(all))
    for (const program of ['node dist/verify.mjs', 'python3 tools/verify.py']) {
      const run = (to: string) => {
        const { status, stderr } = spawnSync('bash', ['-c', `${program} "$@" ${to}`, 'bash', ...words.filter(word => word !== '--json')], {
          encoding: 'utf8',
        })
        return [program, status, stderr]
      }
      expect(run('> >(exec 0<&-; exit 0)')).toEqual([program, 0, ''])
      expect(run('> /dev/full')).toEqual([program, 70, ''])
      expect(run('> /dev/null')).toEqual([program, 0, ''])
    }
  })
})
