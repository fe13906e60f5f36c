import { Injectable } from '@nestjs/common'
import type { CommandFacts } from '#commands/commands'
import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import type { EventMetadata } from '#event-codec/metadata'
import type { EventCodec } from '#event-codec/codec'
import { CommandRefused, HistoryRead, RecordAccessed, SearchMade } from '#domain/access/events'
import type { DataOfEvent } from '#event-kit/event'
import type { EventStore } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { SubjectRef } from '#kernel/id'
import { type RefusalCode, refusalText } from '#kernel/refusals'
import type { RequestFacts } from '#nest/request'

type AccessEvent = ReturnType<typeof RecordAccessed.of> | ReturnType<typeof SearchMade.of> | ReturnType<typeof HistoryRead.of>
type ReadBy = Pick<RequestFacts, 'actor' | 'correlationId'>
type Log = { warn(details: object, message: string): void }
const refusalsPerSecond = 50

/** Who read what, and what was refused: appended to this process's own streams. */
@Injectable()
export class Records {
  readonly #access: DailyStream
  readonly #refusals: DailyStream
  #second = ''
  #inSecond = 0

  constructor(
    store: EventStore,
    codec: EventCodec,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#access = new DailyStream(store, codec, clock, 'access')
    this.#refusals = new DailyStream(store, codec, clock, 'refusal')
  }

  /** Stored before anything is opened. @throws StoreUnavailable: then nothing may be opened. */
  async access(
    told: RequestFacts,
    purpose: string,
    subjectRef: string,
    what: DataOfEvent<typeof RecordAccessed>['what'],
    fields: readonly string[],
  ): Promise<void> {
    await this.#recordAccess(told, purpose, accessId =>
      RecordAccessed.of({ accessId, subjectRef: subjectRef as SubjectRef, what, fields: [...fields], at: this.clock.now() }),
    )
  }

  async search(told: RequestFacts, purpose: string, by: DataOfEvent<typeof SearchMade>['by'], hits: number): Promise<void> {
    await this.#recordAccess(told, purpose, accessId => SearchMade.of({ accessId, by, hits, at: this.clock.now() }))
  }

  /** The log itself was read, or an auditor read something else: then `auditId` says under which audit, and `door` through which. */
  async history(by: ReadBy, read: Omit<DataOfEvent<typeof HistoryRead>, 'accessId' | 'at'>): Promise<void> {
    await this.#recordAccess(by, 'AUDIT', accessId => HistoryRead.of({ accessId, ...read, at: this.clock.now() }))
  }

  /** Best effort and within a rate limit: a refusal is answered whether or not its record could be stored. */
  refusal(facts: CommandFacts, code: RefusalCode, subjectRef: string | undefined): void {
    const second = this.clock.now().slice(0, 19)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    if (++this.#inSecond > refusalsPerSecond) return
    const at = this.clock.now()
    const refusalId = newId() as DataOfEvent<typeof CommandRefused>['refusalId']
    const event = CommandRefused.of({
      refusalId,
      command: facts.command,
      subjectRef: subjectRef as SubjectRef | undefined,
      code,
      clause: refusalText(code).clause,
      at,
    })
    this.#refusals.append([{ id: newId(), ...event, metadata: { ...facts, occurredAt: at } }]).catch(() => {
      this.log.warn({ code }, 'a refusal could not be recorded')
    })
  }

  /** Somebody came to a door, or for a purpose, that is not theirs. */
  denied(actor: RequestFacts['actor'], correlationId: string, code: RefusalCode): void {
    this.refusal(
      {
        actor,
        purpose: 'AUDIT',
        lawfulBasis: { art6: 'c' },
        noticeVersion: 'NONE',
        policies: {},
        regime: 'UK-GDPR',
        correlationId,
        commandId: newId(),
        command: 'Access',
      },
      code,
      undefined,
    )
  }

  async #recordAccess(told: ReadBy, purpose: string, event: (accessId: DataOfEvent<typeof RecordAccessed>['accessId']) => AccessEvent) {
    const accessId = newId()
    const metadata: EventMetadata = {
      actor: told.actor,
      purpose,
      lawfulBasis: { art6: 'c' },
      noticeVersion: 'NONE',
      policies: {},
      regime: 'UK-GDPR',
      correlationId: told.correlationId,
      commandId: accessId,
      command: 'Read',
      occurredAt: this.clock.now(),
    }
    await this.#access.append([{ id: newId(), ...event(accessId as DataOfEvent<typeof RecordAccessed>['accessId']), metadata }])
  }
}
