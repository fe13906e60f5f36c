import type { InWords } from '#event-kit/in-words'
import type { LinkEvent } from './events.js'

export const linksInWords: InWords<LinkEvent> = {
  PossibleDuplicateFound: ({ other, likeness }) => `${other} may be the same person, by ${likeness}.`,
  RecordsLinked: ({ other }) => `${other} is the same person.`,
  RecordsToldApart: ({ other }) => `${other} is somebody else.`,
}
