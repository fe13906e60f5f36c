import { daysAfter, londonDate } from '#calendar/statutory-periods'
import type { Evolve, Meta } from '#decider/decider'
import type { KeyEvent } from '#event-kit/key-events'
import { type Category, scopeOfCategory } from '#event-kit/scope'
import { isEarlier } from '#kernel/instants'
import type { DetailsEvent } from '../details/events.js'
import type { AtRisk, OffenderStatus, RiskLevel, StandingEvent } from './events.js'

/** What can stand about somebody, and which category of data each is: who may see it, and with which scope it is erased. */
export const factKinds = {
  OFFENDER_STATUS: 'CRM',
  CJ_ORDER: 'CJ',
  PANEL: 'RSK',
  CJ_INTERVENTION: 'CJ',
  CUSTODY: 'CJ',
  REOFFENDING_RISK: 'RSK',
  SERIOUS_RISK: 'RSK',
  VULNERABILITY: 'RSK',
  SAFEGUARDING_CONCERN: 'SG',
  DEATH: 'ID',
} as const satisfies Readonly<Record<string, Category>>
export type FactKind = keyof typeof factKinds

/** One fact, as the rules ask about it: in the clear. What is known of it in words is sealed in its events. */
export type StandingFact = {
  readonly kind: FactKind
  /** The event that says so; and the one that ended it. */
  readonly eventId: string
  readonly endEventId?: string
  /** A day; of a concern the moment at which it was raised. */
  readonly from: string
  /** The last day, as it was known beforehand. */
  readonly until?: string | undefined
  /** The last day, or of a concern the moment, as it was. */
  readonly endedOn?: string
  /** The code of the fact: which status, panel, step or level. */
  readonly says?: string
  /** Of the event: of two of one day the later counts. */
  readonly revision: number
}
/** By factId. */
export type StandingFacts = Readonly<Record<string, StandingFact>>
export const noFacts: StandingFacts = {}

export type FactEvent = StandingEvent | Extract<KeyEvent, { type: 'ErasureFenced' }> | Extract<DetailsEvent, { type: 'RecordedInError' }>

type Begun = { readonly factId: string; readonly from: string; readonly until?: string | undefined }
const begins =
  <D extends Begun>(kind: FactKind, says: (data: D) => string | undefined = () => undefined) =>
  (facts: StandingFacts, data: D, { eventId, revision }: Meta): StandingFacts => {
    const code = says(data)
    const { from, until } = data
    const fact = { kind, eventId, revision: Number(revision), from, ...(until ? { until } : {}), ...(code ? { says: code } : {}) }
    return { ...facts, [data.factId]: fact }
  }
const change = (facts: StandingFacts, factId: string, more: Partial<StandingFact>): StandingFacts => {
  const was = facts[factId]
  return was ? { ...facts, [factId]: { ...was, ...more } } : facts
}
const ends = (facts: StandingFacts, { factId, endedOn }: { readonly factId: string; readonly endedOn: string }, { eventId }: Meta) =>
  change(facts, factId, { endedOn, endEventId: eventId })

const kept = (facts: StandingFacts, stays: (fact: StandingFact, factId: string) => boolean): StandingFacts =>
  Object.fromEntries(Object.entries(facts).filter(([factId, fact]) => stays(fact, factId)))

/** Its end is withdrawn: it goes on. */
function goesOn({ endedOn: _, endEventId: __, ...fact }: StandingFact): StandingFact {
  return fact
}
const withoutEnd = (facts: StandingFacts, withdrawn: string): StandingFacts =>
  Object.fromEntries(Object.entries(facts).map(([factId, fact]) => [factId, fact.endEventId === withdrawn ? goesOn(fact) : fact]))

/** The one fold for decisions and for the case view. */
export const evolveStanding: Evolve<StandingFacts, FactEvent> = {
  OffenderStatusSet: begins('OFFENDER_STATUS', ({ status }) => status),
  CriminalJusticeOrderRecorded: begins('CJ_ORDER'),
  CriminalJusticeOrderEnded: ends,
  PanelListingRecorded: begins('PANEL', ({ panel }) => panel),
  PanelListingEnded: ends,
  CjInterventionStarted: begins('CJ_INTERVENTION'),
  CjInterventionEnded: ends,
  CustodyEventRecorded: begins('CUSTODY', ({ step }) => step),
  ReoffendingRiskAssessed: begins('REOFFENDING_RISK', ({ level }) => level),
  SeriousRiskAssessed: begins('SERIOUS_RISK', ({ who }) => who),
  VulnerabilityRecorded: begins('VULNERABILITY'),
  VulnerabilityEnded: ends,
  SafeguardingConcernRaised: (facts, { factId, raisedAt }, meta) => begins('SAFEGUARDING_CONCERN')(facts, { factId, from: raisedAt }, meta),
  SafeguardingConcernClosed: (facts, { factId, closedAt }, meta) => ends(facts, { factId, endedOn: closedAt }, meta),
  DeathRecorded: (facts, { factId, diedOn }, meta) => begins('DEATH')(facts, { factId, from: diedOn }, meta),
  DeathCorrected: (facts, { factId, diedOn }, { eventId }) =>
    diedOn === undefined ? kept(facts, (_, one) => one !== factId) : change(facts, factId, { from: diedOn, eventId }),
  RecordedInError: (facts, { withdrawn }) =>
    withoutEnd(
      kept(facts, ({ eventId }) => eventId !== withdrawn),
      withdrawn,
    ),
  // Nobody is called again because part of their record was erased.
  ErasureFenced: (facts, { scopes }) => kept(facts, ({ kind }) => kind === 'DEATH' || !scopes.includes(scopeOfCategory[factKinds[kind]])),
}

const ofKind = (facts: StandingFacts, kind: FactKind) => Object.values(facts).filter(fact => fact.kind === kind)
/** Whether it is so on a day: the day on which it ends is its last. */
const standsOn = ({ from, until, endedOn }: StandingFact, day: string) =>
  from <= day && (until === undefined || day <= until) && (endedOn === undefined || day <= endedOn)

/** Whether a fact of this kind stands at a moment, by the days of London. */
export const stands = (facts: StandingFacts, kind: 'CJ_ORDER' | 'CJ_INTERVENTION' | 'VULNERABILITY', at: string) =>
  ofKind(facts, kind).some(fact => standsOn(fact, londonDate(at)))
export const isListedWith = (facts: StandingFacts, panel: string, at: string) =>
  ofKind(facts, 'PANEL').some(fact => fact.says === panel && standsOn(fact, londonDate(at)))

const isNewer = (one: StandingFact, other: StandingFact) =>
  one.from > other.from || (one.from === other.from && one.revision > other.revision)
/** What was so last, by that moment where one is given; of one day what was recorded last. */
function newest(facts: StandingFacts, kind: 'OFFENDER_STATUS' | 'REOFFENDING_RISK' | 'SERIOUS_RISK', at?: string): string | undefined {
  const come = ofKind(facts, kind).filter(({ from }) => at === undefined || from <= londonDate(at))
  return come.reduce<StandingFact | undefined>((last, fact) => (last && isNewer(last, fact) ? last : fact), undefined)?.says
}
/** C20: by the newest assessment. */
export const isHighRiskOfReoffending = (facts: StandingFacts, at: string) =>
  (newest(facts, 'REOFFENDING_RISK', at) as RiskLevel | undefined) === 'HIGH'
/** C25: who is at serious risk, by the newest assessment. */
export const seriousRiskIn = (facts: StandingFacts, at?: string) => newest(facts, 'SERIOUS_RISK', at) as AtRisk | undefined

/** C09: alleged, convicted, or convicted once. Nobody else's offence data is recorded. */
export const hasOffenderStatus = (facts: StandingFacts, at: string) =>
  ((newest(facts, 'OFFENDER_STATUS', at) as OffenderStatus | undefined) ?? 'NONE') !== 'NONE'

/** The same whenever it was. */
export const wasOffender = (facts: StandingFacts) => ofKind(facts, 'OFFENDER_STATUS').some(({ says }) => says !== 'NONE')

/** Concerns that nobody had closed by a moment. */
export const openConcerns = (facts: StandingFacts, at: string) =>
  ofKind(facts, 'SAFEGUARDING_CONCERN').filter(
    ({ from, endedOn }) => !isEarlier(at, from) && (endedOn === undefined || isEarlier(at, endedOn)),
  )

/** C28: somebody is in danger or a danger, is vulnerable, or there is a concern that is open. */
export const hasRiskBasis = (facts: StandingFacts, at: string) =>
  (seriousRiskIn(facts, at) ?? 'NOBODY') !== 'NOBODY' || stands(facts, 'VULNERABILITY', at) || openConcerns(facts, at).length > 0

/** C29: how far back a release, and how far ahead custody, lets somebody be told. */
const custodyDays = { past: 90, ahead: 30 } as const
export const hasCustodyTrigger = (facts: StandingFacts, at: string) => {
  const day = londonDate(at)
  return ofKind(facts, 'CUSTODY').some(({ from }) => daysAfter(from, -custodyDays.ahead) <= day && day <= daysAfter(from, custodyDays.past))
}

export type Death = StandingFact & { readonly factId: string }
export function deathIn(facts: StandingFacts): Death | undefined {
  const [found] = Object.entries(facts).filter(([, { kind }]) => kind === 'DEATH')
  return found && { factId: found[0], ...found[1] }
}
