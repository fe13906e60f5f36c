import { type InWords, listed } from '#event-kit/in-words'
import type { DetailsEvent } from './events.js'

export const detailsInWords: InWords<DetailsEvent> = {
  PersonalDetailsRecorded: ({ fieldCodes, provenance }) => `Recorded from ${provenance}: ${listed(fieldCodes)}.`,
  PersonalDetailsCorrected: ({ fieldCodes, provenance }) => `Corrected, by what ${provenance} said: ${listed(fieldCodes)}.`,
  DemographicsRecorded: ({ fieldCodes, provenance }) => `Recorded for equality monitoring, from ${provenance}: ${listed(fieldCodes)}.`,
  DemographicDeclined: ({ fieldCodes }) => `The person would rather not say: ${listed(fieldCodes)}.`,
  EqualityOptOutReceived: ({ channel, receivedAt }) =>
    `The person wants no equality monitoring, said by ${channel} on ${receivedAt.slice(0, 10)}.`,
  EqualityOptOutEnded: ({ channel, saidAt }) =>
    `The person agrees to equality monitoring again, said by ${channel} on ${saidAt.slice(0, 10)}.`,
  OffenceDataRecorded: ({ fieldCodes, provenance, condition }) =>
    `Offence data recorded from ${provenance} on Schedule 1 ${condition}: ${listed(fieldCodes)}.`,
  RecordedInError: ({ withdrawn }) => `What ${withdrawn} says was recorded in error.`,
  HealthDataRecorded: ({ fieldCodes, provenance }) => `Health data recorded from ${provenance}: ${listed(fieldCodes)}.`,
}
