import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Checkpoints } from '#ledger/postgres/checkpoints'
import { Sequencer } from '#ledger/postgres/sequencer'
import { SignerClient } from '#ledger/signer-client'
import { Signer } from '../apps/signer/signer.js'
import { serveSigner } from '../apps/signer/signer-server.js'
import { type Measurement, limited } from './rate.js'
import { onItsOwn } from './rig.js'

const origin = 'bench.example/1'
const events = 300
const meanBetween = 200
const checkpointEvery = 10_000
const limit = 15

/**
 * From the writing of an event to a signed checkpoint that covers it, with ten seconds between checkpoints as in a service: the 99th
 * percentile, against the limit of the design. A minute and more.
 */
export const ledgerDelay = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend: { sql, store, ledger } }) {
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-signer-'))
    Signer.initialise(join(folder, 'signer'), origin)
    const signer = Signer.open(join(folder, 'signer'))
    const socket = join(folder, 's')
    const server = await serveSigner(signer, socket)
    const stop = new AbortController()
    const running = new Sequencer(sql, store.whole, origin, { gap: () => Promise.reject(new Error('there is no gap')) }).run(stop.signal)
    const checkpoints = new Checkpoints(sql, ledger, new SignerClient(socket), signer.verifiers)
    const signing = (async () => {
      while (!stop.signal.aborted) {
        await checkpoints.publish()
        await pause(checkpointEvery, undefined, { signal: stop.signal }).catch(() => undefined)
      }
    })()
    try {
      const delays = await Promise.all(
        Array.from({ length: events }, async (_, n) => {
          await pause(n * meanBetween * (0.5 + Math.random()))
          const [id, written] = [randomUUID(), performance.now()]
          await store.append(`tried-${id}`, 'no_stream', [{ id, type: 'Tried', data: { n }, metadata: {} }])
          for (;;) {
            const standing = await ledger.standing()
            if (standing && (await ledger.proofOf(standing.log, id)).kind === 'proved') return (performance.now() - written) / 1_000
            await pause(250)
          }
        }),
      )
      const p99 = delays.sort((a, b) => a - b)[Math.ceil(events * 0.99) - 1] ?? 0
      yield limited('ledger', 'write to signed checkpoint, 99th percentile', p99, limit, 's')
    } finally {
      stop.abort()
      await Promise.allSettled([running, signing])
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true, force: true })
    }
  })
