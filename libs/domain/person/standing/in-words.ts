import type { InWords } from '#event-kit/in-words'
import type { StandingEvent } from './events.js'

const foreseen = (until: string | undefined) => (until === undefined ? '' : `, until ${until} as far as is known`)

export const standingInWords: InWords<StandingEvent> = {
  OffenderStatusSet: ({ status, from }) => `Offender status since ${from}: ${status}.`,
  CriminalJusticeOrderRecorded: ({ from, until }) => `Under an order of the criminal justice system since ${from}${foreseen(until)}.`,
  CriminalJusticeOrderEnded: ({ endedOn }) => `An order ended on ${endedOn}.`,
  PanelListingRecorded: ({ panel, from, until }) => `Listed with ${panel} since ${from}${foreseen(until)}.`,
  PanelListingEnded: ({ endedOn }) => `Listed with a panel until ${endedOn}.`,
  CjInterventionStarted: ({ from, until }) => `A criminal justice intervention began on ${from}${foreseen(until)}.`,
  CjInterventionEnded: ({ endedOn }) => `A criminal justice intervention ended on ${endedOn}.`,
  CustodyEventRecorded: ({ step, from }) => `${step === 'RELEASED' ? 'Release from custody' : 'Going into custody'} on ${from}.`,
  ReoffendingRiskAssessed: ({ level, from }) => `The risk of reoffending was assessed on ${from}: ${level}.`,
  SeriousRiskAssessed: ({ who, from }) => `Who is at serious risk was assessed on ${from}: ${who}.`,
  VulnerabilityRecorded: ({ from, until }) => `Vulnerable since ${from}${foreseen(until)}.`,
  VulnerabilityEnded: ({ endedOn }) => `A vulnerability ended on ${endedOn}.`,
  SafeguardingConcernRaised: ({ raisedAt }) => `A safeguarding concern was raised on ${raisedAt.slice(0, 10)}.`,
  SafeguardingConcernClosed: ({ closedAt, outcome }) => `A safeguarding concern was closed on ${closedAt.slice(0, 10)}: ${outcome}.`,
  DeathRecorded: ({ diedOn }) => `The person died on ${diedOn}.`,
  DeathCorrected: ({ diedOn }) => (diedOn === undefined ? 'The person lives: the death was a mistake.' : `The person died on ${diedOn}.`),
}
