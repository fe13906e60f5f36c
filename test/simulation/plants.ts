/** Faults that are put in on purpose, to see that the simulation finds them. */
export const plants = [
  'fence-after-destruction',
  'check-then-insert',
  'checkpoint-before-rows',
  'any-revision',
  'no-restore-gate',
  'look-then-send',
] as const
export type Plant = (typeof plants)[number]
