import type { Evolve } from '#decider/decider'
import type { MisEvent } from '#domain/person/mis/events'
import { type Case, same } from './facts.js'

/** What somebody thinks of the storage says nothing of their case: their objections have a list of their own. */
export const mis: Evolve<Case, MisEvent> = { MisStorageObjectionRecorded: same, MisStorageExplained: same, MisStorageChosen: same }
