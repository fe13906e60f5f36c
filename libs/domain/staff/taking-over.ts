import type { StaffRef } from '#kernel/id'
import type { Gives } from './in-charge.js'

/** Somebody gives up a role, and says who takes over the people whom they supported in it; nobody does unless told. */
export type Giving = { readonly staffRef: StaffRef; readonly handOverTo?: StaffRef | undefined }
/** Whether whoever is to take over works here as an IPS worker. */
export type SuccessorFacts = Gives & { readonly successorIsWorker: boolean }

/** C37: people go to somebody else who supports people, or to nobody yet. */
export const mayTakeOver = ({ staffRef, handOverTo }: Giving, { successorIsWorker }: SuccessorFacts): boolean =>
  handOverTo === undefined || (handOverTo !== staffRef && successorIsWorker)
