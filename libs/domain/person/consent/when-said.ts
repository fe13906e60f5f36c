import { isEarlier } from '#kernel/instants'

/** Said earlier than what stands. Of two things that were said at one moment, the one that was recorded later is the last. */
export const isOlder = (said: string, standing: { readonly since: string } | undefined) =>
  standing !== undefined && isEarlier(said, standing.since)
