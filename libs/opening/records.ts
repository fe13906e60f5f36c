import type { CommandFacts } from '#commands/commands'
import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { machineFacts } from '#commands/machine-facts'
import { CommandRefused } from '#domain/access/events'
import type { EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { Id, SubjectRef } from '#kernel/id'
import { type RefusalCode, refusalText } from '#kernel/refusals'
import { AccessRecord } from './access-record.js'
import type { StaffReader } from './opening.js'

type Denied = Pick<StaffReader, 'actor' | 'correlationId' | 'sourceAddress'>

/** Whom it was about, and where it came from. */
type AboutRefusal = {
  readonly subjectRef?: string | undefined
  /** An incident that was asked for, whether or not there is one: its refusals are apart, so that they tell nobody else anything. */
  readonly incidentId?: string | undefined
  readonly sourceAddress: string | undefined
}
type Log = { warn(details: object, message: string): void }

/** Who read what, and what was refused: appended to this process's own streams. */
export class Records {
  readonly accesses: AccessRecord
  readonly #refusals: DailyStream
  readonly #ofHub: DailyStream
  #second = ''
  #inSecond = 0

  constructor(
    store: EventStore,
    codec: EventCodec,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly refusalsPerSecond: number,
  ) {
    this.accesses = new AccessRecord(store, codec, clock)
    this.#refusals = new DailyStream(store, codec, clock, 'refusal')
    this.#ofHub = new DailyStream(store, codec, clock, 'hub')
  }

  /** Best effort and within a rate limit: a refusal is answered whether or not its record could be stored. */
  refusal(facts: CommandFacts, code: RefusalCode, { subjectRef, incidentId, sourceAddress }: AboutRefusal): void {
    const second = this.clock.now().slice(0, 19)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    this.#inSecond++
    if (this.#inSecond === this.refusalsPerSecond + 1)
      this.log.warn({ count: this.refusalsPerSecond }, 'more refusals came in a second than are recorded')
    if (this.#inSecond > this.refusalsPerSecond) return
    const at = this.clock.now()
    const refusalId: DataOfEvent<typeof CommandRefused>['refusalId'] = newId()
    const event = CommandRefused.of({
      refusalId,
      command: facts.command,
      subjectRef: subjectRef as SubjectRef | undefined,
      code,
      clause: refusalText(code).clause,
      at,
      sourceAddress,
      incidentId: incidentId as Id<'IncidentId'> | undefined,
    })
    const stream = incidentId === undefined ? this.#refusals : this.#ofHub
    stream.append([{ id: newId(), ...event, metadata: { ...facts, occurredAt: at } }]).catch(() => {
      this.log.warn({ code }, 'a refusal could not be recorded')
    })
  }

  /** Somebody came to a door, for a purpose or for an id that is not theirs. */
  denied(by: Denied, code: RefusalCode, subjectRef?: string): void {
    this.#came(by, code, { subjectRef, sourceAddress: by.sourceAddress })
  }

  /** The same of an incident: of one that is not there for them, that they are no party of it; they themselves are told NOT_FOUND. */
  deniedIncident(by: Denied, code: RefusalCode, incidentId: string): void {
    this.#came(by, code, { incidentId, sourceAddress: by.sourceAddress })
  }

  #came({ actor, correlationId }: Denied, code: RefusalCode, about: AboutRefusal): void {
    const facts = { ...machineFacts(), actor, purpose: 'AUDIT', correlationId, commandId: newId(), command: 'Access' }
    this.refusal(facts, code, about)
  }
}
