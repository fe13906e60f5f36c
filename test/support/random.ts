/** A small generator (mulberry32): the same seed, the same run, on every machine. */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, and not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  chance(of: number): boolean {
    return this.next() < of
  }
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
