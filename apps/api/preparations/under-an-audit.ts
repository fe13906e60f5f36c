import { Injectable } from '@nestjs/common'
import type { UnderAudit } from '#domain/audit/audits'
import type { DrawSample, DrawSampleFacts } from '#domain/audit/draw-sample'
import type { FixSampleFacts } from '#domain/audit/fix-sample'
import type { AuditId } from '#kernel/id'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { AuditWork } from '../audit-work.js'

type OfAudit = { readonly auditId: AuditId }

/** The audit under which something is done. */
@Injectable()
export class TheMandate<B> implements Preparation<OfAudit, B, UnderAudit> {
  constructor(private readonly work: AuditWork) {}

  async prepare({ input: { auditId } }: ToPrepare<OfAudit, B>) {
    return { mandate: await this.work.known(auditId) }
  }
}

/** The audit, and what is signed by now. */
@Injectable()
export class TheNewestCheckpoint<B> implements Preparation<OfAudit, B, FixSampleFacts> {
  constructor(private readonly work: AuditWork) {}

  async prepare({ input: { auditId } }: ToPrepare<OfAudit, B>) {
    const [mandate, checkpointSize] = await Promise.all([this.work.known(auditId), this.work.checkpointSize()])
    return { mandate, checkpointSize }
  }
}

/** The audit, and what the seed draws: the leaves that were drawn before, where it was. */
@Injectable()
export class TheDraw<B> implements Preparation<DrawSample, B, DrawSampleFacts> {
  constructor(private readonly work: AuditWork) {}

  async prepare({ input: { auditId, sampleId, seed } }: ToPrepare<DrawSample, B>) {
    const [mandate, { samples }] = await Promise.all([this.work.known(auditId), this.work.work(auditId)])
    const sample = samples.get(sampleId)
    return { mandate, drawn: mandate && sample && (sample.drawn ?? (await this.work.drawn(mandate, sample, seed))) }
  }
}
