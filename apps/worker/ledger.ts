import type { Logger } from 'pino'
import type { Backend } from '#backend/backend'
import { acceptedStepBack, checkpointSeconds, eventStoreChoice } from '#hosting/settings'
import { signerPlace } from '#hosting/signer-place'
import { resting } from '#event-store/patience'
import { LedgerJournal } from '#ledger/journal'
import { ledgerStream } from '#verifier/bundle-layout'
import { LedgerAltered } from '#ledger/ledger-altered'
import type { Halts } from '#ledger/postgres/halts'
import { LedgerFrozen } from '#ledger/postgres/ledger-rows'
import { NoNextLeaf } from '#ledger/postgres/next-leaf'
import { Sequencer, type SequencerEars, type StepBack, TimeWentBack } from '#ledger/postgres/sequencer'
import { SignerClient, SignerUnavailable } from '#ledger/signer-client'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { parseVerifierKey, type VerifierKey } from '#merkle/note-key'
import { machineFacts } from '#commands/machine-facts'
import { sign, stamp } from './signing.js'

const askAgainEvery = 1_000
/** Two heartbeats are at most ten minutes apart, also where one comes late. */
const heartbeatEvery = 9 * 60_000

/**
 * The audit ledger: sequenced, dated and signed, until the signal aborts. A ledger begins when a signer first says by what name it signs.
 * What it must not go on over stands in `halts`, and is looked at again as often as something is signed. @throws what stopped it
 */
export async function keepLedger(backend: Backend, halts: Halts, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    await kept(backend, halts, log, signal)
  } catch (error) {
    if ([LedgerAltered, TimeWentBack, NoNextLeaf, LedgerFrozen].some(stops => error instanceof stops)) {
      await halts.stands('sequencing', (error as Error).message)
      await resting(checkpointSeconds() * 1_000, signal)
    }
    throw error
  }
}

async function kept(backend: Backend, halts: Halts, log: Logger, signal: AbortSignal): Promise<void> {
  const { sql, store, folds, codec, clock, ledger } = backend
  const signer = new SignerClient(signerPlace().socket)
  const known = await ledger.standing()
  const keys = known ? undefined : await keysOf(signer, log, signal)
  const origin = known?.origin ?? keys?.[0]?.name
  if (origin === undefined) return
  const journal = new LedgerJournal(store, folds, codec, clock, origin, { ...machineFacts(), purpose: 'LEGAL_OBLIGATION' })
  if (keys?.[0]) await begin(backend, journal, keys[0].vkey)
  // One that fails ends the others: they begin again together.
  const failed = new AbortController()
  const until = AbortSignal.any([signal, failed.signal])
  const sequencer = new Sequencer(sql, store.whole, origin, ears(backend, journal, halts, log, until))
  const signing = async () => {
    const signers = keys ?? (await keysOf(signer, log, until))
    if (signers.length > 1) await journal.keys(signers.map(({ vkey }) => vkey))
    await sign(backend, { signer, keys: signers }, halts, log, until)
  }
  const parts = [sequencer.run(until), signing(), beat(backend, journal, ledgerStream(origin), until), stamp(backend, log, until)]
  try {
    await Promise.all(parts)
  } finally {
    failed.abort()
    await Promise.allSettled(parts)
  }
}

function ears({ clock, metrics }: Backend, journal: LedgerJournal, halts: Halts, log: Logger, signal: AbortSignal): SequencerEars {
  return {
    gap: async gap => {
      log.error(
        { part: 'ledger', found: String(gap.found), expected: String(gap.expected) },
        'events were taken out of a stream before the ledger saw them',
      )
      await journal.gap(gap)
    },
    steppedBack: step => {
      log.error({ part: 'ledger', position: String(step.position), why: new TimeWentBack(step).message }, 'recorded time went back')
      metrics.steppedBack()
      return goesOnOver(step) ? 'goes on' : 'stops'
    },
    repeated: eventId => (acceptedStepBack() === eventId ? 'goes on' : 'stops'),
    sequenced: ({ size, leaves, oldest }) => {
      metrics.sequenced({ size, leaves, oldestAgeSeconds: age(oldest, clock.now()) })
    },
    caughtUp: () => {
      // Whoever is stopped before this says so again.
      if (!signal.aborted) void halts.isOver('sequencing').catch(() => undefined)
    },
  }
}

/**
 * PostgreSQL gives no event an earlier time than the last one has, so that one which has was put in by hand; EventStoreDB gives it the
 * clock of whoever leads, which may have been set. Whoever has looked says so by the event's id.
 */
const goesOnOver = ({ eventId }: StepBack) => eventStoreChoice().kind === 'eventstoredb' || acceptedStepBack() === eventId

/** A new ledger says first where the one before it ended, if there was one. */
async function begin({ ledger }: Backend, journal: LedgerJournal, vkey: string) {
  const before = await ledger.before()
  const ended = before && parseCheckpointText(parseNote(before.note).text)
  if (ended?.origin === parseVerifierKey(vkey).name) throw new LedgerFrozen()
  await journal.open(vkey)
  if (ended) await journal.epoch(ended)
}
const age = (from: string, to: string) => Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000

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
