import type { Commands } from '#commands/commands'
import type { StreamFolds } from '#commands/folds'
import { derivedId } from '#commands/ids'
import { person } from '#domain/person/person'
import { restoreFence } from '#domain/person/erasure/restore-fence'
import { restoreStaffFence } from '#domain/staff/record-destroyed-keys'
import { staff } from '#domain/staff/staff'
import type { EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureFenced, InvolvementErased, KeyRetired, StaffDetailsErased } from '#event-kit/key-events'
import { announcesKey, homeStream, keyAnnouncedIn } from '#event-kit/key-subjects'
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#event-store/event-store'
import type { ErasureId, StaffRef, SubjectRef } from '#kernel/id'
import { takeStep } from './step.js'
import type { Revocation } from '#subject-keys/revocation-journal'
import type { KeyHistory, KeyRecord } from '#subject-keys/restore-gate'
import { type KeyFact, causeOfErasure, closedBy } from '#subject-keys/subject-keys'

/** The log as the vault's restore gate sees it. */
export class LogKeyHistory implements KeyHistory {
  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly folds: StreamFolds,
    private readonly commands: Commands,
  ) {}

  async holds(position: bigint, eventId: string) {
    return (await this.store.at(position))?.id === eventId
  }

  async *since(position: bigint | undefined): AsyncIterable<KeyRecord> {
    let last: RecordedEvent | undefined
    for await (const event of this.store.readAll(position === undefined ? {} : { after: position })) {
      last = event
      const record = this.#keyRecord(event)
      if (record) yield record
    }
    if (last) yield { kind: 'scanned', position: last.position, eventId: last.id }
  }

  async hasFenced({ subject, scopes, kids, cause }: Revocation) {
    const { state, revision } = await this.folds.load(person, subject)
    if (revision === 'no_stream') return (await this.#liveOfStaff(subject, kids)).length === 0
    const fenced = new Set<string>([...state.keys.fences.values()].flatMap(fence => fence.kids))
    return (
      closedBy({ scopes, cause }).every(scope => state.keys.closed.has(scope))
      && kids.every(kid => fenced.has(kid) || state.keys.retired.has(kid as never) || !state.keys.scopes.has(kid as never))
    )
  }

  async stillLive({ subject, kids }: Pick<Revocation, 'subject' | 'kids'>) {
    const {
      state: { keys },
    } = await this.folds.load(person, subject)
    const live = kids.filter(kid => keys.live.has(kid as never))
    if (live.length > 0) return this.#factsOf(homeStream('SubjectRef', subject), live)
    const ofStaff = await this.#liveOfStaff(subject, kids)
    return ofStaff.length === 0 ? [] : this.#factsOf(homeStream('StaffRef', subject), ofStaff)
  }

  /** Of a member of staff: keys that this log announced and has not fenced. */
  async #liveOfStaff(subject: string, kids: readonly string[]): Promise<readonly string[]> {
    const { state } = await this.folds.load(staff, subject)
    return kids.filter(kid => state.keys.has(kid as never))
  }

  async #factsOf(stream: string, live: readonly string[]): Promise<readonly KeyFact[]> {
    const facts: KeyFact[] = []
    for await (const event of this.store.readStream(stream)) {
      const record = this.#keyRecord(event)
      if (record?.kind === 'announced' && live.includes(record.key.kid)) facts.push(record.key)
    }
    return facts
  }

  async refence({ subject, scopes, kids, fenceEventId }: Revocation) {
    const subjectRef = subject as SubjectRef
    const erasureId: ErasureId = derivedId(fenceEventId, 'restored')
    const step = { process: 'restore-gate', name: 'refence', purpose: 'RIGHTS_FULFILMENT', art6: 'c' }
    const work = { workId: erasureId, sourceEventId: fenceEventId }
    try {
      if ((await this.#liveOfStaff(subject, kids)).length > 0) {
        const fence = restoreStaffFence(subject as StaffRef, scopes, kids)
        await takeStep(this.commands, staff, { ...work, stream: homeStream('StaffRef', subject) }, step, fence)
        return
      }
      await takeStep(
        this.commands,
        person,
        { ...work, stream: homeStream('SubjectRef', subject) },
        step,
        restoreFence({ subjectRef, erasureId, scopes, kids }),
      )
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  #keyRecord(event: RecordedEvent): KeyRecord | undefined {
    if (announcesKey(event.type)) {
      const key = keyAnnouncedIn(this.codec.decode(event))
      return key && { kind: 'announced', key }
    }
    switch (event.type) {
      case 'ErasureFenced': {
        const { subjectRef, scopes, kids } = this.codec.decode(event).data as DataOfEvent<typeof ErasureFenced>
        return { kind: 'fenced', fence: { subject: subjectRef, scopes, kids, fenceEventId: event.id, cause: causeOfErasure(scopes) } }
      }
      case 'StaffDetailsErased': {
        const { staffRef, scopes, kids } = this.codec.decode(event).data as DataOfEvent<typeof StaffDetailsErased>
        return { kind: 'fenced', fence: { subject: staffRef, scopes, kids, fenceEventId: event.id, cause: causeOfErasure(scopes) } }
      }
      case 'InvolvementErased': {
        const { involvementId, scopes, kids } = this.codec.decode(event).data as DataOfEvent<typeof InvolvementErased>
        return { kind: 'fenced', fence: { subject: involvementId, scopes, kids, fenceEventId: event.id, cause: causeOfErasure(scopes) } }
      }
      case 'KeyRetired': {
        const { subjectRef, kid, cause } = this.codec.decode(event).data as DataOfEvent<typeof KeyRetired>
        return { kind: 'fenced', fence: { subject: subjectRef, scopes: [], kids: [kid], fenceEventId: event.id, cause } }
      }
      default:
        return undefined
    }
  }
}
