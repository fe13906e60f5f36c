import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { handOver } from '#domain/person/episode/hand-over'
import { person } from '#domain/person/person'
import { endAppointments } from '#domain/staff/end-appointments'
import { isActiveAs, organisation, staff } from '#domain/staff/staff'
import type { DecodedEvent } from '#event-codec/codec'
import type { Clock } from '#kernel/clock'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const handoverProcess = 'handover'

export type HandoverServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly clock: Clock
  /** Whom somebody supports; undefined while the caseload has not come to this position of the log. */
  readonly supportedBy: (worker: StaffRef, at: bigint) => Promise<readonly SubjectRef[] | undefined>
}

/** Somebody gives up a role, or all of them. And a worker was assigned, or is a worker again, who may have gone in the meantime. */
const begin = ['StaffLeft', 'StaffRoleWithdrawn', 'WorkerAssigned', 'EpisodeReopened']
export function handoverBegunBy({ type, stream, meta }: DecodedEvent): Work | undefined {
  return begin.includes(type) ? { workId: meta.eventId, stream, sourceEventId: meta.eventId } : undefined
}

/**
 * C37, C48: whoever is not registered in a role any more holds no appointment to it and supports nobody in it. Whoever was named takes
 * over, as far as they work here; everybody else has no worker, and the caseload says so. Idempotent.
 * @throws NotYet, StoreUnavailable: the work is tried again.
 */
export async function carryOutHandover(work: Work, services: HandoverServices): Promise<void> {
  const { folds, supportedBy } = services
  if (work.stream.startsWith(`${person.category}-`)) return letGo(idOn(person, work.stream), work, services)
  const staffRef: StaffRef = idOn(staff, work.stream)
  const { state: member, position = 0n } = await folds.load(staff, staffRef)
  await takeStep(
    services.commands,
    organisation,
    { ...work, stream: `${organisation.category}-main` },
    { process: handoverProcess, name: 'appointments', purpose: 'LEGAL_OBLIGATION', art6: 'c' },
    endAppointments(staffRef, member.roles, services.clock.now()),
  )
  if (member.roles.has('ips-worker')) return
  const people = await supportedBy(staffRef, position)
  if (!people) throw new NotYet('the caseload is behind')
  for (const subjectRef of people) await letGo(subjectRef, work, services)
}

/** A person whose worker is registered for that no more. Whoever is suspended stays their worker: they are to come back. */
async function letGo(subjectRef: SubjectRef, work: Work, { folds, commands }: HandoverServices): Promise<void> {
  const worker = (await folds.load(person, subjectRef)).state.episode?.worker
  if (worker === undefined) return
  const { roles, handedOverTo } = (await folds.load(staff, worker)).state
  if (roles.has('ips-worker')) return
  const takesOver = handedOverTo !== undefined && isActiveAs('ips-worker', (await folds.load(staff, handedOverTo)).state)
  await takeStep(
    commands,
    person,
    { ...work, stream: `${person.category}-${subjectRef}` },
    { process: handoverProcess, name: 'worker', purpose: 'SERVICE_PROVISION', art6: 'f' },
    handOver({ subjectRef, from: worker, to: takesOver ? handedOverTo : undefined }),
  )
}
