import { type EventOf, defineEvent } from '#event-kit/event'
import { code, happenedAt, id, optional, personal, subject } from '#event-kit/field'
import { channels } from '../channels.js'

const ofObjection = { subjectRef: subject('SubjectRef'), objectionId: id('ObjectionId'), channel: code(...channels) }

/** C41: somebody does not want their data stored on the systems that the service works with. */
export const MisStorageObjectionRecorded = defineEvent('MisStorageObjectionRecorded', {
  ...ofObjection,
  receivedAt: happenedAt(),
  words: optional(personal.text('subjectRef', 'NARR')),
})
/** C41, C17: they were told that there is no service without, and that they may choose. */
export const MisStorageExplained = defineEvent('MisStorageExplained', { ...ofObjection, explainedAt: happenedAt() })
export const storageChoices = ['STAYS', 'LEAVES'] as const
export type StorageChoice = (typeof storageChoices)[number]
/** C41: STAYS takes the objection back; LEAVES holds to it, and asks to be erased. */
export const MisStorageChosen = defineEvent('MisStorageChosen', { ...ofObjection, choice: code(...storageChoices), saidAt: happenedAt() })

export const misEvents = [MisStorageObjectionRecorded, MisStorageExplained, MisStorageChosen] as const
export type MisEvent = EventOf<(typeof misEvents)[number]>
