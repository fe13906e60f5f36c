/** What a command line answers to who called it. */
export const exitCodes = {
  done: { code: 0, means: 'done, and nothing was found wrong' },
  found: { code: 1, means: 'done, and something was found that somebody has to look at' },
  usage: { code: 2, means: 'wrong usage; nothing was done' },
  failed: { code: 3, means: 'it could not be done; the message says why and what would help' },
  unreachable: { code: 4, means: 'a database, the event store or the service does not answer; try again' },
  interrupted: { code: 130, means: 'interrupted; the same command goes on from there' },
} as const
export type Ending = keyof typeof exitCodes
