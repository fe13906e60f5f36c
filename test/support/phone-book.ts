import type { DecodedEvent } from '#event-codec/codec'
import type { EventStore } from '#event-store/event-store'
import type { Personal } from '#kernel/personal'
import { envelopeOf } from '#event-codec/sealed'
import type { Projection, Table } from '#projections/projection'
import { clear, sealed } from '#projections/table'
import { instead } from './instead.js'

/** A read model that a release may have and a database has not: who was referred, under which name. */
const table: Table = {
  name: 'phone_book',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: { subject_ref: clear('uuid'), name: sealed(), position: clear('bigint') },
}
/** `heard` is told of each event that it heard; it fails on those of one stream. */
export function phoneBook(more: Partial<Projection> = {}, heard: string[] = [], failsOn?: string): Projection {
  const changesOf = ({ type, stream, data, meta }: DecodedEvent) => {
    heard.push(meta.eventId)
    if (stream === failsOn) throw new RangeError('a fault')
    if (type !== 'ReferralReceived') return []
    const { subjectRef, person: of } = data as { readonly subjectRef: string; readonly person: { readonly name: Personal<string> } }
    return [{ table, put: { subject_ref: subjectRef, name: envelopeOf(of.name), position: meta.position } }]
  }
  return { kind: 'rows', name: 'phone-book', tables: [table], contexts: ['person'], concerns: ['intake'], changesOf, ...more } as Projection
}

/** A store in which whoever reads from the start is kept waiting once it had so many events of people. */
export function slowFromTheStart(store: EventStore, events: number) {
  let letGo = () => {}
  const held = new Promise<void>(resolve => {
    letGo = resolve
  })
  async function* slowly(options: Parameters<EventStore['subscribe']>[0]) {
    let had = 0
    for await (const item of store.subscribe(options)) {
      if (!('caughtUp' in item) && item.stream.startsWith('person-') && ++had === events + 1) {
        yield { caughtUp: true } as const
        await held
      }
      yield item
    }
  }
  return {
    letGo,
    store: instead(store, {
      subscribe: (options: Parameters<EventStore['subscribe']>[0]) => (options.after === 0n ? slowly(options) : store.subscribe(options)),
    }),
  }
}
