import type { Actor } from '#kernel/actor'
import type { Result } from '#kernel/result'

export type Typed = { readonly type: string; readonly data: unknown }
/** What every event says besides its data. Rules such as "not the person who requested it" need the actor. */
export type Meta = {
  readonly eventId: string
  readonly actor: Actor
  readonly occurredAt: string
  readonly recordedAt: string
  readonly position: bigint
  readonly revision: bigint
}
export type Happened<E> = E & { readonly meta: Meta }
/** One function per event type: an event without one does not compile. */
export type Evolve<S, E extends Typed> = { readonly [T in E['type']]: (state: S, data: Extract<E, { type: T }>['data'], meta: Meta) => S }
/** What stands in the way of everything that is written about somebody. */
export type Standing = { readonly erased: boolean; readonly restricted: boolean }
/** A kind of stream: how its state begins, how it evolves, and whose it is. */
export type Aggregate<S, E extends Typed> = {
  readonly category: string
  readonly initial: S
  readonly evolve: Evolve<S, E>
  /** Of somebody: whether anything may still be written. Of whatever else: NOBODY. */
  readonly standing: 'NOBODY' | ((state: S) => Standing)
  /** Of the type only: which events the stream holds. */
  readonly holds?: E
}
/** A rule of the business: from what has happened to what happens next, or to why it may not. */
export type Decision<S, E, R> = (state: S) => Result<readonly E[], R>

/** @throws Error for an event that the fold does not know: stored history is never skipped. */
export function evolveOne<S, E extends Typed>(evolve: Evolve<S, E>, state: S, event: Happened<E>): S {
  const on = (evolve as Record<string, ((state: S, data: unknown, meta: Meta) => S) | undefined>)[event.type]
  if (!on) throw new Error(`No fold knows the event type ${event.type}`)
  return on(state, event.data, event.meta)
}

export const fold = <S, E extends Typed>(evolve: Evolve<S, E>, initial: S, events: readonly Happened<E>[]): S =>
  events.reduce((state, event) => evolveOne(evolve, state, event), initial)

/** Where a larger state holds the part that an evolve is about, and how what came of it is put back. */
type Place<S, P> = { readonly take: (state: S) => P; readonly put: (state: S, part: P) => S }
/** Lets an evolve work on the part of a larger state that it is about. */
export function within<S, P, E extends Typed>(evolve: Evolve<P, E>, { take, put }: Place<S, P>): Evolve<S, E> {
  const part = evolve as Record<string, (state: P, data: unknown, meta: Meta) => P>
  return Object.fromEntries(
    Object.entries(part).map(([type, on]) => [type, (state: S, data: unknown, meta: Meta) => put(state, on(take(state), data, meta))]),
  ) as Evolve<S, E>
}
/** Lets one concern's evolve work on its own slice of a larger state. */
export const slice = <S, K extends keyof S, E extends Typed>(key: K, evolve: Evolve<S[K], E>): Evolve<S, E> =>
  within(evolve, { take: state => state[key], put: (state, part) => ({ ...state, [key]: part }) })

/** A step that is taken only where this holds: what else happens changes nothing. */
export const onlyWhere =
  <S, W>(holds: (state: S, data: W) => boolean) =>
  <D extends W>(step: (state: S, data: D, meta: Meta) => S) =>
  (state: S, data: D, meta: Meta): S =>
    holds(state, data) ? step(state, data, meta) : state

/** Two concerns that listen to the same event: each folds its own slice. */
export const andThen =
  <S, D>(first: (state: S, data: D, meta: Meta) => S, second: (state: S, data: D, meta: Meta) => S) =>
  (state: S, data: D, meta: Meta): S =>
    second(first(state, data, meta), data, meta)
