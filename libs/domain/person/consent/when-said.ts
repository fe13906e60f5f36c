/** Said earlier than what stands. Of two things that were said at one moment, the one that was recorded later is the last. */
export const isOlder = (said: string, standing: { readonly since: string } | undefined) =>
  standing !== undefined && Date.parse(said) < Date.parse(standing.since)

export const later = (one: string, other: string) => (Date.parse(one) < Date.parse(other) ? other : one)
/** Nothing was said after it was recorded: whoever types it in may have a clock that is a little ahead. */
export const notAfter = (now: string, told: string) => (Date.parse(told) < Date.parse(now) ? told : now)
