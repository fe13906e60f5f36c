import { randomUUID } from 'node:crypto'
import { packParts } from '#audit-papers/audit-pack'
import type { Mandate } from '#domain/audit/audits'
import { signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { parseTlogProof } from '#merkle/tlog-proof'
import { TrustPolicy } from '#merkle/trust-policy'
import { packEvent, packProof } from '#verifier/bundle-layout'
import { journalOf, publish, sequence, testSigner } from '../support/ledger.js'
import { world } from '../support/world.js'

/** A pack is signed by the log, and seen by those whom the policy asks for, before it is written. */
describe('a pack of an audit', () => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: Awaited<ReturnType<typeof testSigner>>
  const witness = SigningKey.generate('w.example', 'cosignature')
  beforeAll(async () => {
    ;[w, signer] = [await world(), await testSigner()]
    await journalOf(w, signer).open(signer.key.vkey)
    await sequence(w, signer)
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })
  const policy = () => TrustPolicy.parse(`log ${signer.key.vkey}\nwitness W ${witness.verifier.vkey}\nquorum W\n`)
  const asked: string[] = []
  const answered = async (count: number) => {
    while (asked.length < count) await new Promise(resolve => setImmediate(resolve))
  }
  /** The ledger, and what it answered of the pack's event. */
  const listening = () =>
    new Proxy(w.ledger, {
      get: (ledger, name) =>
        name === 'proof'
          ? async (...words: Parameters<typeof ledger.proof>) => {
              const covered = await ledger.proof(...words)
              asked.push(covered.kind)
              return covered
            }
          : (ledger[name as 'standing'] as () => unknown).bind(ledger),
    })
  const sealing = (signal: AbortSignal) =>
    packParts({ ...w, ledger: listening() }, { auditId: randomUUID() } as unknown as Mandate, policy(), signal).seal('A'.repeat(43))
  const packMade = async () => {
    for (;;) {
      for await (const event of w.store.readAll()) if (event.type === 'AuditPackMade') return event
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  test('waits for the cosignatures that its policy asks for', async () => {
    const stop = new AbortController()
    const sealed = sealing(stop.signal)
    const { id } = await packMade()
    await sequence(w, signer)
    await publish(w, signer)
    const seen = (note: string) => policy().open(note).quorum
    expect([(await w.ledger.proof(id)).kind, (await w.ledger.proof(id, 'entry', seen)).kind]).toEqual(['proved', 'waiting'])
    await answered(asked.length + 2)
    expect(new Set(asked)).toEqual(new Set(['waiting']))
    const { log } = (await w.ledger.standing())!
    const { size, note } = (await w.ledger.checkpoint(log))!
    const line = signatureLine(witness, note.slice(0, note.indexOf('\n\n') + 1), 1_790_000_000)
    await w.sql`insert into ledger.cosignature (log, size, witness, line) values (${log}, ${size}, 'W', ${line})`
    const files = new Map((await sealed).map(({ path, content }) => [path, content]))
    expect([...files.keys()].sort()).toEqual([packEvent, packProof].sort())
    expect(policy().open(parseTlogProof(files.get(packProof)!).checkpoint)).toMatchObject({ quorum: true, witnessed: [{ name: 'W' }] })
  })
  test('is not made where they do not come', async () => {
    const stop = new AbortController()
    const sealed = sealing(stop.signal)
    stop.abort(new Error('nobody waits any longer'))
    await expect(sealed).rejects.toThrow('nobody waits any longer')
  })
})
