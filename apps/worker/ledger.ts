import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Backend } from '#backend/backend'
import { anchoring, checkpointSeconds, witnessing } from '#hosting/settings'
import { signerPlace } from '#hosting/signer-place'
import { resting } from '#event-store/patience'
import { kindOf } from '#kernel/error-kind'
import { type CheckpointSink, DirectorySink } from '#ledger/checkpoint-sink'
import { LedgerJournal, ledgerStream } from '#ledger/journal'
import { CheckpointRefused, Checkpoints } from '#ledger/postgres/checkpoints'
import { LedgerFrozen } from '#ledger/postgres/ledger-rows'
import { Sequencer } from '#ledger/postgres/sequencer'
import { TimeStamps } from '#ledger/postgres/time-stamps'
import { SignerClient, SignerUnavailable } from '#ledger/signer-client'
import { StampRefused } from '#ledger/time-stamping'
import { Witnesses } from '#ledger/witnesses'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { parseVerifierKey, type VerifierKey } from '#merkle/note-key'
import { TrustPolicy } from '#merkle/trust-policy'
import { machineFacts } from '#commands/machine-facts'

const askAgainEvery = 1_000
/** Two heartbeats are at most ten minutes apart, also where one comes late. */
const heartbeatEvery = 9 * 60_000

/**
 * The audit ledger: sequenced, dated and signed, until the signal aborts. A ledger begins when a signer first says by what name it signs.
 */
export async function keepLedger(backend: Backend, log: Logger, signal: AbortSignal): Promise<void> {
  const { sql, store, folds, codec, clock, ledger, metrics } = backend
  const signer = new SignerClient(signerPlace().socket)
  const known = await ledger.standing()
  const keys = known ? undefined : await keysOf(signer, log, signal)
  const origin = known?.origin ?? keys?.[0]?.name
  if (origin === undefined) return
  const journal = new LedgerJournal(store, folds, codec, clock, origin, { ...machineFacts(), purpose: 'LEGAL_OBLIGATION' })
  if (keys?.[0]) await begin(backend, journal, keys[0].vkey)
  const sequencer = new Sequencer(sql, store.whole, origin, {
    gap: async gap => {
      log.error(
        { part: 'ledger', found: String(gap.found), expected: String(gap.expected) },
        'events were taken out of a stream before the ledger saw them',
      )
      await journal.gap(gap)
    },
    sequenced: ({ size, leaves, oldest }) => {
      metrics.sequenced({ size, leaves, oldestAgeSeconds: age(oldest, clock.now()) })
    },
  })
  // One that fails ends the others: they begin again together.
  const failed = new AbortController()
  const until = AbortSignal.any([signal, failed.signal])
  const signing = async () => {
    const signers = keys ?? (await keysOf(signer, log, until))
    if (signers.length > 1) await journal.keys(signers.map(({ vkey }) => vkey))
    await signWhatIsNew(backend, new Checkpoints(sql, ledger, signer, signers, witnesses(log), sinkOf()), log, until)
  }
  const parts = [sequencer.run(until), signing(), beat(backend, journal, ledgerStream(origin), until), stamp(backend, log, until)]
  try {
    await Promise.all(parts)
  } finally {
    failed.abort()
    await Promise.allSettled(parts)
  }
}
/** A new ledger says first where the one before it ended, if there was one. */
async function begin({ ledger }: Backend, journal: LedgerJournal, vkey: string) {
  const before = await ledger.before()
  const ended = before && parseCheckpointText(parseNote(before.note).text)
  if (ended?.origin === parseVerifierKey(vkey).name) throw new LedgerFrozen()
  await journal.open(vkey)
  if (ended) await journal.epoch(ended)
}
const age = (from: string, to: string) => Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000

/** Whoever is to see each checkpoint, by the policy of this installation. */
function witnesses(log: Logger): Witnesses | undefined {
  const { policyFile } = witnessing()
  if (policyFile === undefined) return undefined
  return new Witnesses(TrustPolicy.parse(readFileSync(policyFile)), (witness, why) => {
    log.error({ part: 'ledger', witness, why }, 'a witness did not cosign')
  })
}

function sinkOf(): CheckpointSink | undefined {
  const { sink } = anchoring()
  return sink === undefined ? undefined : new DirectorySink(sink)
}

/** Asks the time-stamping authority, where there is one. One that does not answer holds up nothing. */
async function stamp({ sql, ledger, clock }: Backend, log: Logger, signal: AbortSignal) {
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

/** The keys of a signer that may still be starting. */
async function keysOf(signer: SignerClient, log: Logger, signal: AbortSignal): Promise<readonly VerifierKey[]> {
  for (let asked = 1; !signal.aborted; asked++) {
    try {
      return (await signer.vkeys()).map(parseVerifierKey)
    } catch (error) {
      if (!(error instanceof SignerUnavailable)) throw error
      // One that starts beside the worker is not missed.
      if (asked === 5)
        log.warn(
          { part: 'ledger' },
          'the signer of checkpoints does not answer: start it, or set CASELEDGER_SIGNER_SOCKET to where it listens',
        )
      await resting(askAgainEvery, signal)
    }
  }
  return []
}

async function signWhatIsNew({ metrics, clock }: Backend, checkpoints: Checkpoints, log: Logger, signal: AbortSignal) {
  let waitingAt: number | undefined
  for (let told: string | undefined; !signal.aborted;) {
    try {
      const published = await checkpoints.publish()
      if (published.kind === 'signed') {
        metrics.checkpoint(published.size, Date.parse(clock.now()) / 1_000)
        told = undefined
      }
      // Twice at the same size: nothing more is sequenced that could lead there.
      if (published.kind === 'waiting' && published.size === waitingAt && told !== 'waiting') {
        log.error(
          {
            part: 'ledger',
            why: `the signer has signed ${published.signed} leaves, and the log leads to ${published.size}: see caseledger recover`,
          },
          'no checkpoint could be signed',
        )
        told = 'waiting'
      }
      waitingAt = published.kind === 'waiting' ? published.size : undefined
    } catch (error) {
      const kind = kindOf(error)
      if (kind !== told)
        log.error(
          { part: 'ledger', kind, why: error instanceof CheckpointRefused ? error.why : undefined },
          'no checkpoint could be signed',
        )
      told = kind
    }
    await resting(checkpointSeconds() * 1_000, signal)
  }
}

/** Of several workers the first to come says it. */
async function beat({ store, ledger, clock }: Backend, journal: LedgerJournal, stream: string, signal: AbortSignal) {
  while (!signal.aborted) {
    const last = await store.lastOf(stream)
    const due = last === undefined ? 0 : Date.parse(last.recordedAt) + heartbeatEvery - Date.parse(clock.now())
    const standing = await ledger.standing()
    if (due <= 0 && standing && standing.size > 0) await journal.heartbeat(standing)
    await resting(Math.min(Math.max(due, askAgainEvery), heartbeatEvery), signal)
  }
}
