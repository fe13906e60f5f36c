import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SigningKey } from '#merkle/note-key'
import { serve } from './http.js'
import { bundled, emptied, origin, sequenced, settled, signed, syntheticLog, verifying } from './ledger-rig.js'
import { type Measurement, interleaved, limited, measured } from './rate.js'
import { millisecondsOf, onItsOwn, secondsOf } from './rig.js'
import { fill } from './synthetic-log.js'

const ourVerifier = fileURLToPath(new URL('../verify.mjs', import.meta.url))
const rounds = 3
const events = 50_000
const million = 1_000_000
/** A service of some hundred workers has a few in a busy second. */
const commandsBeside = 50

/**
 * The sequencer from an empty ledger to the head, against reading and decoding the same events; then once more in one process with an API
 * that is at work.
 */
export const ledger = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const { backend, server } = rig
    const { store, codec } = backend
    await fill(store, events)
    const head = (await store.head()) ?? 0n
    const decoding = async () => {
      let n = 0
      for await (const event of store.readAll()) {
        codec.decode(event)
        n++
      }
      return n
    }
    const perSecond = async (work: () => Promise<number>) => {
      let n = 0
      const seconds = await secondsOf(async () => {
        n = await work()
      })
      return n / seconds
    }
    await decoding()
    const pairs = await interleaved(
      rounds,
      () => perSecond(decoding),
      async () => {
        await emptied(server)
        return perSecond(() => sequenced(backend, store.whole, head))
      },
    )
    yield measured('ledger', 'sequencing', pairs)
    const api = await serve(rig)
    try {
      const commands = (seconds: number) => api.to('disclosures', { connections: 5, seconds, perSecond: commandsBeside })
      await commands(2)
      const all = (await store.head()) ?? 0n
      await emptied(server)
      const [rate, answered] = await Promise.all([perSecond(() => sequenced(backend, store.whole, all)), commands(10)])
      yield limited('ledger', 'sequencing beside an API', rate, 5_000, 'events/s')
      yield limited('ledger', 'commands of the API beside it', answered, commandsBeside, 'requests/s')
    } finally {
      await api.stop()
    }
  })

/**
 * A ledger of a million leaves: how long a proof takes, a bundle, and its verification by verify.mjs in a process of its own. The
 * baseline is the limit that each has.
 */
export const ledgerMillion = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend, server }) {
    const log = syntheticLog(million)
    const key = SigningKey.generate(origin, 'ed25519')
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-million-'))
    try {
      const sequencing = await secondsOf(() => sequenced(backend, log, BigInt(million)))
      yield limited('ledger', 'sequencing a million', million / sequencing, 5_000, 'events/s')
      const { ledger: reader } = backend
      const { log: logged } = await signed(backend, key)
      await settled(server)
      const proofs: number[] = []
      let longest = 0
      // The first ones open connections, which a service has open.
      for (let n = -20; n < 300; n++) {
        const [leaf] = await reader.leaves(logged, Math.floor(Math.random() * million), 1)
        const took = await millisecondsOf(async () => {
          const covered = await reader.proofOf(logged, leaf?.eventId ?? '', 'entry')
          longest = Math.max(longest, covered.kind === 'proved' ? covered.proof.length : 0)
        })
        if (n >= 0) proofs.push(took)
      }
      proofs.sort((a, b) => a - b)
      yield limited('ledger', 'proof at a million, median', proofs[150] ?? 0, 10, 'ms')
      yield limited('ledger', 'proof at a million, 99th percentile', proofs[296] ?? 0, 10, 'ms')
      yield limited('ledger', 'proof file', longest, 2_048, 'bytes')
      const bundle = join(folder, 'bundle')
      yield limited('ledger', 'bundle of a million', await secondsOf(() => bundled(backend, log, bundle)), 600, 's')
      writeFileSync(join(folder, 'policy'), `log ${key.verifier.vkey}\nquorum none\n`)
      const { seconds, megabytes } = await verifying(ourVerifier, bundle, join(folder, 'policy'))
      yield limited('ledger', 'verifying a million', seconds, 60, 's')
      yield limited('ledger', 'verifying a million, memory', megabytes, 300, 'MB')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
