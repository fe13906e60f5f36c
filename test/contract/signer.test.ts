import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointText } from '#merkle/checkpoint'
import { openNote } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { proveConsistency } from '#merkle/proof'
import { TreeEdge } from '#merkle/tree-edge'
import { type Hash, leafHash } from '#merkle/tree-hash'
import { addCheckpointText } from '#merkle/witness-request'
import { Signer, SignerRefusesToStart } from '../../apps/signer/signer.js'
import { serveSigner } from '../../apps/signer/signer-server.js'
import { type TestSigner, testSigner } from '../support/ledger.js'

const origin = 'ledger.example/1'
const tree = (size: number, word = 'entry') => {
  const edge = new TreeEdge()
  const leaves = Array.from({ length: size }, (_, n) => leafHash(Buffer.from(`${word} ${n}`)))
  for (const leaf of leaves) edge.append(leaf)
  return {
    size,
    root: edge.root(),
    tiles: (_level: number, index: number, width: number) => Promise.resolve(Buffer.concat(leaves.slice(index * 256, index * 256 + width))),
  }
}
const text = ({ size, root }: { size: number; root: Hash }, of = origin) => checkpointText({ origin: of, size, root })
const asked = async (old: number, to: ReturnType<typeof tree>, of = origin) =>
  addCheckpointText({
    old,
    proof: old === 0 || old >= to.size ? [] : await proveConsistency(old, to.size, to.tiles),
    checkpoint: text(to, of),
  })

describe('the signer of checkpoints', () => {
  let s: TestSigner
  beforeEach(async () => {
    s = await testSigner(origin)
  })
  afterEach(async () => {
    await s.stop()
  })

  test('it signs what goes on from what it signed last, and answers the same note for the same again', async () => {
    const first = s.signer.sign(await asked(0, tree(5)))
    expect(first.status).toBe(200)
    expect(openNote(first.body, [s.key]).text).toBe(text(tree(5)))
    expect(s.signer.sign(await asked(5, tree(9))).status).toBe(200)
    expect(s.signer.sign(await asked(5, tree(9)))).toEqual(s.signer.sign(await asked(9, tree(9))))
  })
  test('another root for the size signed last, a smaller ledger, or one that does not go on is refused, and the alarm told', async () => {
    s.signer.sign(await asked(0, tree(5)))
    for (const [old, to] of [
      [5, tree(5, 'forged')],
      [4, tree(4)],
      [5, tree(9, 'forged')],
    ] as const)
      expect(s.signer.sign(await asked(old, to)).status).toBe(422)
    expect(s.alarms).toHaveLength(3)
    expect(s.signer.sign(addCheckpointText({ old: 5, proof: [], checkpoint: text(tree(9)) })).status).toBe(422)
    expect(s.signer.sign(await asked(5, tree(9))).status).toBe(200)
  })
  test('whoever asks from another size is told which one was signed', async () => {
    s.signer.sign(await asked(0, tree(5)))
    expect(s.signer.sign(await asked(3, tree(9)))).toEqual({ status: 409, body: '5\n' })
    expect(s.signer.sign(await asked(0, tree(9)))).toEqual({ status: 409, body: '5\n' })
  })
  test('another ledger, more lines than three, or no request at all is not signed', async () => {
    expect(s.signer.sign(await asked(0, tree(5), 'other.example')).status).toBe(404)
    expect(s.signer.sign(addCheckpointText({ old: 0, proof: [], checkpoint: `${text(tree(5))}more\n` })).status).toBe(400)
    expect(s.signer.sign('').status).toBe(400)
    expect(s.signer.sign(addCheckpointText({ old: 0, proof: [leafHash(Buffer.from('x'))], checkpoint: text(tree(5)) })).status).toBe(422)
  })
  test('it remembers across a restart; without its memory, or with one that was changed, it does not start', async () => {
    const { body } = s.signer.sign(await asked(0, tree(5)))
    const again = Signer.open(s.folder)
    expect(again.sign(await asked(5, tree(5, 'forged'))).status).toBe(422)
    expect(again.sign(await asked(5, tree(5)))).toEqual({ status: 200, body })
    const memory = join(s.folder, 'last-checkpoint')
    writeFileSync(memory, body.replace('\n5\n', '\n4\n'))
    expect(() => Signer.open(s.folder)).toThrow('not by that key')
    rmSync(memory)
    expect(() => Signer.open(s.folder)).toThrow(SignerRefusesToStart)
    expect(() => {
      Signer.initialise(s.folder, origin)
    }).toThrow('is initialised once')
  })
  test('a second key of the same name signs beside the first; one of another name stops it', async () => {
    const second = SigningKey.generate(origin, 'ed25519')
    writeFileSync(join(s.folder, 'next.key'), second.secret())
    const { body } = Signer.open(s.folder).sign(await asked(0, tree(5)))
    expect(openNote(body, [s.key, second.verifier]).signedBy).toHaveLength(2)
    writeFileSync(join(s.folder, 'other.key'), SigningKey.generate('other.example', 'ed25519').secret())
    expect(() => Signer.open(s.folder)).toThrow('different names')
  })
  test('its key and socket are for its own user; a second signer on the socket does not start, one that died leaves it free', async () => {
    for (const file of ['ledger.key', 'last-checkpoint', 'signer.sock']) expect(statSync(join(s.folder, file)).mode & 0o077).toBe(0)
    expect(readFileSync(join(s.folder, 'ledger.key'), 'utf8')).toMatch(/^PRIVATE\+KEY\+/)
    await expect(serveSigner(s.signer, s.socket)).rejects.toThrow('Another signer')
    await expect(serveSigner(s.signer, `/tmp/${'x'.repeat(100)}`)).rejects.toThrow('longer than')
    expect(await s.client.vkeys()).toEqual([s.key.vkey])
    expect(await s.client.sign({ old: 0, proof: [], checkpoint: text(tree(5)) })).toMatchObject({ kind: 'signed' })
    expect(await s.client.sign({ old: 1, proof: [], checkpoint: text(tree(9)) })).toEqual({ kind: 'at', size: 5 })
    expect(await s.client.sign({ old: 0, proof: [], checkpoint: 'x'.repeat(30_000) })).toMatchObject({ kind: 'refused' })
  })
})
