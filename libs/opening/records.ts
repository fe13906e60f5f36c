import type { CommandFacts } from '#commands/commands'
import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { machineFacts } from '#commands/machine-facts'
import { CommandRefused } from '#domain/access/events'
import type { EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { type RefusalCode, refusalText } from '#kernel/refusals'
import { AccessRecord } from './access-record.js'
import type { StaffReader } from './opening.js'

type Denied = Pick<StaffReader, 'actor' | 'correlationId' | 'sourceAddress'>

/** Whom it was about, and where it came from. */
type AboutRefusal = { readonly subjectRef: string | undefined; readonly sourceAddress: string | undefined }
type Log = { warn(details: object, message: string): void }

/** Who read what, and what was refused: appended to this process's own streams. */
export class Records {
  readonly accesses: AccessRecord
  readonly #refusals: DailyStream
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
  }

  /** Best effort and within a rate limit: a refusal is answered whether or not its record could be stored. */
  refusal(facts: CommandFacts, code: RefusalCode, { subjectRef, sourceAddress }: AboutRefusal): void {
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
    })
    this.#refusals.append([{ id: newId(), ...event, metadata: { ...facts, occurredAt: at } }]).catch(() => {
      this.log.warn({ code }, 'a refusal could not be recorded')
    })
  }

  /** Somebody came to a door, for a purpose or for an id that is not theirs. */
  denied({ actor, correlationId, sourceAddress }: Denied, code: RefusalCode, subjectRef?: string): void {
    const facts = { ...machineFacts(), actor, purpose: 'AUDIT', correlationId, commandId: newId(), command: 'Access' }
    this.refusal(facts, code, { subjectRef, sourceAddress })
  }
}
