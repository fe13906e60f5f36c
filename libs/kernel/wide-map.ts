const width = 64

/**
 * A map by id that is never changed: `with` answers the next one and copies a sixty-fourth of this. For what grows as long as a stream
 * does, where copying all of it with every event would make the fold quadratic. In no order.
 */
export class WideMap<V> {
  private constructor(
    private readonly parts: readonly ReadonlyMap<string, V>[],
    readonly size: number,
  ) {}

  static empty<V>(): WideMap<V> {
    return new WideMap<V>(
      Array.from({ length: width }, () => new Map<string, V>()),
      0,
    )
  }

  get(id: string): V | undefined {
    return this.parts[partOf(id)]?.get(id)
  }
  has(id: string): boolean {
    return this.parts[partOf(id)]?.has(id) ?? false
  }
  *values(): Iterable<V> {
    for (const part of this.parts) yield* part.values()
  }

  *entries(): Iterable<readonly [id: string, value: V]> {
    for (const part of this.parts) yield* part.entries()
  }

  with(id: string, value: V): WideMap<V> {
    const part = partOf(id)
    return new WideMap(this.parts.with(part, new Map(this.parts[part]).set(id, value)), this.size + (this.has(id) ? 0 : 1))
  }
}

/** Ids are random: any few of their characters spread them. */
const partOf = (id: string) => (id.charCodeAt(0) * 31 + id.charCodeAt(id.length - 1) + id.charCodeAt(id.length >> 1) * 7) % width
