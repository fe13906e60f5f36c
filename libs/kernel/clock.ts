/** The only source of time. `now` is UTC, RFC 3339, with milliseconds. */
export interface Clock {
  now(): string
}

export const systemClock: Clock = { now: () => new Date().toISOString() }

/** The clock of this process cannot be right, or another one's cannot: nothing is recorded with a time that may be wrong. */
export class ClockWrong extends Error {}
