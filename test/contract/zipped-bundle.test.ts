import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { bundleOf, verified } from '../support/ledger.js'
import { type Tampered, storesWith, toTamperWith } from '../support/tampering.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('a zipped bundle [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

describe.each(storesWith(server))('a zipped bundle [$kind]', choice => {
  let bundle: Tampered['bundle']
  let signer: Tampered['signer']
  let w: Tampered['w']
  let end: Tampered['end']
  beforeAll(async () => {
    ;({ bundle, signer, w, end } = await toTamperWith(choice))
  })
  afterAll(async () => {
    await end()
  })

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
