/** The only source of time. `now` is UTC, RFC 3339, with milliseconds. */
export interface Clock {
  now(): string
}

export const systemClock: Clock = { now: () => new Date().toISOString() }
