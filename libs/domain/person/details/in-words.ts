import { type InWords, listed } from '#event-kit/in-words'
import type { DetailsEvent } from './events.js'

export const detailsInWords: InWords<DetailsEvent> = {
  PersonalDetailsRecorded: ({ fieldCodes, provenance }) => `Recorded from ${provenance}: ${listed(fieldCodes)}.`,
  HealthDataRecorded: ({ fieldCodes, provenance }) => `Health data recorded from ${provenance}: ${listed(fieldCodes)}.`,
}
