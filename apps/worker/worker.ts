import { once } from 'node:events'
import type { Logger } from 'pino'
import type { Backend } from '#backend/backend'
import type { DataDir } from '#hosting/data-dir'
import { foldedAsBefore, reindexAfterRetirement } from '#key-keeping/reindex'
import { copiesUnreadableBy, rotateKeys, rotationDue } from '#key-keeping/rotate-keys'
import { rotationDays } from '#hosting/settings'
import { Policies } from '#commands/policies-in-force'
import { breachTriageProcess, carryOutTriage, triageBegunBy } from '#processes/breach-triage'
import { type DisclosureTransport, dispatchBegunBy, dispatchDisclosure, dispatchProcess } from '#processes/dispatch'
import { carryOutErasure, erasureBegunBy, erasureProcess } from '#processes/erasure'
import { carryOutHubErasure, hubErasureBegunBy, hubErasureProcess } from '#processes/hub-erasure'
import { carryOutLinks, linkedRecordsProcess, linksBegunBy } from '#processes/linked-records'
import { carryOutHandover, handoverBegunBy, handoverProcess } from '#processes/handover'
import { carryOutRefusal, refusalBegunBy, refusedReferralProcess } from '#processes/refused-referral'
import { carryOutRetirement, retirementBegunBy, retirementProcess } from '#processes/retirement'
import { carryOutStaffErasure, staffDetailsProcess, staffErasureBegunBy } from '#processes/staff-details'
import type { Work } from '#processes/work'
import type { Process, Report } from '#processes/process'
import { ProcessFollower } from '#processes/postgres/process-follower'
import { ProcessRunner } from '#processes/postgres/process-runner'
import type { Watch } from '#projections/log-reader'
import type { Applied } from '#projections/postgres/projection-follower'
import { dropForgotten } from '#projections/postgres/settle'
import { unparkReadable } from '#projections/postgres/parking'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { EventStoreRewound } from '#event-store/event-store'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { resting } from '#event-store/patience'
import { kindOf } from '#kernel/error-kind'
import { hindranceIn } from '#kernel/outage'
import { Halts } from '#ledger/postgres/halts'
import { projections } from '#read-models/all'
import { supportedBy } from '#read-models/caseload/queries'
import { everyIncident } from '#read-models/hub-register/queries'
import { AnotherRotation } from '#subject-keys/postgres/rotation'
import { Outages } from '#telemetry/outages'
import { haltEars } from './halt-ears.js'
import { keepLedger } from './ledger.js'

const pauseAfterFailure = 1_000
const hour = 3_600_000
const seenForDays = 30

/** Subscriptions: the projections and the processes, until the signal aborts. @throws EventStoreRewound: a worker never skips. */
export async function runWorker(
  backend: Backend,
  dir: DataDir,
  log: Logger,
  signal: AbortSignal,
  transport?: DisclosureTransport,
): Promise<void> {
  const { sql, store, codec, keys, folds, commands, readModels, tables, clock, metrics } = backend
  const parts = {
    commands,
    folds,
    policies: new Policies(folds),
    store,
    codec,
    keys,
    readModels,
    seen: tables,
    clock,
    assertOwnLog: () => backend.assertOwnLog(),
    supportedBy: (worker: StaffRef, at: bigint) => supportedBy(sql, readModels, worker, at),
    serviceKey: backend.serviceKey,
    incidents: (at: bigint) => everyIncident(sql, readModels, at),
    reindex: (subjectRef: SubjectRef) => reindexAfterRetirement(backend, subjectRef),
    copiesUnreadableBy: () => copiesUnreadableBy(backend, rotationDays()),
  }
  const processes: readonly Process[] = [
    { name: erasureProcess, begunBy: erasureBegunBy, carryOut: work => carryOutErasure(work, parts) },
    { name: refusedReferralProcess, begunBy: refusalBegunBy, carryOut: work => carryOutRefusal(work, parts) },
    { name: handoverProcess, begunBy: handoverBegunBy, carryOut: work => carryOutHandover(work, parts) },
    { name: retirementProcess, begunBy: retirementBegunBy, carryOut: work => carryOutRetirement(work, parts) },
    { name: staffDetailsProcess, begunBy: staffErasureBegunBy, carryOut: work => carryOutStaffErasure(work, parts) },
    { name: breachTriageProcess, begunBy: triageBegunBy, carryOut: work => carryOutTriage(work, parts) },
    { name: hubErasureProcess, begunBy: hubErasureBegunBy, carryOut: work => carryOutHubErasure(work, parts) },
    { name: linkedRecordsProcess, begunBy: linksBegunBy, carryOut: work => carryOutLinks(work, parts) },
    // Without a transport nothing leaves by itself: whoever hands it over says so.
    ...(transport
      ? [{ name: dispatchProcess, begunBy: dispatchBegunBy, carryOut: (work: Work) => dispatchDisclosure(work, { ...parts, transport }) }]
      : []),
  ]
  // What the folds remember is of a log that is gone.
  const anotherLog = once(folds.rewound, 'abort').then(() => {
    folds.rewound.throwIfAborted()
  })
  const outages = new Outages(log, failedInWords, calmMs)
  const halts = new Halts(sql, haltEars(log, metrics))
  const report: Report = (message, details) => {
    log.warn(details, message)
  }
  const applied: Applied = (projection, { events, oldest }) => {
    metrics.applied(projection, events, Math.max(0, Date.parse(clock.now()) - Date.parse(oldest)) / 1_000)
  }
  const followers = () => [
    ...projecting(backend, projections, applied),
    ...processes.map(process => new ProcessFollower(sql, store, process, report)),
  ]
  const running = Promise.all([
    untilAborted('log reader', outages, signal, () =>
      followLog(backend, followers(), signal, { watch: watching(outages), first: () => dropForgotten(sql, projections) }),
    ),
    ...processes.map(process =>
      untilAborted(process.name, outages, signal, () => new ProcessRunner(sql, store, codec, process, report).run(signal)),
    ),
    untilAborted('ledger', outages, signal, () => keepLedger(backend, halts, log, signal)),
    untilAborted('housekeeping', outages, signal, () => housekeeping(backend, log, signal)),
    untilAborted('key rotation', outages, signal, () => rotateOnSchedule(backend, dir, signal)),
  ])
  try {
    await Promise.race([running, anotherLog])
  } finally {
    outages.close()
  }
}

/** Opening everybody's name is an operator's decision: until it is made, they are found as they were. */
async function offerReindexing(backend: Backend, log: Logger) {
  const people = await foldedAsBefore(backend)
  if (people > 0) log.warn({ people }, 'some are found by fewer spellings of their names than others: run caseledger vault reindex')
}

/** A part that fails for want of a database is begun again; one whose store was rewound stops the worker. */
async function untilAborted(part: string, outages: Outages, signal: AbortSignal, run: () => Promise<void>) {
  while (!signal.aborted) {
    try {
      await run()
    } catch (error) {
      if (error instanceof EventStoreRewound) throw error
      outages.failed(failureOf(part, error))
      await resting(pauseAfterFailure, signal)
      outages.succeeded(part)
    }
  }
}
const watching = (outages: Outages): Watch => ({
  failed: (part, error) => {
    outages.failed(failureOf(part, error, reading(part)))
  },
  goesOn: part => {
    outages.succeeded(reading(part))
  },
})
const reading = (part: string) => `${part} reads the log`
const failureOf = (part: string, error: unknown, way = part) => ({
  part,
  way,
  hindrance: hindranceIn(error),
  details: { kind: kindOf(error) },
})
const failedInWords = {
  began: 'a part of the worker failed and begins again',
  ended: 'a part of the worker goes on',
  open: 'a part of the worker was still failing when it stopped',
}
/** Longer than any of them waits for an answer: a part that runs for so long does not fail any more. */
const calmMs = 20_000

/** What is kept for a time only, and reservations in the blind index whose command died before its append. */
async function housekeeping(backend: Backend, log: Logger, signal: AbortSignal) {
  const { tables, keys, store, clock } = backend
  await offerReindexing(backend, log)
  const streams = await unparkReadable(backend.sql, store, backend.codec, projections)
  if (streams > 0) log.warn({ streams }, 'the projections go on with what an older release could not read')
  const ago = (ms: number) => new Date(Date.parse(clock.now()) - ms).toISOString()
  while (!signal.aborted) {
    await tables.forgetBefore(ago(seenForDays * 24 * hour))
    await keys.sweep('2000-01-01T00:00:00.000Z', ago(hour / 4), async subject => (await store.lastOf(`person-${subject}`)) !== undefined)
    await resting(hour, signal)
  }
}

/**
 * The vault hears what is new in the log, so that a restart has little to read; and an epoch that has lasted its time is followed by the
 * next.
 */
async function rotateOnSchedule(backend: Backend, dir: DataDir, signal: AbortSignal) {
  while (!signal.aborted) {
    backend.keys.doubt()
    await backend.keys.passGate()
    if (backend.clock.now() >= (await rotationDue(backend, rotationDays()))) {
      try {
        for await (const _ of rotateKeys(backend, dir, signal));
      } catch (error) {
        if (!(error instanceof AnotherRotation)) throw error
      }
    }
    await resting(hour, signal)
  }
}
