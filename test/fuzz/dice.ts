/** Repeatable chance: the same seed throws the same (mulberry32). */
export class Dice {
  #state: number
  constructor(seed: number) { this.#state = seed >>> 0 }

  /** From 0 to below `sides`. */
  below(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4_294_967_296 * sides)
  }
  one<T>(of: readonly T[]): T { return of[this.below(of.length)] as T }
  oneIn(times: number): boolean { return this.below(times) === 0 }
}
