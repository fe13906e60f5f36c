import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SigningKey } from '#merkle/note-key'
import { bundled, origin, sequenced, signed, syntheticLog, verifying } from './ledger-rig.js'
import { type Measurement, type Pair, measured } from './rate.js'
import { onItsOwn } from './rig.js'

const size = 200_000
const rounds = 3
/** Where a checkout that was built has its verifiers. */
const verifiers = ['dist/verify.mjs', 'tools/verify.py'] as const
const ours = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Both verifiers over one bundle of 200,000 events; beside those of an older checkout, in turn, where `--baseline` names its folder, and
 * otherwise against no time at all. Seconds and megabytes, so that less is better.
 */
export const verify = ({ events = size, baseline }: { readonly events?: number | undefined; readonly baseline?: string | undefined }) =>
  onItsOwn(async function* ({ backend }): AsyncIterable<Measurement> {
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-verify-bench-'))
    try {
      const [log, key] = [syntheticLog(events), SigningKey.generate(origin, 'ed25519')]
      await sequenced(backend, log, BigInt(events))
      await signed(backend, key)
      const [bundle, policy] = [join(folder, 'bundle'), join(folder, 'policy')]
      await bundled(backend, log, bundle)
      writeFileSync(policy, `log ${key.verifier.vkey}\nquorum none\n`)
      for (const verifier of verifiers) {
        const older = baseline === undefined ? undefined : join(baseline, verifier)
        if (older !== undefined && !existsSync(older)) throw new Error(`${older} is not there: build the checkout first`)
        const [times, memory]: [Pair[], Pair[]] = [[], []]
        for (let round = 0; round < rounds; round++) {
          const before = older === undefined ? undefined : await verifying(older, bundle, policy)
          const now = await verifying(join(ours, verifier), bundle, policy)
          times.push({ ours: now.seconds * 1_000, baseline: (before ?? now).seconds * 1_000 })
          memory.push({ ours: now.megabytes, baseline: (before ?? now).megabytes })
        }
        yield measured('verify', `${verifier}, ${events} events`, times, 'ms')
        yield measured('verify', `${verifier}, memory`, memory, 'MB')
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
