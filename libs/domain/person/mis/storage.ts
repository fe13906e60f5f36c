import type { Evolve } from '#decider/decider'
import type { MisEvent } from './events.js'

export const objectionStates = ['OPEN', 'EXPLAINED', 'STAYS', 'LEAVES'] as const
export type ObjectionState = (typeof objectionStates)[number]
/** The objections to storage, in the order in which they came. */
export type Storage = ReadonlyMap<string, ObjectionState>
export const noObjection: Storage = new Map()

export const evolveStorage: Evolve<Storage, MisEvent> = {
  MisStorageObjectionRecorded: (storage, { objectionId }) => new Map(storage).set(objectionId, 'OPEN'),
  MisStorageExplained: (storage, { objectionId }) =>
    storage.get(objectionId) === 'OPEN' ? new Map(storage).set(objectionId, 'EXPLAINED') : storage,
  MisStorageChosen: (storage, { objectionId, choice }) => new Map(storage).set(objectionId, choice),
}

/** C41: whether somebody objects and has not taken it back: no service begins then. */
export const objectsToStorage = (storage: Storage) => [...storage.values()].some(state => state !== 'STAYS')
export const isSettled = (state: ObjectionState) => state === 'STAYS' || state === 'LEAVES'
