import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from '#installation/backend'
import { LedgerJournal } from '#ledger/journal'
import { Checkpoints } from '#ledger/postgres/checkpoints'
import { Sequencer } from '#ledger/postgres/sequencer'
import { SignerClient } from '#ledger/signer-client'
import { TrustPolicy } from '#merkle/trust-policy'
import { systemFacts } from '#processes/work'
import { Signer } from '../../apps/signer/signer.js'
import { serveSigner } from '../../apps/signer/signer-server.js'

/** A signer with a key of its own, listening. */
export async function testSigner(origin = 'ledger.example/1') {
  const folder = join(mkdtempSync(join(tmpdir(), 'caseledger-signer-')), 'signer')
  Signer.initialise(folder, origin)
  const alarms: string[] = []
  const signer = Signer.open(folder, what => { alarms.push(what) })
  const socket = join(folder, 'signer.sock')
  const server = await serveSigner(signer, socket)
  const [key] = signer.verifiers
  return {
    folder, socket, alarms, origin, key: key!, client: new SignerClient(socket), signer,
    policy: TrustPolicy.parse(`log ${key!.vkey}\nquorum none\n`),
    stop: async () => { await new Promise(resolve => { server.close(resolve); server.closeAllConnections() }); rmSync(join(folder, '..'), { recursive: true, force: true }) },
  }
}
export type TestSigner = Awaited<ReturnType<typeof testSigner>>

const { commandId: _, correlationId: __, command: ___, ...facts } = systemFacts({ purpose: 'LEGAL_OBLIGATION', commandId: '', correlationId: '', command: '' })
export const journalOf = ({ store, codec, clock }: Backend, { origin }: Pick<TestSigner, 'origin'>) => new LedgerJournal(store, codec, clock, origin, facts)

/** Runs a sequencer until the ledger has everything that is in the log now. */
export async function sequence(backend: Backend, signer: Pick<TestSigner, 'origin'>): Promise<number> {
  const stop = new AbortController()
  const head = await backend.store.head() ?? 0n
  const running = new Sequencer(backend.sql, backend.store.whole, signer.origin, { gap: gap => journalOf(backend, signer).gap(gap) }).run(stop.signal)
  const failed = running.then(() => { throw new Error('the sequencer ended') })
  const arrived = async () => {
    for (;;) {
      const standing = await backend.ledger.standing()
      if (standing && standing.position >= head) return standing.size
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  try { return await Promise.race([arrived(), failed]) } finally {
    stop.abort()
    await running.catch(() => undefined)
  }
}
export const publish = (backend: Backend, { client, key }: TestSigner) => new Checkpoints(backend.sql, backend.ledger, client, [key]).publish()
