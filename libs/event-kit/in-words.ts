type Typed = { readonly type: string; readonly data: unknown }
type DataByType<E extends Typed> = { readonly [One in E as One['type']]: One['data'] }

/** A sentence for each event of a kind, from its clear fields only. An event without a sentence does not compile. */
export type InWords<E extends Typed> = { readonly [T in keyof DataByType<E>]: (data: DataByType<E>[T]) => string }
/** Events of these types, each type with its own data. */
export type EventOf<E extends Typed, T extends keyof DataByType<E>> = {
  readonly [One in T]: { readonly type: One; readonly data: DataByType<E>[One] }
}[T]

export const listed = (items: readonly string[]) => (items.length === 0 ? 'nothing' : items.join(', '))
