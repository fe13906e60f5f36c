import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, openNote, parseSignatureLine, signatureLine } from '#merkle/note'
import { SigningKey, parseVerifierKey } from '#merkle/note-key'
import { proveConsistency } from '#merkle/proof'
import { TreeEdge } from '#merkle/tree-edge'
import { emptyRoot, leafHash } from '#merkle/tree-hash'
import { addCheckpointText } from '#merkle/witness-request'
import { Witness, WitnessRefusesToStart } from '../../apps/witness/witness.js'
import { serveWitness } from '../../apps/witness/witness-server.js'

const origin = 'ledger.example/1'
const log = SigningKey.generate(origin, 'ed25519')
const now = 1_790_000_000
const tree = (size: number, word = 'entry') => {
  const edge = new TreeEdge()
  const leaves = Array.from({ length: size }, (_, n) => leafHash(Buffer.from(`${word} ${n}`)))
  for (const leaf of leaves) edge.append(leaf)
  const text = checkpointText({ origin, size, root: edge.root() })
  return {
    size,
    text,
    note: noteOf(text, [signatureLine(log, text, 0)]),
    tiles: (_level: number, index: number, width: number) => Promise.resolve(Buffer.concat(leaves.slice(index * 256, index * 256 + width))),
  }
}
const asked = async (old: number, to: ReturnType<typeof tree>, note = to.note) =>
  addCheckpointText({ old, proof: old === 0 || old >= to.size ? [] : await proveConsistency(old, to.size, to.tiles), checkpoint: note })

describe('the witness', () => {
  let [folder, witness, alarms]: [string, Witness, string[]] = ['', undefined as never, []]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'caseledger-witness-'))
    alarms = []
    Witness.initialise(folder, 'witness.example/w')
    writeFileSync(join(folder, 'logs'), `# whom we watch\n${log.verifier.vkey}\n`)
    witness = Witness.open(
      folder,
      () => now,
      what => {
        alarms.push(what)
      },
    )
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('it cosigns what goes on from what it cosigned last, says when, and keeps the whole checkpoint', async () => {
    const first = witness.addCheckpoint(await asked(0, tree(5)))
    expect(first.status).toBe(200)
    expect(parseSignatureLine(first.body.trimEnd()).name).toBe('witness.example/w')
    const { note, text } = tree(5)
    expect(openNote(note + first.body, [log.verifier, parseVerifierKey(witness.vkey)])).toMatchObject({
      text,
      signedBy: [{ time: undefined }, { time: now }],
    })
    expect(witness.addCheckpoint(await asked(5, tree(9))).status).toBe(200)
    expect(witness.addCheckpoint(await asked(9, tree(9))).status).toBe(200)
    expect(
      openNote(witness.checkpoint(createHash('sha256').update(origin).digest('hex'))!, [log.verifier, parseVerifierKey(witness.vkey)])
        .signedBy,
    ).toHaveLength(2)
  })
  test('two histories: the second is not cosigned, and somebody is told', async () => {
    witness.addCheckpoint(await asked(0, tree(5)))
    expect(witness.addCheckpoint(await asked(5, tree(5, 'forged'))).status).toBe(422)
    expect(witness.addCheckpoint(await asked(5, tree(9, 'forged'))).status).toBe(422)
    expect(alarms).toHaveLength(2)
    expect(witness.addCheckpoint(await asked(5, tree(9))).status).toBe(200)
  })
  test('each refusal has its status: another size, an unknown log, no or a false signature, a larger old size, no request', async () => {
    witness.addCheckpoint(await asked(0, tree(5)))
    expect(witness.addCheckpoint(await asked(0, tree(9)))).toEqual({ status: 409, body: '5\n', type: 'text/x.tlog.size' })
    const stranger = SigningKey.generate('other.example', 'ed25519')
    const otherText = tree(9).text.replace(origin, 'other.example')
    expect(witness.addCheckpoint(await asked(5, tree(9), noteOf(otherText, [signatureLine(stranger, otherText, 0)]))).status).toBe(404)
    expect(witness.addCheckpoint(await asked(5, tree(9), noteOf(tree(9).text, [signatureLine(stranger, tree(9).text, 0)]))).status).toBe(
      403,
    )
    expect(witness.addCheckpoint(await asked(5, tree(9), noteOf(tree(9).text, [signatureLine(log, 'another text\n', 0)]))).status).toBe(403)
    expect(witness.addCheckpoint(await asked(10, tree(9))).status).toBe(400)
    expect(witness.addCheckpoint('old x').status).toBe(400)
    expect(witness.addCheckpoint(addCheckpointText({ old: 5, proof: [], checkpoint: tree(9).note })).status).toBe(422)
  })
  test('the tree of no leaves has the root of nothing; what is wrong is said in the order of the protocol', () => {
    const signed = (text: string, by = log) => noteOf(text, [signatureLine(by, text, 0)])
    const of = (size: string, root: Uint8Array, name = origin) => `${name}\n${size}\n${Buffer.from(root).toString('base64')}\n`
    const ask = (checkpoint: string, old = 0, proof: Uint8Array[] = []) =>
      witness.addCheckpoint(addCheckpointText({ old, proof, checkpoint })).status
    const some = Buffer.alloc(32, 1)
    expect(ask(signed(of('0', some)))).toBe(422)
    // Neither of a log that is not watched, nor without its signature, is anything else looked at.
    const stranger = SigningKey.generate('other.example', 'ed25519')
    for (const size of ['0', '5', '99999999999999999999', 'five'])
      expect(ask(signed(of(size, some, 'other.example'), stranger), 9)).toBe(404)
    for (const size of ['0', '5', 'five']) expect(ask(signed(of(size, some), stranger))).toBe(403)
    expect(ask(signed(of('five', some)))).toBe(400)
    expect(ask(signed(of('0', emptyRoot())), 0, [some])).toBe(422)
    expect(ask(signed(of('0', emptyRoot())))).toBe(200)
    expect(ask(signed(of('0', emptyRoot())))).toBe(200)
    expect(ask(tree(5).note, 0, [some])).toBe(422)
    expect(ask(tree(5).note)).toBe(200)
    expect(ask(signed(of('5', some)), 5)).toBe(422)
    expect(ask(signed(of('0', emptyRoot())), 0)).toBe(409)
    expect(ask(signed(of('0', some)), 5)).toBe(422)
  })
  test('a log whose checkpoints have another origin than its key’s name is watched by that origin', () => {
    const key = SigningKey.generate('key.example', 'ed25519')
    writeFileSync(join(folder, 'logs'), `${log.verifier.vkey}\n${key.verifier.vkey} an origin of its own\n`)
    const watching = Witness.open(folder, () => now)
    const ask = (name: string) => {
      const text = checkpointText({ origin: name, size: 0, root: emptyRoot() })
      return watching.addCheckpoint(addCheckpointText({ old: 0, proof: [], checkpoint: noteOf(text, [signatureLine(key, text, 0)]) }))
        .status
    }
    expect([ask('key.example'), ask('an origin of its own'), ask(origin)]).toEqual([404, 200, 403])
  })
  test('it remembers across a restart, and stops where its memory was changed', async () => {
    witness.addCheckpoint(await asked(0, tree(5)))
    expect(Witness.open(folder, () => now).addCheckpoint(await asked(0, tree(5))).status).toBe(409)
    const file = join(folder, `${createHash('sha256').update(origin).digest('hex')}.note`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n5\n', '\n4\n'))
    const next = await asked(4, tree(9))
    expect(() => witness.addCheckpoint(next)).toThrow()
    expect(() => {
      Witness.initialise(folder, 'again.example')
    }).toThrow(WitnessRefusesToStart)
    rmSync(join(folder, 'logs'))
    expect(() => Witness.open(folder, () => now)).toThrow('a verifier key a line')
  })
  test('it speaks HTTP as others expect it', async () => {
    const server = await serveWitness(witness, 0, '127.0.0.1')
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const post = async (body: string) => {
        const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
        return [answer.status, answer.headers.get('content-type'), await answer.text()]
      }
      expect((await post(await asked(0, tree(5))))[0]).toBe(200)
      expect(await post(await asked(0, tree(9)))).toEqual([409, 'text/x.tlog.size', '5\n'])
      expect((await post('x'.repeat(200_000)))[0]).toBe(413)
      const kept = await fetch(`${url}/${createHash('sha256').update(origin).digest('hex')}/checkpoint`)
      expect([kept.status, (await kept.text()).startsWith(tree(5).text)]).toEqual([200, true])
      for (const path of ['/', `/${'0'.repeat(64)}/checkpoint`, '/../witness.key']) expect((await fetch(url + path)).status).toBe(404)
    } finally {
      await new Promise(resolve => {
        server.close(resolve)
        server.closeAllConnections()
      })
    }
  })
})
