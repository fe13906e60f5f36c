import type { JsonValue } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import {
  type GroupField,
  HappenedAt,
  type ListField,
  OptionalField,
  type PersonalField,
  type PersonalRecord,
  type Plain,
  type Shape,
  type SubjectField,
} from './field.js'

/* eslint-disable @typescript-eslint/no-explicit-any -- ADR-0002: conditional types over invariant field classes */
type SubjectsOf<S> = { [K in keyof S]: S[K] extends SubjectField<any> ? K & string : never }[keyof S]
/** The subjects that a field's personal values name and that it does not carry itself. */
type Needs<F> =
  F extends PersonalField<any, infer Of>
    ? Of
    : F extends PersonalRecord<infer Of>
      ? Of
      : F extends OptionalField<infer I>
        ? Needs<I>
        : F extends ListField<infer I>
          ? Needs<I>
          : F extends GroupField<infer G>
            ? Exclude<{ [K in keyof G]: Needs<G[K]> }[keyof G], SubjectsOf<G>>
            : never
type Checked<S> = {
  [K in keyof S]: [Needs<S[K]>] extends [SubjectsOf<S>] ? S[K] : `'${Needs<S[K]>}' is not a subject() field of this event`
}

type ValueOf<F> =
  F extends PersonalField<infer T, string>
    ? Personal<T>
    : F extends PersonalRecord<string>
      ? Readonly<Record<string, Personal<JsonValue>>>
      : F extends Plain<infer T>
        ? T
        : F extends SubjectField<infer T>
          ? T
          : F extends ListField<infer I>
            ? readonly ValueOf<I>[]
            : F extends GroupField<infer G>
              ? DataOf<G>
              : never
type OptionalKeys<S> = { [K in keyof S]: S[K] extends OptionalField<any> ? K : never }[keyof S]
type Flat<T> = { [K in keyof T]: T[K] }
export type DataOf<S> = Flat<
  { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: ValueOf<S[K]> } & {
    readonly [K in OptionalKeys<S>]?: (S[K] extends OptionalField<infer I> ? ValueOf<I> : never) | undefined
  }
>
export type EventOf<D> = D extends EventDef<infer N, infer S> ? { readonly type: N; readonly data: DataOf<S> } : never
/** The input of `of`: what an event of this type has to say. */
export type DataOfEvent<D> = D extends EventDef<string, infer S> ? DataOf<S> : never

/** A version that older events were brought up to may not know of all of them when they happened. */
const tellsTime = (field: unknown): boolean => field instanceof HappenedAt || (field instanceof OptionalField && tellsTime(field.inner))

export class EventDef<N extends string, S> {
  constructor(
    readonly type: N,
    readonly version: number,
    readonly shape: S,
    readonly previous?: { readonly def: EventDef<N, any>; readonly upcast: (old: any) => DataOf<S> },
  ) {}

  /** The field that tells when it happened, where one does. */
  get tellsWhen(): string | undefined {
    return Object.entries(this.shape as object).find(([, field]) => tellsTime(field))?.[0]
  }

  of(data: DataOf<S>): { readonly type: N; readonly data: DataOf<S> } {
    return { type: this.type, data }
  }

  /** The next version of this event. The chain is the numbering: a version cannot be skipped or left without an upcaster. */
  next<S2 extends Shape>(shape: S2 & Checked<S2>) {
    return {
      from: (upcast: (old: DataOf<S>) => DataOf<S2>) => new EventDef<N, S2>(this.type, this.version + 1, shape, { def: this, upcast }),
    }
  }
}
export type AnyEventDef = EventDef<string, any>

export const defineEvent = <const N extends string, S extends Shape>(type: N, shape: S & Checked<S>) => new EventDef<N, S>(type, 1, shape)
