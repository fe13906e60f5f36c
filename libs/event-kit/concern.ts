import type { AnyEventDef, EventOf } from './event.js'

/**
 * Events that belong together, on the streams of one category: all that can happen to a consent, or to a key. A projection says which
 * concerns it is about, and answers for every event of those.
 */
export type Concern<D extends AnyEventDef = AnyEventDef> = {
  readonly name: string
  readonly category: string
  readonly events: readonly D[]
}
export type EventOfConcern<C extends Concern> = C extends Concern<infer D> ? EventOf<D> : never

/** The concerns of one category of streams, each from its list of events. */
export const concernsOf = <const L extends Readonly<Record<string, readonly AnyEventDef[]>>>(
  category: string,
  lists: L,
): { readonly [K in keyof L]: Concern<L[K][number]> } =>
  Object.fromEntries(Object.entries(lists).map(([name, events]) => [name, { name, category, events }])) as {
    [K in keyof L]: Concern<L[K][number]>
  }
