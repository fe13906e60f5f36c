import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { StreamFolds } from '#commands/folds'
import { type Mandate, audits, isWithin, mandateOf } from '#domain/audit/audits'
import type { Clock } from '#kernel/clock'
import type { RefusalCode } from '#kernel/refusals'
import { auditKey, type UnderAuditRule } from './door.js'
import { refusedAs } from './problems.js'
import { type AuthenticatedRequest, type DeniedReader, type StaffActor, subjectIn } from './request.js'

/** A read of an auditor, before it is answered. */
export type AuditedRead = {
  readonly actor: StaffActor
  readonly correlationId: string
  readonly sourceAddress: string | undefined
  readonly auditId: Mandate['auditId']
  readonly door: string
  readonly subjectRef: string | undefined
}
type Ears = {
  /** Puts the read on record. What it throws keeps the read from being answered. */
  readonly read: (read: AuditedRead) => Promise<void>
  readonly denied: (by: DeniedReader, code: RefusalCode, subjectRef?: string) => void
}

/**
 * C37: an auditor reads under an open audit that names them, within its scope, and every read is on record before it is answered. Comes
 * after `StaffOnly`.
 */
@Injectable()
export class UnderAudit implements CanActivate {
  readonly #reflector = new Reflector()

  constructor(
    private readonly folds: StreamFolds,
    private readonly clock: Clock,
    private readonly ears: Ears,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>()
    const { actor, correlationId, sourceAddress } = request
    const rule = this.#reflector.get<UnderAuditRule | undefined>(auditKey, context.getHandler())
    if (actor?.role !== 'auditor' || rule === 'NOT_NEEDED') return true
    const subjectRef = subjectIn(request)
    const refuse = (code: RefusalCode) => {
      this.ears.denied({ actor, correlationId, sourceAddress }, code, subjectRef)
      return refusedAs(code)
    }
    const { auditId: inPath } = request.params as { readonly auditId?: string }
    const named = inPath ?? request.headers['audit-id']
    const { state } = await this.folds.load(audits, 'main')
    const found = mandateOf(state, actor.id, typeof named === 'string' ? named.toLowerCase() : undefined, this.clock.now())
    if (!found.ok) throw refuse(found.refusal.code)
    request.audit = found.value
    if (rule === 'BY_DOOR') return true
    if (inPath === undefined && !isWithin(found.value, subjectRef)) throw refuse('AUDIT_SCOPE_EXCEEDED')
    await this.ears.read({
      actor,
      correlationId,
      sourceAddress,
      auditId: found.value.auditId,
      door: `${context.getClass().name.replace(/Controller$/, '')}.${context.getHandler().name}`,
      subjectRef,
    })
    return true
  }
}
