import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { type Refusal, refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Audit } from './audit.js'
import { AuditFindingAnswered, AuditFindingClosed, AuditFindingRaised, type AuditWorkEvent } from './events.js'

export const raiseFinding =
  (raised: DataOfEvent<typeof AuditFindingRaised>): Decision<Audit, AuditWorkEvent, never> =>
  ({ findings }) =>
    accept(findings.has(raised.findingId) ? [] : [AuditFindingRaised.of(raised)])

export const decidedFindingRefusals = ['NOT_FOUND', 'ALREADY_DECIDED'] as const
type DecidedRefusal = Refusal<(typeof decidedFindingRefusals)[number]>

/** The service answers, as often as it has something to say, until the finding is closed. */
export const answerFinding =
  (answered: DataOfEvent<typeof AuditFindingAnswered>): Decision<Audit, AuditWorkEvent, DecidedRefusal> =>
  ({ findings }) => {
    const finding = findings.get(answered.findingId)
    if (!finding) return refused('NOT_FOUND')
    return finding.closed ? refused('ALREADY_DECIDED') : accept([AuditFindingAnswered.of(answered)])
  }

export const closeFinding =
  (closed: DataOfEvent<typeof AuditFindingClosed>): Decision<Audit, AuditWorkEvent, DecidedRefusal> =>
  ({ findings }) => {
    const finding = findings.get(closed.findingId)
    if (!finding) return refused('NOT_FOUND')
    return finding.closed ? refused('ALREADY_DECIDED') : accept([AuditFindingClosed.of(closed)])
  }
