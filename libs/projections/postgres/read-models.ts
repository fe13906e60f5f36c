import { type Observable, defer, filter, firstValueFrom, map, race, repeat, share, Subject, timer } from 'rxjs'
import type { Sql } from 'postgres'
import { Batched } from '#kernel/batched'
import { StoreUnavailable } from '#event-store/event-store'
import { NotCurrent, declarationOf } from '../declaration.js'
import type { Projection } from '../projection.js'
import { type Place, countSealed } from './table-writer.js'

/**
 * `live`: its rows are there as this release declares them. `building`: they are being made, and nobody may read them yet. `another`: what
 * is there is another release's; where there is nothing at all, there is no standing.
 */
export type StateOf = 'live' | 'building' | 'another'
export type StandingOf = {
  readonly projection: string
  readonly state: StateOf
  readonly position: bigint
  readonly eventId: string | undefined
  readonly movedAt: Date
  readonly parked: number
}
type Row = {
  projection: string
  declaration: string | null
  building: boolean
  position: string
  event_id: string | null
  moved_at: Date
  parked: number
}

function liveAmong(standings: readonly StandingOf[], projection: string): StandingOf {
  const standing = standings.find(one => one.projection === projection)
  if (standing?.state !== 'live') throw new NotCurrent(projection, standing?.state === 'building')
  return standing
}

const patience = 5_000
const pause = 10

/** Where the projections stand, and what their tables still hold. @throws StoreUnavailable when the database does not answer. */
export class ReadModels {
  readonly #declarations: ReadonlyMap<string, string>
  readonly #asked = new Subject<void>()
  /** Every read asks, before or after its rows: those who ask at the same time ask once. */
  readonly #standings = new Batched<undefined, readonly StandingOf[]>(async asked => {
    const standings = await this.#standingsNow()
    return asked.map(() => standings)
  })
  /** One question at a time to the database, however many wait, and none while nobody does. */
  readonly #checkpoints: Observable<ReadonlyMap<string, bigint>> = defer(() => this.checkpoints()).pipe(
    repeat({ delay: () => race(timer(pause), this.#asked) }),
    share(),
  )

  constructor(
    private readonly sql: Sql,
    private readonly projections: readonly Projection[],
  ) {
    this.#declarations = new Map(projections.map(projection => [projection.name, declarationOf(projection)]))
  }

  get names(): readonly string[] {
    return this.projections.map(({ name }) => name)
  }

  /**
   * Waits, bounded, until a projection is live and has passed a position. False: it has not; the caller answers 503, never stale data.
   */
  async hasPassed(projection: string, position: bigint, withinMs = patience): Promise<boolean> {
    const deadline = Date.now() + withinMs
    const answer = firstValueFrom(
      this.#checkpoints.pipe(
        map(live => (live.get(projection) ?? -1n) >= position),
        filter(passed => passed || Date.now() >= deadline),
      ),
    )
    this.#asked.next()
    return answer
  }

  /**
   * Whether whatever holds rows of read models has had all up to here. That is every read model that is live, this release's or another's,
   * and every one that is being built, in tables that nobody reads: it is not shown before it has had every fence that is in the log by
   * then, but a certificate also says that nothing is left of a person, and until it has heard that person's fence it may hold what the
   * fence takes out. So certificates wait for a build, and not for ever: it goes on by itself, one that fails is given up with all that it
   * holds, and one that is begun later has the fence before it is shown.
   */
  async allHavePassed(position: bigint): Promise<boolean> {
    return (await this.standings()).every(standing => standing.position >= position)
  }

  /** Where those stand that are live. */
  async checkpoints(): Promise<ReadonlyMap<string, bigint>> {
    const live = (await this.standings()).filter(({ state }) => state === 'live')
    return new Map(live.map(({ projection, position }) => [projection, position]))
  }

  /** How one stands that is live. @throws NotCurrent */
  async live(projection: string): Promise<StandingOf> {
    return liveAmong(await this.standings(), projection)
  }

  /** How each read model stands that the database knows, and how many partitions of it are parked. */
  standings(): Promise<readonly StandingOf[]> {
    return this.#standings.one(undefined)
  }

  async #standingsNow(): Promise<readonly StandingOf[]> {
    try {
      const rows = await this.sql<Row[]>`
        select c.projection, c.declaration, c.building, c.position, c.event_id, c.moved_at,
          (select count(*)::int from read_model.parked p where p.projection = c.projection) as parked from read_model.checkpoint c`
      return rows.map(row => ({
        projection: row.projection,
        state: row.declaration !== this.#declarations.get(row.projection) ? 'another' : row.building ? 'building' : 'live',
        position: BigInt(row.position),
        eventId: row.event_id ?? undefined,
        movedAt: row.moved_at,
        parked: row.parked,
      }))
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  /** The rows of these may be read: they are there as this release declares them. @throws NotCurrent */
  async assertLive(...projections: readonly string[]): Promise<void> {
    const standings = await this.standings()
    for (const projection of projections) liveAmong(standings, projection)
  }

  /** What the projection stopped at in this stream, by kind, if it did: what it shows of it is old, however far it stands. */
  async parkedBy(projection: string, stream: string): Promise<string | undefined> {
    try {
      const [row] = await this.sql<{ error: string }[]>`
        select error from read_model.parked where projection = ${projection} and stream = ${stream}`
      return row?.error
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  /**
   * Sealed values under these keys in any declared column of any read model, shown or being built. One that takes its place meanwhile is
   * counted there too: what is built is looked at first.
   */
  async sealedValuesOf(subject: string, kids: readonly string[]): Promise<number> {
    try {
      let found = 0
      // None takes its place, or is given up, between being named and being looked at: whoever moves it waits for its row.
      found += await this.sql.begin(async sql => this.#sealedIn({ sql, schema: 'read_model_build' }, subject, kids, sql`for share`))
      found += await this.#sealedIn({ sql: this.sql, schema: 'read_model' }, subject, kids)
      return found
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  async #sealedIn(place: Place, subject: string, kids: readonly string[], lock = this.sql``): Promise<number> {
    const held = await place.sql<{ tables: readonly string[] }[]>`
      select tables from read_model.checkpoint where building = ${place.schema === 'read_model_build'} ${lock}`
    const names = new Set(held.flatMap(({ tables }) => tables))
    const tables = this.projections.flatMap(projection => projection.tables).filter(({ name }) => names.has(name))
    return countSealed(place, tables, subject, kids)
  }
}
