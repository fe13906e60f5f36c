import type { InWords } from '#event-kit/in-words'
import type { MisEvent } from './events.js'

export const misInWords: InWords<MisEvent> = {
  MisStorageObjectionRecorded: ({ channel }) => `Objection to storage on the service’s systems, received by ${channel}.`,
  MisStorageExplained: ({ channel }) => `Told by ${channel} that there is no service without storage.`,
  MisStorageChosen: ({ choice, channel }) =>
    choice === 'STAYS' ? `Took the objection to storage back, by ${channel}.` : `Held to the objection to storage, by ${channel}.`,
}
