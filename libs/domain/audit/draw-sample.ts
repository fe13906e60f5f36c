import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type Mandate, whyNotUnder } from './audits.js'
import { AuditSampleDrawn } from './events.js'

export type DrawSample = Pick<DataOfEvent<typeof AuditSampleDrawn>, 'auditId' | 'sampleId' | 'seed'>
/** `drawn`: what the seed draws of the leaves that were signed when the sample was fixed; undefined while nothing is signed. */
export type DrawSampleFacts = {
  readonly mandate: Mandate | undefined
  readonly drawn: Pick<DataOfEvent<typeof AuditSampleDrawn>, 'population' | 'leaves'> | undefined
}

/** Then the seed, once: who has the headers of the ledger draws the same. */
export const drawSample = command({
  name: 'DrawSample',
  clauses: [],
  says: 'Draw it, by a seed that the auditor has thrown since',
  aggregate: audit,
  streamId: ({ auditId }: DrawSample) => auditId,
  capability: 'WORK_ON_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED', 'ALREADY_DECIDED', 'NOTHING_SIGNED'],
  decide:
    (seeded: DrawSample, { mandate, drawn, now }: DrawSampleFacts & At) =>
    ({ samples }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      const sample = samples.get(seeded.sampleId)
      if (!sample) return refused('NOT_FOUND')
      if (sample.drawn) return refused('ALREADY_DECIDED')
      return drawn ? accept([AuditSampleDrawn.of({ ...seeded, ...drawn, at: now })]) : refused('NOTHING_SIGNED')
    },
})
