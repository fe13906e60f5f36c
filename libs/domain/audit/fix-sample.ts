import { type At, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { audit } from './audit.js'
import { type Mandate, whyNotUnder } from './audits.js'
import { AuditSampleFixed } from './events.js'

export type FixSample = Omit<DataOfEvent<typeof AuditSampleFixed>, 'at' | 'checkpointSize'>
/**
 * `checkpointSize`: of the newest signed checkpoint, since what is signed cannot be rearranged any more; undefined while nothing is
 * signed.
 */
export type FixSampleFacts = { readonly mandate: Mandate | undefined; readonly checkpointSize: number | undefined }

/** First what is drawn from: nobody knows the seed yet, so nobody can have arranged what it will draw. */
export const fixSample = command({
  name: 'FixSample',
  clauses: [],
  says: 'Fix what a sample is drawn from: the newest signed checkpoint',
  aggregate: audit,
  streamId: ({ auditId }: FixSample) => auditId,
  capability: 'WORK_ON_AUDIT',
  purpose: 'AUDIT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'AUDIT_CLOSED', 'NOTHING_SIGNED'],
  decide:
    (fixed: FixSample, { mandate, checkpointSize, now }: FixSampleFacts & At) =>
    ({ samples }) => {
      const why = whyNotUnder(mandate, now)
      if (why) return refused(why)
      if (samples.has(fixed.sampleId)) return accept([])
      if (checkpointSize === undefined) return refused('NOTHING_SIGNED')
      return accept([AuditSampleFixed.of({ ...fixed, checkpointSize, at: now })])
    },
})
