import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hasPython } from '../support/ledger.js'
import { BothVerifiers, areSame } from '../fuzz/verifiers/both.js'
import { type Honest, honestBundles } from '../fuzz/verifiers/honest.js'
import { caseOf, written } from '../fuzz/verifiers/written.js'
import { type Part, joined, partOf } from '../fuzz/verifiers/zip-writer.js'

if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

const plain = { deflate: true, described: false, extras: false }
const word = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes)
  copy.writeUInt16LE(value, at)
  return copy
}
const long = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(value >>> 0, at)
  return copy
}

/** What docs/auditors.md says of a zip. A reader that mends something else than another one sees another bundle. */
;(hasPython ? describe : describe.skip)('a zip, to both verifiers', () => {
  const place = mkdtempSync(join(tmpdir(), 'caseledger-zips-'))
  let all: Honest
  let both: BothVerifiers
  let nth = 0
  beforeAll(async () => {
    all = (await honestBundles()).bundles[0]!
    both = new BothVerifiers()
  })
  afterAll(async () => {
    await both.end()
    rmSync(place, { recursive: true, force: true })
  })
  const said = async (zip: Buffer) => {
    const { first, second } = await both.answers(written(join(place, String(nth++)), caseOf(all), zip).words)
    expect([areSame(first, second), first, second]).toEqual([true, first, second])
    return first.reasons.length === 0 ? first.verdict : first.reasons.join()
  }
  const parts = (how = plain) => [...all.files].map(([path, content]) => partOf(`b/${path}`, content, how))
  /** Of one of the files. */
  const other = (change: (part: Part) => Partial<Part>) => joined(parts().map((part, n) => (n === 3 ? { ...part, ...change(part) } : part)))
  const more = (name: string, how = plain) => joined([...parts(), partOf(name, Buffer.from('x'), how)])
  const [failed, incomplete, unsupported] = ['manifest failed', 'manifest incomplete', 'manifest unsupported']

  test('by whatever tool it was made, is what the folder is', async () => {
    for (const how of [plain, { ...plain, deflate: false }, { ...plain, described: true }, { ...plain, extras: true }])
      expect(await said(joined(parts(how)))).toBe('VERIFIED')
    const folder = join(place, 'made', 'b')
    for (const [path, content] of all.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    const policy = join(place, 'made', 'policy')
    writeFileSync(policy, all.policy)
    for (const [zip, command, ...words] of [
      ['zip.zip', 'zip', '-qr', 'zip.zip', 'b'],
      ['python.zip', 'python3', '-m', 'zipfile', '-c', 'python.zip', 'b'],
      ['archive.zip', 'python3', '-c', "import shutil; shutil.make_archive('archive', 'zip', '.', 'b')"],
    ] as const) {
      // Info-ZIP is not everywhere.
      if (spawnSync(command, words, { cwd: join(place, 'made') }).error) continue
      const { first, second } = await both.answers([join(place, 'made', zip), '--policy', policy, '--json'])
      expect([zip, first.verdict, second.verdict]).toEqual([zip, 'VERIFIED', 'VERIFIED'])
    }
  })
  test.each<[string, () => Buffer, string]>([
    ['junk before it', () => joined(parts(), Buffer.from('MZ'), 0), failed],
    ['junk between its files', () => joined(parts(), Buffer.from('x'), 3), failed],
    ['junk before its directory', () => joined(parts(), Buffer.from('x'), all.files.size), failed],
    ['junk behind it', () => Buffer.concat([joined(parts()), Buffer.from('x')]), incomplete],
    ['a comment', () => Buffer.concat([word(joined(parts()), joined(parts()).length - 2, 1), Buffer.from('x')]), incomplete],
    ['its end cut off', () => joined(parts()).subarray(0, -30), incomplete],
    ['another count', () => word(joined(parts()), joined(parts()).length - 14, 1), failed],
    ['another count of this disk', () => word(joined(parts()), joined(parts()).length - 12, 1), failed],
    ['another disk', () => word(joined(parts()), joined(parts()).length - 18, 1), failed],
    ['the count of zip64', () => word(joined(parts()), joined(parts()).length - 12, 0xffff), unsupported],
    ['a file that its directory does not name', () => joined(parts(), undefined, 0, parts().slice(1)), failed],
    ['a file named twice', () => joined(parts(), undefined, 0, [...parts(), parts()[0]!]), failed],
    ['its directory in another order', () => joined(parts(), undefined, 0, parts().reverse()), failed],
    ['two files in one place', () => other(({ central }) => ({ central: long(central, 42, 1) })), failed],
    [
      'encryption',
      () => other(({ central, local }) => ({ central: word(central, 8, 0x0801), local: word(local, 6, 0x0801) })),
      unsupported,
    ],
    ['patched data', () => other(({ central, local }) => ({ central: word(central, 8, 0x0820), local: word(local, 6, 0x0820) })), failed],
    ['a newer version', () => other(({ central, local }) => ({ central: word(central, 6, 63), local: word(local, 4, 63) })), unsupported],
    [
      'another way to compress',
      () => other(({ central, local }) => ({ central: word(central, 10, 93), local: word(local, 8, 93) })),
      unsupported,
    ],
    ['flags in front of a file that its directory does not have', () => other(({ local }) => ({ local: word(local, 6, 0) })), failed],
    ['a version in front of a file that its directory does not have', () => other(({ local }) => ({ local: word(local, 4, 10) })), failed],
    ['another way to compress in front of a file', () => other(({ local }) => ({ local: word(local, 8, 0) })), failed],
    ['another sum in front of a file', () => other(({ local }) => ({ local: long(local, 14, 1) })), failed],
    ['another size in front of a file', () => other(({ local }) => ({ local: long(local, 22, 1) })), failed],
    [
      'another name in front of a file',
      () => other(({ local }) => ({ local: Buffer.concat([local.subarray(0, -1), Buffer.from('~')]) })),
      failed,
    ],
    ['a sum that is wrong everywhere', () => other(p => ({ central: long(p.central, 16, 1), local: long(p.local, 14, 1) })), incomplete],
    ['a descriptor that nothing announces', () => other(() => ({ behind: Buffer.alloc(16) })), failed],
    [
      'a descriptor without its mark',
      () => {
        const described = parts({ ...plain, described: true })
        described[3] = { ...described[3]!, behind: described[3]!.behind.subarray(4) }
        return joined(described)
      },
      failed,
    ],
    [
      'a descriptor that says something else',
      () => {
        const described = parts({ ...plain, described: true })
        described[3] = { ...described[3]!, behind: long(described[3]!.behind, 12, 1) }
        return joined(described)
      },
      failed,
    ],
    ['a link', () => other(({ central }) => ({ central: long(central, 38, 0o120777 * 65_536) })), failed],
    ['a device', () => other(({ central }) => ({ central: long(central, 38, 0o060644 * 65_536) })), failed],
    ['another name in an extra field', () => other(p => added(p, '7570070001000000006162')), failed],
    ['an extra field of zip64', () => other(p => added(p, '010008000000000000000000')), unsupported],
    ['an extra field that ends too late', () => other(p => added(p, '5554ff0000')), failed],
    ['one file at the top', () => joined([partOf('bag', Buffer.from('x'), plain)]), failed],
    ['a file beside its folder', () => more('x'), failed],
    ['a second folder', () => more('c/x'), failed],
    ['nothing in it', () => joined([]), failed],
    ['a file and a folder of one name', () => more('b/bagit.txt/x'), failed],
    ['a folder with bytes', () => more('b/x/', { ...plain, deflate: false }), failed],
    ['a name of 256 bytes', () => more(`b/${'x'.repeat(256)}`), failed],
    ['a name of 64 characters and 256 bytes', () => more(`b/${'\u{1f4be}'.repeat(64)}`), failed],
    ['a path of more than 1,000 bytes', () => more(`b/${'abcd/'.repeat(200)}x`), failed],
    ['a name with a NUL', () => more('b/x\0y'), failed],
    ['a name with a line feed', () => more('b/x\n'), failed],
    ['a name with a colon of a drive', () => more('C:/x'), failed],
    ['a name that leads out', () => more('b/../x'), failed],
    [
      'a name that is no UTF-8',
      () => {
        const part = partOf('b/xy', Buffer.from('x'), plain)
        const odd = (header: Buffer, at: number) => Buffer.concat([header.subarray(0, at), Buffer.from('b/'), Buffer.from([0xff, 0xfe])])
        return joined([...parts(), { ...part, local: odd(part.local, 30), central: odd(part.central, 46) }])
      },
      failed,
    ],
    [
      'a name that does not say that it is UTF-8',
      () => {
        const part = partOf('b/é', Buffer.from('x'), plain)
        return joined([...parts(), { ...part, local: word(part.local, 6, 0), central: word(part.central, 8, 0) }])
      },
      failed,
    ],
    ['bytes behind what was compressed', () => other(p => packed(p, Buffer.concat([p.packed, Buffer.from('x')]))), incomplete],
    ['bytes missing of what was compressed', () => other(p => packed(p, p.packed.subarray(0, -1))), incomplete],
  ])('with %s is no bundle', async (_, zip, reason) => {
    expect(await said(zip())).toBe(reason)
  })
  const added = ({ local, central }: Part, hex: string): Partial<Part> => {
    const extra = Buffer.from(hex, 'hex')
    const grown = (header: Buffer, at: number) => Buffer.concat([word(header, at, extra.length), extra])
    return { local: grown(local, 28), central: grown(central, 30) }
  }
  const packed = ({ local, central }: Part, bytes: Buffer): Partial<Part> => ({
    packed: bytes,
    local: long(local, 18, bytes.length),
    central: long(central, 20, bytes.length),
  })
})
