/** Which of two instants came first, however they are written. */
export const isEarlier = (one: string, other: string) => Date.parse(one) < Date.parse(other)
export const earlierOf = (one: string, other: string) => (isEarlier(other, one) ? other : one)
export const laterOf = (one: string, other: string) => (isEarlier(one, other) ? other : one)
/** So many hours later, however long the day is. */
export const hoursAfter = (one: string, hours: number) => new Date(Date.parse(one) + hours * 3_600_000).toISOString()
/** The instant so many times 24 hours later, UTC. */
export const daysAfter = (instant: string, days: number) => new Date(Date.parse(instant) + days * 86_400_000).toISOString()
