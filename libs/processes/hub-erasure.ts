import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { derivedId, involvementOf } from '#commands/ids'
import { eraseInvolvement, recordDestroyedInvolvement } from '#domain/incident/erase-involvement'
import { incident } from '#domain/incident/incident'
import { person } from '#domain/person/person'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import { type ErasureFenced, closesForGood } from '#event-kit/key-events'
import type { Clock } from '#kernel/clock'
import type { IncidentId, SubjectRef } from '#kernel/id'
import { type SubjectKeys, causeOfErasure } from '#subject-keys/subject-keys'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const hubErasureProcess = 'hub-erasure'

export type HubErasureServices = {
  readonly commands: Commands
  readonly folds: StreamFolds
  readonly keys: Pick<SubjectKeys, 'close'>
  readonly clock: Clock
  readonly serviceKey: string
  /** Every incident; undefined while the register has not come to this position of the log. */
  readonly incidents: (at: bigint) => Promise<readonly IncidentId[] | undefined>
  /** Only the vault that held the keys can say that they are gone. @throws when the log names another one */
  readonly assertOwnLog: () => Promise<void>
}

const of = { process: hubErasureProcess, purpose: 'RIGHTS_FULFILMENT', art6: 'c' } as const

/** All of a person is erased; or, of what an incident holds of one, the keys are to be destroyed. */
export function hubErasureBegunBy({ type, stream, data, meta }: DecodedEvent): Work | undefined {
  const isWhole = type === 'ErasureFenced' && closesForGood((data as DataOfEvent<typeof ErasureFenced>).scopes)
  return isWhole || type === 'InvolvementErased' ? { workId: meta.eventId, stream, sourceEventId: meta.eventId } : undefined
}

/**
 * C64: whoever is erased is erased from the incidents that they were in. Nobody's record says which these are: each is asked, by the
 * keyed id that the person would have in it. Idempotent. @throws NotYet, StoreUnavailable, KeyStoreUnavailable
 */
export async function carryOutHubErasure(work: Work, services: HubErasureServices): Promise<void> {
  if (work.stream.startsWith(`${incident.category}-`)) return destroy(work, services)
  const subjectRef: SubjectRef = idOn(person, work.stream)
  const { commands, folds, serviceKey, incidents } = services
  const all = await incidents((await folds.load(person, subjectRef)).position ?? 0n)
  if (!all) throw new NotYet('the register is behind')
  for (const incidentId of all) {
    const involvementId = involvementOf(serviceKey, incidentId, subjectRef)
    if ((await folds.load(incident, incidentId)).state.involved.get(involvementId)?.erased !== false) continue
    const stream = `${incident.category}-${incidentId}`
    const one = { ...work, workId: derivedId(work.workId, incidentId), stream }
    await takeStep(commands, incident, one, { ...of, name: 'fence' }, eraseInvolvement(incidentId, involvementId))
  }
}

async function destroy(work: Work, { commands, folds, keys, clock, assertOwnLog }: HubErasureServices): Promise<void> {
  const incidentId: IncidentId = idOn(incident, work.stream)
  const fence = (await folds.load(incident, incidentId)).state.fences.get(work.sourceEventId)
  if (!fence) throw new NotYet('the fence is not in the log')
  const { involvementId, scopes, kids } = fence
  await assertOwnLog()
  await keys.close({ subject: involvementId, scopes, kids, fenceEventId: work.sourceEventId, cause: causeOfErasure(scopes) })
  const destroyed = { incidentId, involvementId, kids, destroyedAt: clock.now() }
  await takeStep(commands, incident, work, { ...of, name: 'destroyed' }, recordDestroyedInvolvement(destroyed))
}
