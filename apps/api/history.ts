import { Injectable } from '@nestjs/common'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { EventStore, RecordedEvent } from '#event-store/event-store'
import { idOn } from '#commands/folds'
import { isKeptApart } from '#commands/kept-apart'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'

type PageOfHistory = {
  readonly stream?: string | undefined
  readonly type?: string | undefined
  readonly after: bigint
  readonly limit: number
  readonly within?: { readonly from: string; readonly to: string } | undefined
}
/** How far one question looks for events of a rare type before it hands the cursor back. */
const scanLimit = 20_000

/** The log, a page at a time. */
@Injectable()
export class History {
  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
  ) {}

  /** One person's, decoded: what is sealed in it stays sealed. */
  async *ofPerson(subjectRef: string): AsyncIterable<DecodedEvent> {
    yield* this.of(`person-${subjectRef}`)
  }

  async *of(stream: string): AsyncIterable<DecodedEvent> {
    for await (const recorded of this.store.readStream(stream)) yield this.codec.decode(recorded)
  }

  async page({
    stream,
    type,
    after,
    limit,
    within,
  }: PageOfHistory): Promise<{ readonly events: readonly RecordedEvent[]; readonly next?: bigint }> {
    const events: RecordedEvent[] = []
    let scanned = 0
    let last = after
    for await (const event of stream === undefined ? this.store.readAll({ after }) : this.store.readStream(stream)) {
      if (event.position <= after || isKeptApart(event.stream)) continue
      if (events.length === limit || scanned === scanLimit) return { events, next: last }
      scanned++
      last = event.position
      if (
        (type === undefined || event.type === type)
        && (within === undefined || (event.recordedAt >= within.from && event.recordedAt < within.to))
      )
        events.push(event)
    }
    return { events }
  }
}

/** A person's reference, where a stream is theirs. */
export const personOf = (stream: string | undefined): SubjectRef | undefined =>
  stream?.startsWith('person-') ? idOn(person, stream) : undefined
