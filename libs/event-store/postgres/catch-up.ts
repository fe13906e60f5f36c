import type { Sql } from 'postgres'
import { Batched } from '#kernel/batched'
import { type Since, StoreUnavailable, StreamDamaged, type StreamPlace } from '../event-store.js'
import { gapless } from '../gapless.js'
import { withPatience } from '../patience.js'
import { type Row, recorded } from './row.js'

type Found = Partial<Row> & { readonly nth: string; readonly known: string | null }

const pageSize = 100
const nothing: Since = { holds: false, events: [], more: false }

/**
 * Many commands ask at the same time what is new on their streams, most of them on the same few: they ask together, and each stream once.
 */
export class CatchUp {
  readonly #together = new Batched<readonly StreamPlace[], readonly (Since | StreamDamaged)[]>(asked => this.#answers(asked))

  constructor(
    private readonly sql: Sql,
    private readonly patience: number,
  ) {}

  /** @throws StoreUnavailable; StreamDamaged, which is told to those only who asked for that stream */
  async since(places: readonly StreamPlace[]): Promise<readonly Since[]> {
    const answers = places.length === 0 ? [] : await this.#together.one(places)
    return answers.map(answer => {
      if (answer instanceof StreamDamaged) throw answer
      return answer
    })
  }

  async #answers(asked: readonly (readonly StreamPlace[])[]): Promise<readonly (readonly (Since | StreamDamaged)[])[]> {
    const places = [...new Map(asked.flat().map(place => [keyOf(place), place])).values()]
    const found = await this.#read(places)
    const answers = new Map(places.map((place, n) => [keyOf(place), answerOf(place, found[n])]))
    return asked.map(mine => mine.map(place => answers.get(keyOf(place)) ?? nothing))
  }

  async #read(places: readonly StreamPlace[]) {
    const found = places.map(() => ({ known: null as string | null, events: [] as Row[] }))
    for (const { nth, known, ...event } of await this.#rows(places)) {
      const one = found[Number(nth) - 1]
      if (!one) continue
      one.known = known
      if (event.id) one.events.push(event as Row)
    }
    return found
  }

  async #rows(places: readonly StreamPlace[]): Promise<readonly Found[]> {
    try {
      return await withPatience(
        this.patience,
        this.sql<Found[]>`
        select p.nth, k.id as known, e.*
        from unnest(${places.map(({ stream }) => stream)}::text[], ${places.map(({ revision }) => String(revision))}::bigint[])
        with ordinality as p (stream, revision, nth)
        left join event_store.event k on k.stream = p.stream and k.revision = p.revision
        left join lateral (select * from event_store.event f where f.stream = p.stream and f.revision > p.revision
          order by f.revision limit ${pageSize}) e on true
        order by p.nth, e.revision`,
      )
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }
}

type Read = { readonly known: string | null; readonly events: readonly Row[] }

function answerOf(
  { stream, revision, eventId }: StreamPlace,
  { known, events }: Read = { known: null, events: [] },
): Since | StreamDamaged {
  // What came after the event that the reader knows is there, and it is not.
  if (known === null && events.length > 0) return new StreamDamaged(stream, 'incomplete')
  try {
    return { holds: known === eventId, events: gapless(stream, revision + 1n, events.map(recorded)), more: events.length === pageSize }
  } catch (error) {
    if (error instanceof StreamDamaged) return error
    throw error
  }
}

const keyOf = ({ stream, revision, eventId }: StreamPlace) => `${stream}@${revision}:${eventId}`
