import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { type Refusal, refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Audit } from './audit.js'
import { AuditSampleDrawn, AuditSampleFixed, type AuditWorkEvent } from './events.js'

/** First what is drawn from: nobody knows the seed yet, so nobody can have arranged what it will draw. */
export const fixSample =
  (fixed: DataOfEvent<typeof AuditSampleFixed>): Decision<Audit, AuditWorkEvent, never> =>
  ({ samples }) =>
    accept(samples.has(fixed.sampleId) ? [] : [AuditSampleFixed.of(fixed)])

export const drawSampleRefusals = ['NOT_FOUND', 'ALREADY_DECIDED'] as const
/** Then the seed, once. */
export const drawSample =
  (drawn: DataOfEvent<typeof AuditSampleDrawn>): Decision<Audit, AuditWorkEvent, Refusal<(typeof drawSampleRefusals)[number]>> =>
  ({ samples }) => {
    const sample = samples.get(drawn.sampleId)
    if (!sample) return refused('NOT_FOUND')
    return sample.drawn ? refused('ALREADY_DECIDED') : accept([AuditSampleDrawn.of(drawn)])
  }
