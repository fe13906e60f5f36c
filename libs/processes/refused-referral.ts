import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { derivedId } from '#commands/ids'
import type { Policies } from '#commands/policies-in-force'
import { eraseRefusedReferral, isKeptAlthoughRefused } from '#domain/person/intake/erase-refused-referral'
import { person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const refusedReferralProcess = 'refused-referral'

type RefusalServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly policies: Pick<Policies, 'inForce'>
  readonly clock: Clock
}

/** A refusal by STARS that somebody recorded. What a machine recorded erases nobody (C68). */
export function refusalBegunBy({ type, stream, meta }: DecodedEvent): Work | undefined {
  if (type !== 'EligibilityRefused' || meta.actor.role === 'integration') return undefined
  return { workId: meta.eventId, stream, sourceEventId: meta.eventId }
}

/**
 * Erases a referral that an older release kept although STARS had refused it; this release does it in the append of the refusal, and
 * finds nothing to do. The fence begins the erasure itself. Idempotent.
 * @throws NotYet, StoreUnavailable: the work is tried again.
 */
export async function carryOutRefusal(work: Work, { commands, folds, policies, clock }: RefusalServices): Promise<void> {
  const subjectRef: SubjectRef = idOn(person, work.stream)
  const isKept = async () => isKeptAlthoughRefused((await folds.load(person, subjectRef)).state)
  if (!(await isKept())) return
  const now = clock.now()
  const { calendar } = await policies.inForce(now)
  await takeStep(
    commands,
    person,
    work,
    { process: refusedReferralProcess, name: 'fence', purpose: 'RIGHTS_FULFILMENT', art6: 'c' },
    eraseRefusedReferral({ subjectRef, erasureId: derivedId(work.workId, 'erasure') }, { now, calendar }),
  )
  if (await isKept()) throw new NotYet('what protects somebody goes first')
}
