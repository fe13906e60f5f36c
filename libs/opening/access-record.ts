import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { machineFacts } from '#commands/machine-facts'
import { type AccessGround, HistoryRead, RecordAccessed, SearchMade } from '#domain/access/events'
import type { EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { EventStore } from '#event-store/event-store'
import type { Actor } from '#kernel/actor'
import type { Clock } from '#kernel/clock'
import type { Id, SubjectRef } from '#kernel/id'

/** Who reads, in which request and by which command of an operator's, where there is one; on which ground, by their role unless told. */
export type Reader = {
  readonly actor: Actor
  readonly correlationId?: string
  readonly command?: string
  readonly ground?: AccessGround | undefined
  /** The grant, or the seal that was broken, that lets them. */
  readonly grantId?: Id<'GrantId'> | undefined
  readonly sourceAddress?: string | undefined
}
/** The machine, at work of its own for a command: it shows nobody what it opens. */
export const machineReader = (command: string): Reader => ({ actor: machineFacts().actor, command, ground: 'MACHINE' })

/** Whose values are read: a person's reference, or the id of a breach or an audit; and what lets the reader at them. */
export type ReadOf = Pick<Reader, 'ground' | 'grantId'> & { readonly subject: string }
/** For what, and which. */
export type Access = {
  readonly purpose: string
  readonly what: DataOfEvent<typeof RecordAccessed>['what']
  readonly fields: readonly string[]
  /** Under which scopes that lies which is opened. */
  readonly scopes: readonly Scope[]
  /** The disclosure or the request whose words are read. */
  readonly about?: string
}

const readOf = ({ subject, ground = 'ROLE', grantId }: ReadOf) => ({ subjectRef: subject as SubjectRef, ground, grantId })

type AccessId = DataOfEvent<typeof RecordAccessed>['accessId']
type AccessEvent = ReturnType<typeof RecordAccessed.of> | ReturnType<typeof SearchMade.of> | ReturnType<typeof HistoryRead.of>

/**
 * Who read what, on a stream of this process's own. Answers once it is stored. @throws StoreUnavailable: then nothing may be opened or
 * answered.
 */
export class AccessRecord {
  readonly #stream: DailyStream

  constructor(
    store: EventStore,
    codec: EventCodec,
    private readonly clock: Clock,
  ) {
    this.#stream = new DailyStream(store, codec, clock, 'access')
  }

  /** @param others whose values are read with those of the first, in one answer. */
  async read(by: Reader, { purpose, what, fields, scopes, about }: Access, first: ReadOf, others: readonly ReadOf[] = []): Promise<void> {
    const { sourceAddress } = by
    await this.#record(by, purpose, (accessId, at) =>
      RecordAccessed.of({
        accessId,
        ...readOf(first),
        ...(others.length === 0 ? {} : { alsoOf: others.map(readOf) }),
        what,
        fields: [...fields],
        scopes: [...scopes],
        about: about as DataOfEvent<typeof RecordAccessed>['about'],
        at,
        sourceAddress,
      }),
    )
  }

  async search(by: Reader, purpose: string, how: DataOfEvent<typeof SearchMade>['by'], hits: number): Promise<void> {
    await this.#record(by, purpose, (accessId, at) => SearchMade.of({ accessId, by: how, hits, at, sourceAddress: by.sourceAddress }))
  }

  /** The log itself was read, or an auditor read something else: then `auditId` says under which audit, and `door` through which. */
  async history(by: Reader, read: Omit<DataOfEvent<typeof HistoryRead>, 'accessId' | 'at' | 'sourceAddress'>): Promise<void> {
    await this.#record(by, 'AUDIT', (accessId, at) => HistoryRead.of({ accessId, ...read, at, sourceAddress: by.sourceAddress }))
  }

  async #record(
    { actor, correlationId, command = 'Read' }: Reader,
    purpose: string,
    event: (accessId: AccessId, at: string) => AccessEvent,
  ) {
    const accessId: AccessId = newId()
    const at = this.clock.now()
    const metadata = {
      ...machineFacts(),
      actor,
      purpose,
      correlationId: correlationId ?? accessId,
      commandId: accessId,
      command,
      occurredAt: at,
    }
    await this.#stream.append([{ id: newId(), ...event(accessId, at), metadata }])
  }
}
