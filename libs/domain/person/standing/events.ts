import { type EventOf, defineEvent } from '#event-kit/event'
import { code, date, happenedAt, id, optional, personal, subject } from '#event-kit/field'
import type { Scope } from '#event-kit/scope'

const ofFact = { subjectRef: subject('SubjectRef'), factId: id('FactId') }
const wordsIn = <const S extends Scope>(scope: S) => optional(personal.text('subjectRef', scope))
/** Since when it is so; until when, where that is known beforehand. What is known beside that is sealed. */
const begun = { ...ofFact, from: date(), until: optional(date()) }
/** The last day on which it was so. */
const ended = { ...ofFact, endedOn: date() }

/** Convicted, convicted once, only alleged (DPA 2018 s.11(2)), or none of these. */
export const offenderStatuses = ['OFFENDER', 'EX_OFFENDER', 'ALLEGED', 'NONE'] as const
export type OffenderStatus = (typeof offenderStatuses)[number]
export const OffenderStatusSet = defineEvent('OffenderStatusSet', {
  ...ofFact,
  from: date(),
  status: code(...offenderStatuses),
  words: wordsIn('CRM'),
})

export const CriminalJusticeOrderRecorded = defineEvent('CriminalJusticeOrderRecorded', { ...begun, words: wordsIn('CRM') })
export const CriminalJusticeOrderEnded = defineEvent('CriminalJusticeOrderEnded', { ...ended, words: wordsIn('CRM') })

/** As the recipient matrix calls them: who is listed with one is not therefore listed with the other. */
export const panels = ['MARAC', 'MAPPA'] as const
export type Panel = (typeof panels)[number]
export const PanelListingRecorded = defineEvent('PanelListingRecorded', { ...begun, panel: code(...panels), words: wordsIn('RISK') })
export const PanelListingEnded = defineEvent('PanelListingEnded', { ...ended, words: wordsIn('RISK') })

export const CjInterventionStarted = defineEvent('CjInterventionStarted', { ...begun, words: wordsIn('CRM') })
export const CjInterventionEnded = defineEvent('CjInterventionEnded', { ...ended, words: wordsIn('CRM') })

export const custodySteps = ['RELEASED', 'INTO_CUSTODY'] as const
export type CustodyStep = (typeof custodySteps)[number]
/** C29: that somebody was released, or goes into custody, and on which day; it may lie ahead. It has no end: it is one day. */
export const CustodyEventRecorded = defineEvent('CustodyEventRecorded', {
  ...ofFact,
  from: date(),
  step: code(...custodySteps),
  words: wordsIn('CRM'),
})

export const riskLevels = ['LOW', 'MEDIUM', 'HIGH'] as const
export type RiskLevel = (typeof riskLevels)[number]
/** C20: the newest counts, and ends the one before. */
export const ReoffendingRiskAssessed = defineEvent('ReoffendingRiskAssessed', {
  ...ofFact,
  from: date(),
  level: code(...riskLevels),
  words: personal.text('subjectRef', 'RISK'),
})
export const atRisk = ['THEMSELVES', 'OTHERS', 'BOTH', 'NOBODY'] as const
export type AtRisk = (typeof atRisk)[number]
/** C25: NOBODY ends what was assessed before. */
export const SeriousRiskAssessed = defineEvent('SeriousRiskAssessed', {
  ...ofFact,
  from: date(),
  who: code(...atRisk),
  words: personal.text('subjectRef', 'RISK'),
})
export const VulnerabilityRecorded = defineEvent('VulnerabilityRecorded', { ...begun, words: personal.text('subjectRef', 'RISK') })
export const VulnerabilityEnded = defineEvent('VulnerabilityEnded', { ...ended, words: wordsIn('RISK') })

/** C21: whoever says so. The words are not kept of somebody who was erased: there is no key for them. */
export const SafeguardingConcernRaised = defineEvent('SafeguardingConcernRaised', {
  ...ofFact,
  raisedAt: happenedAt(),
  words: wordsIn('RISK'),
})
export const concernOutcomes = ['REFERRED', 'NO_FURTHER_ACTION', 'UNFOUNDED'] as const
export type ConcernOutcome = (typeof concernOutcomes)[number]
export const SafeguardingConcernClosed = defineEvent('SafeguardingConcernClosed', {
  ...ofFact,
  closedAt: happenedAt(),
  outcome: code(...concernOutcomes),
  words: wordsIn('RISK'),
})

export const DeathRecorded = defineEvent('DeathRecorded', { ...ofFact, diedOn: date(), learntAt: happenedAt(), words: wordsIn('NARR') })
/** Another day, or, without one, that the person lives. */
export const DeathCorrected = defineEvent('DeathCorrected', { ...ofFact, diedOn: optional(date()), words: wordsIn('NARR') })

export const standingEvents = [
  OffenderStatusSet,
  CriminalJusticeOrderRecorded,
  CriminalJusticeOrderEnded,
  PanelListingRecorded,
  PanelListingEnded,
  CjInterventionStarted,
  CjInterventionEnded,
  CustodyEventRecorded,
  ReoffendingRiskAssessed,
  SeriousRiskAssessed,
  VulnerabilityRecorded,
  VulnerabilityEnded,
  SafeguardingConcernRaised,
  SafeguardingConcernClosed,
  DeathRecorded,
  DeathCorrected,
] as const
export type StandingEvent = EventOf<(typeof standingEvents)[number]>
