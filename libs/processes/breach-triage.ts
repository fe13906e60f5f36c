import type { Commands } from '#commands/commands'
import { type StreamFolds, idOn } from '#commands/folds'
import { breach } from '#domain/breach/breach'
import { reportBreach } from '#domain/breach/report-breach'
import type { HubIncidentRaised } from '#domain/incident/events'
import { incident } from '#domain/incident/incident'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { Clock } from '#kernel/clock'
import { Personal } from '#kernel/personal'
import { takeStep } from './step.js'
import { NotYet, type Work } from './work.js'

export const breachTriageProcess = 'breach-triage'

type TriageServices = { readonly commands: Commands; readonly folds: StreamFolds; readonly clock: Clock }

/** An incident about information. */
export function triageBegunBy({ type, stream, data, meta }: DecodedEvent): Work | undefined {
  if (type !== 'HubIncidentRaised') return undefined
  const { breachId } = data as DataOfEvent<typeof HubIncidentRaised>
  return breachId === undefined ? undefined : { workId: breachId, stream, sourceEventId: meta.eventId }
}

/**
 * C39, C50: it is reported as a breach that is suspected, so that whoever responds to breaches looks at it. The report says nothing of the
 * incident, and names no event of it: they need not be its parties. Idempotent. @throws NotYet, StoreUnavailable
 */
export async function carryOutTriage(work: Work, { commands, folds, clock }: TriageServices): Promise<void> {
  const { raised } = (await folds.load(incident, idOn(incident, work.stream))).state
  if (raised?.breachId === undefined) throw new NotYet('the incident is not in the log')
  const { breachId, breachKind = 'CONFIDENTIALITY', raisedAt } = raised
  const report = reportBreach.decide(
    {
      breachId,
      kind: breachKind,
      discoveredAt: raisedAt,
      affected: [],
      categories: [],
      summary: Personal.of('It was reported, and nothing more was said here. The data protection officer knows more.'),
    },
    { now: clock.now() },
  )
  await takeStep(
    commands,
    breach,
    { workId: breachId, stream: `${breach.category}-${breachId}`, sourceEventId: breachId },
    { process: breachTriageProcess, name: 'report', purpose: 'BREACH_RESPONSE', art6: 'c' },
    report,
  )
}
