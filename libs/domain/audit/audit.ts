import type { Aggregate, Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import {
  type AuditFindingAnswered,
  type AuditFindingClosed,
  type AuditFindingRaised,
  type AuditSampleDrawn,
  type AuditSampleFixed,
  type AuditWorkEvent,
} from './events.js'

export type Sample = Omit<DataOfEvent<typeof AuditSampleFixed>, 'auditId'> & {
  readonly drawn?: Pick<DataOfEvent<typeof AuditSampleDrawn>, 'seed' | 'population' | 'leaves'>
}
export type Finding = Omit<DataOfEvent<typeof AuditFindingRaised>, 'auditId'> & {
  readonly by: string
  readonly answered?: Omit<DataOfEvent<typeof AuditFindingAnswered>, 'auditId' | 'findingId'>
  readonly closed?: Omit<DataOfEvent<typeof AuditFindingClosed>, 'auditId' | 'findingId'>
}
/** What was done in one audit. The words stay sealed. */
export type Audit = { readonly samples: ReadonlyMap<string, Sample>; readonly findings: ReadonlyMap<string, Finding> }

const evolve: Evolve<Audit, AuditWorkEvent> = {
  AuditSampleFixed: (audit, { auditId: _, ...sample }) => ({ ...audit, samples: new Map(audit.samples).set(sample.sampleId, sample) }),
  AuditSampleDrawn: (audit, { sampleId, seed, population, leaves }) => ({
    ...audit,
    samples: changed(audit.samples, sampleId, { drawn: { seed, population, leaves } }),
  }),
  AuditFindingRaised: (audit, { auditId: _, ...finding }, { actor }) => ({
    ...audit,
    findings: new Map(audit.findings).set(finding.findingId, { ...finding, by: actor.id }),
  }),
  AuditFindingAnswered: (audit, { auditId: _, findingId, ...answered }) => ({
    ...audit,
    findings: changed(audit.findings, findingId, { answered }),
  }),
  AuditFindingClosed: (audit, { auditId: _, findingId, ...closed }) => ({
    ...audit,
    findings: changed(audit.findings, findingId, { closed }),
  }),
  AuditPackMade: audit => audit,
  AuditKeyCreated: audit => audit,
}
export const audit: Aggregate<Audit, AuditWorkEvent> = {
  category: 'audit',
  initial: { samples: new Map(), findings: new Map() },
  evolve,
  standing: 'NOBODY',
}

function changed<T>(all: ReadonlyMap<string, T>, id: string, change: Partial<T>): ReadonlyMap<string, T> {
  const one = all.get(id)
  return one ? new Map(all).set(id, { ...one, ...change }) : all
}
