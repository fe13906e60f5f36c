/** For tests that ask more in a second than anybody should: each is answered, and each refusal is on record. */
export const noLimits = { requestsPerSecond: 100_000, refusalsPerSecond: 100_000 } as const
