import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Backend } from '#backend/backend'
import { anchoring, checkpointSeconds, witnessing } from '#hosting/settings'
import { resting } from '#event-store/patience'
import { kindOf } from '#kernel/error-kind'
import { type CheckpointSink, DirectorySink, SinkDiffers } from '#ledger/checkpoint-sink'
import { LedgerAltered } from '#ledger/ledger-altered'
import { CheckpointRefused, Checkpoints, type Published } from '#ledger/postgres/checkpoints'
import type { Halts } from '#ledger/postgres/halts'
import { TimeStamps } from '#ledger/postgres/time-stamps'
import type { SignerClient } from '#ledger/signer-client'
import { StampRefused } from '#ledger/time-stamping'
import { Witnesses } from '#ledger/witnesses'
import type { VerifierKey } from '#merkle/note-key'
import { TrustPolicy } from '#merkle/trust-policy'

type Signing = { readonly signer: SignerClient; readonly keys: readonly VerifierKey[] }

/**
 * Has what is new signed, and shown to the witnesses, until the signal aborts. A refusal that says that the ledger is not the one that was
 * signed or seen before stands in `halts` until the same one agrees again; nothing is signed while sequencing is stopped.
 */
export async function sign(backend: Backend, { signer, keys }: Signing, halts: Halts, log: Logger, signal: AbortSignal): Promise<void> {
  const heard = new HeardOfWitnesses(log)
  const checkpoints = new Checkpoints(backend.sql, backend.ledger, signer, keys, heard.witnesses(), sinkOf())
  const loop = new SigningLoop(backend, halts, log)
  while (!signal.aborted) {
    if (!(await halts.standsFor('sequencing'))) await loop.once(() => checkpoints.publish())
    await heard.tell(halts)
    await resting(checkpointSeconds() * 1_000, signal)
  }
}

class SigningLoop {
  #waitingAt: number | undefined
  #told: string | undefined

  constructor(
    private readonly backend: Backend,
    private readonly halts: Halts,
    private readonly log: Logger,
  ) {}

  async once(publish: () => Promise<Published>): Promise<void> {
    try {
      const published = await publish()
      await this.#published(published)
      this.#waitingAt = published.kind === 'waiting' ? published.size : undefined
      if (published.kind !== 'waiting') this.#told = undefined
    } catch (error) {
      const stops = error instanceof CheckpointRefused || error instanceof LedgerAltered || error instanceof SinkDiffers
      if (stops) await this.halts.stands('signing', error.message)
      else if (kindOf(error) !== this.#told) this.log.error({ part: 'ledger', kind: kindOf(error) }, 'no checkpoint could be signed')
      this.#told = kindOf(error)
    }
  }

  async #published(published: Published): Promise<void> {
    const { metrics, clock } = this.backend
    if (published.kind === 'signed') metrics.checkpoint(published.size, Date.parse(clock.now()) / 1_000)
    if (published.kind !== 'waiting') await this.halts.isOver('signing')
    // Twice at the same size: nothing more is sequenced that could lead there.
    else if (published.size === this.#waitingAt)
      await this.halts.stands(
        'signing',
        `The signer has signed ${published.signed} leaves, and the log leads to ${published.size}: it is an older copy, or another log`,
      )
  }
}

/** What the witnesses of this installation's policy answered since somebody was told. */
class HeardOfWitnesses {
  #refused = new Map<string, string>()
  #cosigned = new Set<string>()

  constructor(private readonly log: Logger) {}

  witnesses(): Witnesses | undefined {
    const { policyFile } = witnessing()
    if (policyFile === undefined) return undefined
    return new Witnesses(
      TrustPolicy.parse(readFileSync(policyFile)),
      (witness, why, unseen) => {
        this.log.error({ part: 'ledger', witness, why }, 'a witness did not cosign')
        if (unseen === 'another history') this.#refused.set(witness, why)
      },
      witness => this.#cosigned.add(witness),
    )
  }

  async tell(halts: Halts): Promise<void> {
    for (const witness of this.#cosigned) await halts.isOver(`witness ${witness}`)
    for (const [witness, why] of this.#refused) await halts.stands(`witness ${witness}`, `The witness ${witness} does not cosign: ${why}`)
    this.#cosigned.clear()
    this.#refused.clear()
  }
}

function sinkOf(): CheckpointSink | undefined {
  const { sink } = anchoring()
  return sink === undefined ? undefined : new DirectorySink(sink)
}

/** Asks the time-stamping authority, where there is one. One that does not answer holds up nothing. */
export async function stamp({ sql, ledger, clock }: Backend, log: Logger, signal: AbortSignal) {
  const { timestampUrl } = anchoring()
  if (timestampUrl === undefined) return
  const stamps = new TimeStamps(sql, ledger, timestampUrl, clock)
  for (let told: string | undefined; !signal.aborted;) {
    try {
      await stamps.stampDue()
      told = undefined
    } catch (error) {
      const why = error instanceof StampRefused ? error.message : kindOf(error)
      if (why !== told) log.error({ part: 'ledger', why }, 'the time-stamping authority did not stamp a checkpoint')
      told = why
    }
    await resting(checkpointSeconds() * 1_000, signal)
  }
}
