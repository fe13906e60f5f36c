import type { Sql } from 'postgres'
import { type Since, StoreUnavailable, type StreamPlace } from '../event-store.js'
import { withPatience } from '../patience.js'
import { type Row, recorded } from './row.js'

type Found = Partial<Row> & { readonly nth: string; readonly known: string | null }
type Waiting = { readonly places: readonly StreamPlace[]; readonly done: (since: readonly Since[]) => void; readonly failed: (error: unknown) => void }

const pageSize = 100
const nothing: Since = { holds: false, events: [], more: false }

/** Many commands ask at the same time what is new on their streams, most of them on the same few: whoever asks while a question is on its way goes with the next one. */
export class CatchUp {
  #waiting: Waiting[] = []
  #asking = false

  constructor(private readonly sql: Sql, private readonly patience: number) {}

  /** @throws StoreUnavailable */
  since(places: readonly StreamPlace[]): Promise<readonly Since[]> {
    if (places.length === 0) return Promise.resolve([])
    return new Promise((done, failed) => {
      this.#waiting.push({ places, done, failed })
      if (!this.#asking) void this.#ask()
    })
  }

  async #ask() {
    this.#asking = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0)
      try {
        const answers = await this.#answers(group.flatMap(({ places }) => places))
        for (const { places, done } of group) done(places.map(place => answers.get(keyOf(place)) ?? nothing))
      } catch (error) { for (const { failed } of group) failed(new StoreUnavailable(error)) }
    }
    this.#asking = false
  }

  async #answers(asked: readonly StreamPlace[]): Promise<ReadonlyMap<string, Since>> {
    const places = [...new Map(asked.map(place => [keyOf(place), place])).values()]
    const rows = await withPatience(this.patience, this.sql<Found[]>`
      select p.nth, k.id as known, e.* from unnest(${places.map(({ stream }) => stream)}::text[], ${places.map(({ revision }) => String(revision))}::bigint[]) with ordinality as p (stream, revision, nth)
      left join event_store.event k on k.stream = p.stream and k.revision = p.revision
      left join lateral (select * from event_store.event f where f.stream = p.stream and f.revision > p.revision order by f.revision limit ${pageSize}) e on true
      order by p.nth, e.revision`)
    const found = places.map(() => ({ known: null as string | null, events: [] as Row[] }))
    for (const { nth, known, ...event } of rows) {
      const one = found[Number(nth) - 1]
      if (!one) continue
      one.known = known
      if (event.id) one.events.push(event as Row)
    }
    return new Map(places.map((place, n) => {
      const { known, events } = found[n] ?? { known: null, events: [] }
      return [keyOf(place), { holds: known === place.eventId, events: events.map(recorded), more: events.length === pageSize }]
    }))
  }
}

const keyOf = ({ stream, revision, eventId }: StreamPlace) => `${stream}@${revision}:${eventId}`
