import type { Decision, Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { Actor } from '#kernel/actor'
import type { AuditId } from '#kernel/id'
import { type Refusal, refused } from '#kernel/refusals'
import { type Result, accept } from '#kernel/result'
import { AuditClosed, AuditOpened, type AuditRegisterEvent, type ClosingReason } from './events.js'

export type Mandate = Omit<DataOfEvent<typeof AuditOpened>, 'at'> & { readonly closedAt?: string }
/** Every audit that was ever opened: one stream, so that who may read is never a question to a read model. */
export type Audits = ReadonlyMap<string, Mandate>

const evolve: Evolve<Audits, AuditRegisterEvent> = {
  AuditOpened: (audits, { at: _, ...mandate }) => new Map(audits).set(mandate.auditId, mandate),
  AuditClosed: (audits, { auditId, at }) => {
    const mandate = audits.get(auditId)
    return mandate ? new Map(audits).set(auditId, { ...mandate, closedAt: at }) : audits
  },
}
export const audits = { category: 'audits', initial: new Map() as Audits, evolve } as const

export const openAuditRefusals = ['SELF_APPROVAL_FORBIDDEN', 'AUDIT_PERIOD_INVALID'] as const
export type OpenAuditRefusal = (typeof openAuditRefusals)[number]
/** C37, C38: nobody opens an audit for themselves; it ends by itself. */
export const openAudit =
  (asked: Mandate, by: Actor, now: string): Decision<Audits, AuditRegisterEvent, Refusal<OpenAuditRefusal>> =>
  known => {
    if (known.has(asked.auditId)) return accept([])
    if (asked.auditors.includes(by.id)) return refused('SELF_APPROVAL_FORBIDDEN')
    if (asked.from >= asked.to || asked.expiresAt <= now || (asked.scope === 'ALL') !== (asked.subjects.length === 0))
      return refused('AUDIT_PERIOD_INVALID')
    return accept([AuditOpened.of({ ...asked, at: now })])
  }

export const closeAudit =
  (auditId: AuditId, reason: ClosingReason, now: string): Decision<Audits, AuditRegisterEvent, Refusal<'NOT_FOUND'>> =>
  known => {
    const mandate = known.get(auditId)
    if (!mandate) return refused('NOT_FOUND')
    return accept(mandate.closedAt === undefined ? [AuditClosed.of({ auditId, reason, at: now })] : [])
  }

export const isOpen = ({ closedAt, expiresAt }: Mandate, now: string) => closedAt === undefined && now < expiresAt

/** The audit that an auditor reads under: the one that they name, or the only open one that names them. */
export function mandateOf(
  known: Audits,
  auditor: string,
  named: string | undefined,
  now: string,
): Result<Mandate, Refusal<'AUDIT_REQUIRED'>> {
  const theirs = [...known.values()].filter(one => one.auditors.includes(auditor as never) && isOpen(one, now))
  const [mandate, another] = named === undefined ? theirs : theirs.filter(({ auditId }) => auditId === named)
  return mandate && !another ? { ok: true, value: mandate } : refused('AUDIT_REQUIRED')
}

/** Whether something about these people, or without any about everybody, is within an audit's scope. */
export const isWithin = ({ scope, subjects }: Pick<Mandate, 'scope' | 'subjects'>, subjectRef: string | undefined) =>
  scope === 'ALL' || (subjectRef !== undefined && subjects.includes(subjectRef as never))
